import type { CreatePage } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'

/** The page `person`. */
export const createPersonPage: CreatePage = () => ({
  element: element(
    'section',
    { class: 'page person', 'aria-label': 'Person' },
    element('h2', {}, 'Person'),
    emptyState('Nothing here yet.'),
  ),
  show: () => undefined,
  hide: () => undefined,
})
