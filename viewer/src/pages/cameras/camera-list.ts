import type { CameraList, ListedCamera } from '../../../../src/server/camera-answers.ts'
import type { CameraId } from '../../../../src/types.ts'
import type { PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { type CameraRow, createCameraRow, type RowActs } from './camera-row.ts'

/** The rows of all cameras, and what is wrong with the list as a whole. */
export interface CameraRows {
  readonly elements: readonly HTMLElement[]
  readonly isEmpty: () => boolean
  show(list: CameraList): void
  /** Shows the newest picture of a camera. */
  readonly showStill: (camera: CameraId, jpeg: Blob) => void
  /** Brings the camera of this name into view, when there is one. */
  focus(name: CameraId): void
}

const notKept = 'Cameras that are added last as long as this run: there is no state directory, or it cannot be used.'

/** An empty list. */
export const createCameraRows = ({ may, site }: PageContext, acts: RowActs): CameraRows => {
  const rows = new Map<CameraId, CameraRow>()
  const list = element('ul', { class: 'camera-list', 'aria-label': 'Cameras' })
  const notes = element('div', { class: 'camera-notes' })

  const note = (words: readonly string[]): void => {
    if (notes.dataset.words === words.join('\n')) return
    notes.dataset.words = words.join('\n')
    notes.replaceChildren(...words.map((each) => element('p', {}, each)))
  }
  const forgetOthers = (cameras: readonly ListedCamera[]): void => {
    const names = new Set(cameras.map(({ camera }) => camera))
    for (const [name, row] of rows) {
      if (names.has(name)) continue
      row.element.remove()
      rows.delete(name)
    }
  }
  return {
    elements: [notes, list],
    isEmpty: () => rows.size === 0,
    show({ cameras, file, kept, problems }) {
      for (const camera of cameras) {
        const row = rows.get(camera.camera) ?? createCameraRow(camera.camera, acts)
        rows.set(camera.camera, row)
        row.update(camera, file, may('operate'), site.nowMs())
        if (row.element.parentElement === null) list.append(row.element)
      }
      forgetOthers(cameras)
      note([...problems, ...(kept ? [] : [notKept])])
    },
    showStill: (camera, jpeg) => rows.get(camera)?.showStill(jpeg),
    focus(name) {
      const row = rows.get(name)?.element
      row?.scrollIntoView({ block: 'nearest' })
      row?.focus({ preventScroll: true })
    },
  }
}
