import type { CameraId } from '../../../../src/types.ts'
import { nextInCycle } from './order.ts'

/** How long each camera is large while they are cycled. */
const cycleMs = 10_000

/** The camera that is shown large, and the ways to another. The address names it, so each way is a step of the history. */
export interface LargeCamera {
  /** Null while all are alike. */
  readonly camera: CameraId | null
  /** What the address names now. */
  set(camera: CameraId | null): void
  /** Shows this one large; all alike when it is large already. */
  toggle(camera: CameraId): void
  /** Shows the one that comes so many places after the large one. */
  step(by: number): void
  /** Begins to show one after the other, or stops. */
  cycle(): void
  stopCycle(): void
}

/** What the choice of a camera depends on. */
export interface LargeCameraDeps {
  readonly go: (path: string) => void
  readonly order: () => readonly CameraId[]
  readonly pinned: () => readonly CameraId[]
  readonly isOnline: (camera: CameraId) => boolean
  readonly onCycle: (isOn: boolean) => void
}

/** Begins with all cameras alike. */
export const createLargeCamera = ({ go, order, pinned, isOnline, onCycle }: LargeCameraDeps): LargeCamera => {
  let large: CameraId | null = null
  let cycling: ReturnType<typeof setInterval> | undefined

  const show = (camera: CameraId | null | undefined): void => {
    if (camera != null) go(`/live/${encodeURIComponent(camera)}`)
  }
  const showNext = (): void => show(nextInCycle(large, order(), pinned(), isOnline))
  const cycle = (): void => {
    const isOn = cycling === undefined
    clearInterval(cycling)
    cycling = isOn ? setInterval(showNext, cycleMs) : undefined
    onCycle(isOn)
    if (isOn) showNext()
  }
  return {
    get camera() {
      return large
    },
    set: (camera) => {
      large = camera
    },
    toggle: (camera) => {
      if (camera === large) go('/live')
      else show(camera)
    },
    step: (by) => {
      const all = order()
      show(all[(all.indexOf(large ?? '') + by + all.length) % all.length])
    },
    cycle,
    stopCycle: () => {
      if (cycling !== undefined) cycle()
    },
  }
}
