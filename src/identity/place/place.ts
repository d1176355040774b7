import type { CalibrationChange } from '../../events/types.ts'
import type { WallMs } from '../../types.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import { cosineOn, type Scale } from '../people/evidence.ts'
import type { People } from '../people/people.ts'
import type { LiveChange, LiveRow } from '../state/live-rows.ts'
import { measurePlace, type PlaceCurve } from './measure-place.ts'

/** What was learned of a place; docs/decisions/0038-the-place-moves-the-offset.md says why so and no faster. */
export interface Learned {
  /** The calibration that it corrects: another one begins anew. */
  readonly of: Pick<Scale, 'scale' | 'offset' | 'different'>
  /** Added to every score before the correction for evidence. */
  readonly correction: number
  /** When the last look was taken, and when the first. */
  readonly lookedMs: WallMs
  readonly sinceMs: WallMs
  /** When the current day of learning began, and the correction then. */
  readonly dayMs: WallMs
  readonly dayFrom: number
}

/** The curves of a place, for people to read. */
export interface PlaceReport {
  /** The median cosine of two people that the embedder's calibration expects; null without a calibration. */
  readonly expected: number | null
  /** Null while nobody was seen with anybody. */
  readonly measured: PlaceCurve | null
  /** What is added to every score now. */
  readonly correction: number
  /** Whether the engine learns here: a calibration and `identity.learns`. */
  readonly learns: boolean
}

/** Learns how alike different people are here, and corrects the scale of scores by it. */
export interface Place {
  /** The scale of scores with the correction. It is one object, which changes as it learns. */
  readonly scale: Scale
  report(): PlaceReport
  /** Looks at the people every ten minutes; the wall time must be believed. Returns what has moved, null when nothing has. */
  learn(nowMs: WallMs): CalibrationChange | null
  restore(rows: readonly LiveRow[]): void
  /** What has changed since the last call. */
  takeChanged(): LiveChange['put']
}

/** What learning reads. */
export interface PlaceParts {
  readonly people: Pick<People, 'all' | 'find'>
  readonly coOccurrence: Pick<CoOccurrence, 'with'>
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Between two looks, and the most that one look moves the scores. */
const [lookEveryMs, mostStep] = [10 * minuteMs, 0.05]
/** Fewer people, or pairs of them, say nothing. */
const [fewestPeople, fewestPairs] = [30, 60]
/** Pairs whose median is further from the calibration's are not of two people each. */
const mostOff = 0.3
/** The most that scores are moved: on the first day, when the calibration may be of other cameras, on a later day, and in all. */
const [mostOfFirstDay, mostOfDay, most] = [0.2, 0.03, 0.2]

const clamp = (value: number, by: number, around = 0): number => Math.min(around + by, Math.max(around - by, value))
/** 4 decimals, as thresholds have; never −0. */
const rounded = (value: number): number => (Math.round(value * 1e4) || 0) / 1e4

/** How far scores must move, so that two people score here what they score where the model was calibrated; as far as it is certain. */
const needed = ({ median, error }: PlaceCurve, { scale, different = 0 }: Scale): number => {
  const off = median - different
  return -scale * Math.sign(off) * Math.max(0, Math.abs(off) - error)
}

/** Whether it says something: of enough people, and not of one face many times, who is far more alike than any two people. */
const isCredible = ({ people, pairs, median }: PlaceCurve, { different = 0 }: Scale): boolean =>
  people >= fewestPeople && pairs >= fewestPairs && Math.abs(median - different) <= mostOff

/** Starts with the calibration as it is. Without `calibration.different`, or when not told to, it learns nothing. */
export const createPlace = (
  calibration: Scale,
  isOn: boolean,
): Place & { readonly watch: (parts: PlaceParts) => void } => {
  const { poor: _, ...of } = calibration
  const scale = { ...calibration }
  const cosineOf = cosineOn(calibration)
  const learns = isOn && calibration.different !== undefined
  let parts: PlaceParts | null = null
  let learned: Learned | null = null
  let isChanged = false

  const use = (next: Learned): void => {
    learned = next
    scale.offset = calibration.offset + next.correction
  }
  const step = (before: Learned, curve: PlaceCurve): number => {
    const ofDay = before.dayMs === before.sinceMs ? mostOfFirstDay : mostOfDay
    const wanted = clamp(needed(curve, calibration), most)
    return rounded(clamp(clamp(wanted, mostStep, before.correction), ofDay, before.dayFrom))
  }
  const measure = (): PlaceCurve | null => parts && measurePlace(parts.people, parts.coOccurrence, cosineOf)

  return {
    scale,
    watch: (given) => void (parts = given),
    report: () => ({
      expected: calibration.different ?? null,
      measured: measure(),
      correction: learned?.correction ?? 0,
      learns,
    }),
    learn(nowMs) {
      if (!learns || (learned && Math.abs(nowMs - learned.lookedMs) < lookEveryMs)) return null
      const curve = measure()
      if (!curve || !isCredible(curve, calibration)) return null
      const first = { of, correction: 0, sinceMs: nowMs, dayMs: nowMs, dayFrom: 0 }
      const before = { ...(learned ?? first), lookedMs: nowMs }
      const isNewDay = Math.abs(nowMs - before.dayMs) >= dayMs
      const today = isNewDay ? { ...before, dayMs: nowMs, dayFrom: before.correction } : before
      const correction = step(today, curve)
      use({ ...today, correction })
      isChanged = true
      const { median, people, pairs } = curve
      const { different: expected = 0 } = calibration
      return correction === before.correction
        ? null
        : { correction, before: before.correction, expected, median, people, pairs }
    },
    restore(rows) {
      const saved = rows.find(({ kind }) => kind === 'place')?.value as Learned | undefined
      const { scale: by, offset, different } = calibration
      const isOfThis = saved?.of.scale === by && saved.of.offset === offset && saved.of.different === different
      if (learns && saved && isOfThis) use(saved)
    },
    takeChanged() {
      const put: LiveRow[] = isChanged && learned ? [{ kind: 'place', key: '', value: learned }] : []
      isChanged = false
      return put
    },
  }
}
