import type { CameraList } from '../../../../src/server/camera-answers.ts'
import { errorWords } from '../../shell/api.ts'
import type { CreatePage } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { addCamera, createCameraActs } from './camera-acts.ts'
import { createCameraRows } from './camera-list.ts'
import { createStills } from './stills.ts'

/** Figures are of the last ten seconds. */
const askEveryMs = 2000

/** Every camera: its picture, how it does, and what can be done with it. `#/cameras/door` shows that one. */
export const createCamerasPage: CreatePage = (context) => {
  const { api, may, onEvent, client } = context
  let wanted: string | null = null
  let stop: (() => void)[] = []
  let asked = 0

  const loadAt = (name: string): void => {
    wanted = name
    void load()
  }
  const after = { load: () => load(), loadAt, onRemoved: () => add.focus() }
  const add = button('Add a camera', () => void addCamera(context, after), { class: 'button primary add-camera' })
  const rows = createCameraRows(context, createCameraActs(context, after))
  const stills = createStills(client, rows.showStill)
  const status = element('div', { role: 'status' })
  const page = element(
    'section',
    { class: 'page cameras', 'aria-label': 'Cameras' },
    element('div', { class: 'page-head' }, element('h2', {}, 'Cameras'), add),
    ...rows.elements,
    status,
  )

  const show = (list: CameraList): void => {
    rows.show(list)
    stills.ask(list.cameras.filter(({ paused, state }) => !paused && state !== 'offline').map(({ camera }) => camera))
    add.disabled = !may('operate')
    add.title = may('operate') ? '' : 'Your token may look, not change cameras (scope operate).'
    status.replaceChildren(...(rows.isEmpty() ? [emptyState('There is no camera yet. Add the first one.')] : []))
    if (wanted === null) return
    rows.focus(wanted)
    wanted = null
  }
  const load = async (): Promise<void> => {
    const mine = ++asked
    try {
      const answer = await api.get<CameraList>('/api/cameras')
      if (mine === asked) show(answer)
    } catch (error) {
      // The banner tells of a lost connection, and what was known stays.
      if (mine !== asked || !rows.isEmpty()) return
      const again = button('Try again', () => void load())
      status.replaceChildren(emptyState(errorWords(error), again))
    }
  }
  return {
    element: page,
    show: ([name]) => {
      wanted = name ?? null
      void load()
      if (stop.length > 0) return
      const timer = setInterval(() => {
        if (!document.hidden) void load()
      }, askEveryMs)
      const off = onEvent((event) => {
        if (event.type.startsWith('rollcall.camera.')) void load()
      })
      stop = [() => clearInterval(timer), off, stills.stop]
    },
    hide: () => {
      asked += 1
      for (const each of stop) each()
      stop = []
    },
  }
}
