import type { CreatePage } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'

/** The page `cameras`. */
export const createCamerasPage: CreatePage = () => ({
  element: element(
    'section',
    { class: 'page cameras', 'aria-label': 'Cameras' },
    element('h2', {}, 'Cameras'),
    emptyState('Nothing here yet.'),
  ),
  show: () => undefined,
  hide: () => undefined,
})
