import type { FrameEvent, RollcallEvent } from '../src/events/types.ts'
import type { Verdict } from './verdict.ts'

/** What the events of a run say of its pictures, and of what was told by damaged ones. */
export interface LossFigures {
  readonly whole: number
  readonly damaged: number
  /** Faces found in damaged pictures. */
  readonly facesInDamaged: number
  /** Those of them that have an embedding. */
  readonly embeddedInDamaged: number
  /** Faces with an embedding in whole pictures. */
  readonly embedded: number
  readonly founded: number
  /** People whose `created` event has the camera and the time of a damaged picture. */
  readonly foundedByDamaged: number
  /** The share of the time in which the newest whole picture was older than `blindAfterMs`, 0–1. */
  readonly blind: number
}

const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'

/**
 * The share of the time, 0–1, in which the newest whole picture was older than `blindAfterMs`. The time of a camera is
 * from its first analysed picture to its last one, whole or damaged. NaN without two pictures.
 */
export const blindShare = (frames: readonly FrameEvent[], blindAfterMs: number): number => {
  let blindMs = 0
  let allMs = 0
  for (const ofCamera of Map.groupBy(frames, ({ data }) => data.camera).values()) {
    const times = ofCamera.map(({ data }) => data.capturedAtMs)
    const [first, last] = [Math.min(...times), Math.max(...times)]
    const whole = ofCamera.flatMap(({ data }) => (data.damaged ? [] : data.capturedAtMs)).sort((a, b) => a - b)
    const marks = [first, ...whole, last]
    allMs += last - first
    marks.slice(1).forEach((at, i) => {
      // Before the first whole picture all is blind.
      const seenMs = i === 0 ? 0 : blindAfterMs
      blindMs += Math.max(0, at - (marks[i] as number) - seenMs)
    })
  }
  return blindMs / allMs
}

/** Counts what was told by whole and by damaged pictures. */
export const lossFigures = (events: readonly RollcallEvent[], blindAfterMs: number): LossFigures => {
  const frames = events.filter(isFrame)
  const damaged = frames.filter(({ data }) => data.damaged)
  const whole = frames.filter(({ data }) => !data.damaged)
  const embeddedIn = (some: readonly FrameEvent[]): number =>
    some.reduce((sum, { data }) => sum + data.faces.filter(({ quality }) => quality !== null).length, 0)
  const placeOf = (camera: string | null, atMs: number): string => `${atMs} ${camera}`
  const damagedAt = new Set(damaged.map(({ data }) => placeOf(data.camera, data.capturedAtMs)))
  const created = events.flatMap((event) => (event.type === 'rollcall.person.created.v1' ? [event] : []))
  return {
    whole: whole.length,
    damaged: damaged.length,
    facesInDamaged: damaged.reduce((sum, { data }) => sum + data.faces.length, 0),
    embeddedInDamaged: embeddedIn(damaged),
    embedded: embeddedIn(whole),
    founded: created.length,
    foundedByDamaged: created.filter(({ data, time }) => damagedAt.has(placeOf(data.camera, Date.parse(time)))).length,
    blind: blindShare(frames, blindAfterMs),
  }
}

/** Whether each must is met. Without damaged pictures with faces in them a run that loses packets has shown nothing. */
export const lossVerdicts = (fraction: number, figures: LossFigures): readonly Verdict[] => {
  const { damaged, facesInDamaged, embeddedInDamaged, founded, foundedByDamaged } = figures
  const isProof = fraction === 0 || facesInDamaged > 0 || embeddedInDamaged + foundedByDamaged > 0
  const judged = (count: number): boolean | null => (count > 0 ? false : isProof ? true : null)
  return [
    {
      of: 'embedded',
      measured: `${embeddedInDamaged} embeddings of ${facesInDamaged} faces in ${damaged} damaged pictures`,
      expected: 'none',
      met: judged(embeddedInDamaged),
    },
    {
      of: 'founded',
      measured: `${foundedByDamaged} of ${founded} people by a damaged picture`,
      expected: 'none',
      met: judged(foundedByDamaged),
    },
  ]
}
