import type { CameraList, CameraTest, ListedCamera } from '../../../../src/server/camera-answers.ts'
import type { ApiError } from '../../shell/api.ts'
import type { CreatePage } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { askForCamera } from './camera-form.ts'
import { type CameraRow, createCameraRow } from './camera-row.ts'
import { testResult } from './test-result.ts'

/** Figures are of the last ten seconds. */
const askEveryMs = 2000

/** Every camera: how it does, and what can be done with it. `#/cameras/door` shows that one. */
export const createCamerasPage: CreatePage = (context) => {
  const { api, say, ask, may, onEvent, site } = context
  const rows = new Map<string, CameraRow>()
  let wanted: string | null = null
  let stop: (() => void)[] = []
  let asked = 0

  const list = element('ul', { class: 'camera-list', 'aria-label': 'Cameras' })
  const notes = element('div', { class: 'camera-notes' })
  const status = element('div', { role: 'status' })
  const add = button(
    'Add a camera',
    () => void askForCamera(context).then((name) => name && done(`${name} is added.`, name)),
    {
      class: 'button primary add-camera',
    },
  )
  const page = element(
    'section',
    { class: 'page cameras', 'aria-label': 'Cameras' },
    element('div', { class: 'page-head' }, element('h2', {}, 'Cameras'), add),
    notes,
    list,
    status,
  )

  const done = (words: string, name: string | null = null): void => {
    say(words)
    wanted = name
    void load()
  }
  const pathOf = ({ camera }: ListedCamera): string => `/api/cameras/${encodeURIComponent(camera)}`
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      const { message, remedy } = error as ApiError
      say(`${message}. ${remedy}`, { bad: true })
    }
  }
  const pause = async (camera: ListedCamera, isPaused: boolean): Promise<void> => {
    await api.post(`${pathOf(camera)}/${isPaused ? 'pause' : 'resume'}`)
    await load()
  }
  const acts = {
    edit: (camera: ListedCamera) =>
      void askForCamera(context, camera).then((name) => name && done(`${name} is changed.`)),
    test: (camera: ListedCamera) => void attempt(() => test(camera)),
    pause: (camera: ListedCamera) =>
      void attempt(async () => {
        const isPaused = !camera.paused
        await pause(camera, isPaused)
        const undo = () => pause(camera, !isPaused)
        say(`${camera.camera} ${isPaused ? 'is paused' : 'goes on'}.`, { undo })
      }),
    remove: (camera: ListedCamera) => void attempt(() => remove(camera)),
  }
  const test = async (camera: ListedCamera): Promise<void> => {
    say(`${camera.camera} is opened: this takes some seconds …`)
    const found = await api.post<CameraTest>('/api/cameras/test', { camera: camera.camera })
    await ask({ title: `Test of ${camera.camera}`, body: testResult(found), confirm: 'Close' })
  }
  const remove = async (camera: ListedCamera): Promise<void> => {
    const name = camera.camera
    const body = `${name} is closed and forgotten, with its address and password. People who were seen there stay, and so do their visits.`
    if (!(await ask({ title: `Remove ${name}?`, body, confirm: `Remove ${name}`, danger: true }))) return
    await api.delete(pathOf(camera))
    done(`${name} is removed.`)
    add.focus()
  }

  const show = ({ cameras, file, kept, problems }: CameraList): void => {
    const mayChange = may('operate')
    for (const camera of cameras) {
      const row = rows.get(camera.camera) ?? createCameraRow(camera.camera, acts)
      rows.set(camera.camera, row)
      row.update(camera, file, mayChange, site.nowMs())
      if (row.element.parentElement === null) list.append(row.element)
    }
    for (const [name, row] of rows)
      if (!cameras.some(({ camera }) => camera === name)) {
        row.element.remove()
        rows.delete(name)
      }
    add.disabled = !mayChange
    add.title = mayChange ? '' : 'Your token may look, not change cameras (scope operate).'
    const words = [
      ...problems,
      ...(kept
        ? []
        : ['Cameras that are added last as long as this run: there is no state directory, or it cannot be used.']),
    ]
    if (notes.dataset.words !== words.join('\n')) {
      notes.dataset.words = words.join('\n')
      notes.replaceChildren(...words.map((each) => element('p', {}, each)))
    }
    status.replaceChildren(...(cameras.length === 0 ? [emptyState('There is no camera yet. Add the first one.')] : []))
    if (wanted !== null) {
      const row = rows.get(wanted)?.element
      wanted = null
      row?.scrollIntoView({ block: 'nearest' })
      row?.focus({ preventScroll: true })
    }
  }
  const load = async (): Promise<void> => {
    const mine = ++asked
    try {
      const answer = await api.get<CameraList>('/api/cameras')
      if (mine === asked) show(answer)
    } catch (error) {
      const { message, remedy } = error as ApiError
      // The banner tells of a lost connection, and what was known stays.
      if (mine === asked && rows.size === 0)
        status.replaceChildren(
          emptyState(
            `${message}. ${remedy}`,
            button('Try again', () => void load()),
          ),
        )
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
      stop = [() => clearInterval(timer), off]
    },
    hide: () => {
      asked += 1
      for (const each of stop) each()
      stop = []
    },
  }
}
