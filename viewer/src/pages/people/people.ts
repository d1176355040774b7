import type { CreatePage } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'

/** The page `people`. */
export const createPeoplePage: CreatePage = () => ({
  element: element(
    'section',
    { class: 'page people', 'aria-label': 'People' },
    element('h2', {}, 'People'),
    emptyState('Nothing here yet.'),
  ),
  show: () => undefined,
  hide: () => undefined,
})
