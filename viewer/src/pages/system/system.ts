import type { CreatePage } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'

/** The page `system`. */
export const createSystemPage: CreatePage = () => ({
  element: element(
    'section',
    { class: 'page system', 'aria-label': 'System' },
    element('h2', {}, 'System'),
    emptyState('Nothing here yet.'),
  ),
  show: () => undefined,
  hide: () => undefined,
})
