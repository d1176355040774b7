import type { CreatePage } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'

/** The page `review`. */
export const createReviewPage: CreatePage = () => ({
  element: element(
    'section',
    { class: 'page review', 'aria-label': 'Review' },
    element('h2', {}, 'Review'),
    emptyState('Nothing here yet.'),
  ),
  show: () => undefined,
  hide: () => undefined,
})
