import type { MetricsJson } from '../metrics.ts'
import type { CameraChange, CameraId, Faces } from '../types.ts'

/** The site at one moment. Counts are totals since the start, except `people`. */
export interface Status {
  /** The latest change of each camera. */
  readonly cameras: readonly CameraChange[]
  readonly frames: number
  readonly faces: number
  /** Frames and events that were dropped, by all processes. */
  readonly drops: number
  /** People that are known now. */
  readonly people: number
  /** Cameras whose recording was read to its end by an earlier run. */
  readonly alreadyRead: number
  readonly framesOf: ReadonlyMap<CameraId, number>
}

/** Counts what happens, for `Status`. */
export interface SiteStatus {
  /** False when there is no such camera any more; then nothing is noted. */
  change(change: CameraChange): boolean
  /** One more camera; its first change says why it does not run, where it does not. */
  add(camera: CameraId, first?: CameraChange): void
  remove(camera: CameraId): void
  saw(seen: Faces): void
  /** The newest metrics of one process. */
  metrics(process: string, metrics: MetricsJson): void
  /** The latest change of each camera. */
  readonly cameras: () => readonly CameraChange[]
  readonly now: () => Status
}

/** What is said of a camera before its first change. */
export const notStarted = (camera: CameraId): CameraChange => ({
  camera,
  state: 'opening',
  atMs: 0,
  reason: 'not started yet',
})

/** Keeps the counts for the status line, the API and the demo's summary. `people` gives how many are known. */
export const createStatus = (cameras: readonly CameraId[], people: () => number): SiteStatus => {
  const changes = new Map<CameraId, CameraChange>()
  const add = (camera: CameraId, first = notStarted(camera)): void => void changes.set(camera, first)
  for (const camera of cameras) add(camera)
  const framesOf = new Map<CameraId, number>()
  const dropsOf = new Map<string, number>()
  let faces = 0
  const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0)
  return {
    change: (change) => {
      const isKnown = changes.has(change.camera)
      if (isKnown) changes.set(change.camera, change)
      return isKnown
    },
    add,
    remove: (camera) => void changes.delete(camera),
    saw: (seen: Faces): void => {
      framesOf.set(seen.camera, (framesOf.get(seen.camera) ?? 0) + 1)
      faces += seen.faces.length
    },
    metrics: (process: string, metrics: MetricsJson): void => {
      const drops = metrics.find(({ name }) => name === 'rollcall_drops_total')
      dropsOf.set(process, sum((drops?.values ?? []).map(({ value }) => value)))
    },
    cameras: (): readonly CameraChange[] => [...changes.values()],
    now: (): Status => ({
      cameras: [...changes.values()],
      frames: sum(framesOf.values()),
      faces,
      drops: sum(dropsOf.values()),
      people: people(),
      alreadyRead: [...changes.values()].filter(({ code }) => code === 'RECORDING_READ').length,
      framesOf,
    }),
  }
}

/** `3/4 cameras · 24.8 frames/s · 31.0 faces/s · 5 people · 112 drops`; rates over the time between the two. */
export const statusLine = (before: Status, now: Status, seconds: number): string => {
  const rate = (count: (status: Status) => number) => ((count(now) - count(before)) / seconds).toFixed(1)
  const online = now.cameras.filter(({ state }) => state === 'online').length
  return [
    `${online}/${now.cameras.length} cameras`,
    `${rate((status) => status.frames)} frames/s`,
    `${rate((status) => status.faces)} faces/s`,
    `${now.people} people`,
    `${now.drops} drops`,
  ].join(' · ')
}
