import type { CameraTest, ListedCamera } from '../../../../src/server/camera-answers.ts'
import { errorWords } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { openPanelDialog } from '../../ui/panel-dialog.ts'
import { askForCamera } from './camera-form.ts'
import type { RowActs } from './camera-row.ts'
import { testResult } from './test-result.ts'

/** What the page does after an act. */
export interface AfterAct {
  /** The list is read anew. */
  readonly load: () => Promise<void>
  /** The same, and the camera of this name is brought into view. */
  readonly loadAt: (name: string) => void
  /** The focus has to go somewhere: its button is gone. */
  readonly onRemoved: () => void
}

const pathOf = ({ camera }: ListedCamera): string => `/api/cameras/${encodeURIComponent(camera)}`

/** Asks for a new camera and adds it. */
export const addCamera = async (context: PageContext, { loadAt }: AfterAct): Promise<void> => {
  const name = await askForCamera(context)
  if (name === null) return
  context.say(`${name} is added.`)
  loadAt(name)
}

/** What can be done with a camera that is there. What fails is said in a toast. They need the scope `operate`. */
export const createCameraActs = (context: PageContext, { load, onRemoved }: AfterAct): RowActs => {
  const { api, say, ask } = context
  const attempt = async (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => say(errorWords(error), { bad: true }))

  const edit = async (camera: ListedCamera): Promise<void> => {
    const name = await askForCamera(context, camera)
    if (name === null) return
    say(`${name} is changed.`)
    await load()
  }
  const test = async (camera: ListedCamera): Promise<void> => {
    say(`${camera.camera} is opened: this takes some seconds …`)
    const found = await api.post<CameraTest>('/api/cameras/test', { camera: camera.camera })
    openPanelDialog(`Test of ${camera.camera}`, testResult(found))
  }
  const pause = async (camera: ListedCamera, isPaused: boolean): Promise<void> => {
    await api.post(`${pathOf(camera)}/${isPaused ? 'pause' : 'resume'}`)
    await load()
  }
  const turn = async (camera: ListedCamera): Promise<void> => {
    const isPaused = !camera.paused
    await pause(camera, isPaused)
    say(`${camera.camera} ${isPaused ? 'is paused' : 'goes on'}.`, { undo: () => pause(camera, !isPaused) })
  }
  const remove = async (camera: ListedCamera): Promise<void> => {
    const name = camera.camera
    const body = `${name} is closed and forgotten, with its address and password. People who were seen there stay, and so do their visits.`
    if (!(await ask({ title: `Remove ${name}?`, body, confirm: `Remove ${name}`, danger: true }))) return
    await api.delete(pathOf(camera))
    say(`${name} is removed.`)
    await load()
    onRemoved()
  }
  return {
    edit: (camera) => void attempt(edit(camera)),
    test: (camera) => void attempt(test(camera)),
    pause: (camera) => void attempt(turn(camera)),
    remove: (camera) => void attempt(remove(camera)),
  }
}
