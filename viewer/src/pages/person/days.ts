import type { Sighting } from '../../../../src/events/types.ts'
import type { CameraId } from '../../../../src/types.ts'
import { earliestDateMs } from '../../ui/when.ts'

/** Visits on one camera that follow each other closely: one bar of the timeline. */
export interface Stay {
  readonly camera: CameraId
  readonly fromMs: number
  readonly untilMs: number
  /** True while the person is there. */
  readonly isOpen: boolean
  /** In the order of time. */
  readonly visits: readonly Sighting[]
}

/** One row of the timeline. Stays over midnight are in both days. */
export interface Day {
  /** The beginning, local time, Unix milliseconds; 0 for recordings, whose time begins at 0. */
  readonly startMs: number
  readonly lengthMs: number
  readonly stays: readonly Stay[]
}

/** Shorter breaks are no end of a stay: somebody looked away, or stood behind a pillar. */
const breakMs = 5 * 60_000

const startOf = (atMs: number): number => (atMs < earliestDateMs ? 0 : new Date(atMs).setHours(0, 0, 0, 0))

/** The beginning of the next day: days with a change to summer time have 23 hours. */
const nextDay = (startMs: number): number => {
  const date = new Date(startMs)
  return date.setDate(date.getDate() + 1)
}

/** Joins visits to stays, in the order of time. */
export const staysOf = (visits: readonly Sighting[]): Stay[] => {
  const last = new Map<CameraId, Stay>()
  const stays: Stay[] = []
  for (const visit of visits.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const { camera, fromMs, untilMs, ended } = visit
    const before = last.get(camera)
    const isSame =
      before !== undefined && fromMs - before.untilMs <= breakMs && startOf(fromMs) === startOf(before.fromMs)
    const stay: Stay = isSame
      ? {
          ...before,
          untilMs: Math.max(before.untilMs, untilMs),
          isOpen: before.isOpen || !ended,
          visits: [...before.visits, visit],
        }
      : { camera, fromMs, untilMs, isOpen: !ended, visits: [visit] }
    if (isSame) stays[stays.indexOf(before)] = stay
    else stays.push(stay)
    last.set(camera, stay)
  }
  return stays
}

/** The days with visits, the last first. */
export const daysOf = (visits: readonly Sighting[]): Day[] => {
  const days = new Map<number, Stay[]>()
  const add = (startMs: number, stay: Stay): void => {
    const stays = days.get(startMs) ?? []
    stays.push(stay)
    days.set(startMs, stays)
  }
  for (const stay of staysOf(visits)) {
    const first = startOf(stay.fromMs)
    add(first, stay)
    const last = startOf(stay.untilMs - 1)
    for (let day = nextDay(first); first !== 0 && day <= last; day = nextDay(day)) add(day, stay)
  }
  return [...days]
    .sort(([a], [b]) => b - a)
    .map(([startMs, stays]) => {
      const longest = Math.max(60_000, ...stays.map(({ untilMs }) => untilMs))
      return { startMs, lengthMs: startMs === 0 ? longest : nextDay(startMs) - startMs, stays }
    })
}

/** Where a stay is in its day, in per cent. */
export const placeIn = ({ startMs, lengthMs }: Day, { fromMs, untilMs }: Stay): { left: number; width: number } => {
  const from = Math.max(0, fromMs - startMs)
  const until = Math.min(lengthMs, untilMs - startMs)
  return { left: (100 * from) / lengthMs, width: (100 * (until - from)) / lengthMs }
}

/** So much of a day, in per cent, a bar takes at least: it must be wide enough to be pressed. */
const leastWidth = 1

/** The line of each stay of a day, from 0, so that stays of two cameras at one time do not lie on each other. */
export const linesOf = (day: Day): number[] => {
  const ends: number[] = []
  return day.stays.map((stay) => {
    const { left, width } = placeIn(day, stay)
    const free = ends.findIndex((end) => end <= left)
    const line = free < 0 ? ends.length : free
    ends[line] = left + Math.max(width, leastWidth)
    return line
  })
}
