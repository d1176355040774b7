import type { CreatePage } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'

/** The page `events`. */
export const createEventsPage: CreatePage = () => ({
  element: element(
    'section',
    { class: 'page events', 'aria-label': 'Events' },
    element('h2', {}, 'Events'),
    emptyState('Nothing here yet.'),
  ),
  show: () => undefined,
  hide: () => undefined,
})
