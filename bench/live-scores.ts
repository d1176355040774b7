import { matchedFaces } from '../src/evaluate/matched-faces.ts'
import { scoreTracking } from '../src/evaluate/tracking.ts'
import { iou } from '../src/math/boxes.ts'
import type { LiveScene } from './live-scenes.ts'
import { type Everybody, firstShown, type Look, shownBetween, staysOf } from './looks-scores.ts'

/** The first pictures of a stream are not scored: nobody is there, and programs still get ready. */
export const UNSCORED = 25
const FRAME_MS = 40
/** From this overlap (IoU) on a box shows the face. */
const leastOverlap = 0.3

/** Pictures of a stream, from one number to before another; each pass of the loop begins where the last ended. */
interface Part {
  readonly from: number
  readonly until: number
}

const firstPass = ({ facesOf }: LiveScene): Part => ({ from: UNSCORED, until: facesOf.length })

const picturesOf = ({ from, until }: Part): readonly number[] =>
  Array.from({ length: Math.max(0, until - from) }, (_, i) => from + i)

/** Who is there, in each picture of a part of the stream. */
const truthOf = (scene: LiveScene, part: Part): Everybody =>
  picturesOf(part).map((seq) => ({
    atMs: seq * FRAME_MS,
    shown: (scene.facesOf[seq % scene.facesOf.length] ?? []).map(({ person, box }) => ({ id: person, box })),
  }))

/** What is shown in the same pictures. */
const seenOf = (part: Part, looks: readonly Look[], by: 'track' | 'person'): Everybody =>
  shownBetween(
    picturesOf(part).map((seq) => ({ seq, capturedAtMs: seq * FRAME_MS })),
    looks,
    by,
  )

/** How well people keep their IDs in the first pass of the loops, over all cameras together. */
export interface LiveScore {
  readonly idf1: number
  readonly people: number
  /** People who were shown under an ID. */
  readonly found: number
  /** IDs that a person was shown under, the mean over those found. */
  readonly idsPerPerson: number
  /** How often a person was shown under another ID than before. */
  readonly switches: number
}

/** `looks` of each scene, in order. */
export const scoreLive = (scenes: readonly LiveScene[], looks: readonly (readonly Look[])[]): LiveScore => {
  const frames = scenes.flatMap((scene, camera) => {
    const part = firstPass(scene)
    const seen = seenOf(part, looks[camera] ?? [], 'person')
    return truthOf(scene, part).map(({ shown: there }, i) => {
      const shown = seen[i]?.shown ?? []
      return {
        truths: there.map(({ id }) => id),
        predictions: shown.map(({ id }) => id),
        similarity: Float64Array.from(there.flatMap((a) => shown.map((b) => iou(a.box, b.box)))),
      }
    })
  })
  const idsOf = new Map<string, Set<string>>()
  const people = new Set<string>()
  for (const { truth, id } of matchedFaces(frames, leastOverlap)) {
    people.add(truth)
    if (id !== null) idsOf.set(truth, (idsOf.get(truth) ?? new Set()).add(id))
  }
  const { idf1, idSwitches } = scoreTracking(frames)
  const ids = [...idsOf.values()].reduce((sum, { size }) => sum + size, 0)
  return { idf1, people: people.size, found: idsOf.size, idsPerPerson: ids / idsOf.size, switches: idSwitches }
}

/**
 * By how many milliseconds each stay of somebody is shown later in `looks` than in those of a run at every frame; Infinity: never.
 * Stays that the other run does not show, or not for a second, do not count.
 */
export const delaysOf = (scene: LiveScene, looks: readonly Look[], every: readonly Look[]): readonly number[] => {
  const part = firstPass(scene)
  const truth = truthOf(scene, part)
  const [shown, atOnce] = [seenOf(part, looks, 'track'), seenOf(part, every, 'track')]
  return staysOf(truth).flatMap((stay) => {
    const fromMs = firstShown(truth, atOnce, stay)
    if (fromMs === null || stay.untilMs - fromMs < 1000) return []
    return [(firstShown(truth, shown, stay) ?? Number.POSITIVE_INFINITY) - fromMs]
  })
}

/**
 * How many milliseconds after somebody was there each stay is first shown; Infinity: never. Those who were there before the part
 * began, or for less than a second, do not count.
 */
export const waitsOf = (scene: LiveScene, looks: readonly Look[], part: Part): readonly number[] => {
  const truth = truthOf(scene, part)
  const shown = seenOf(part, looks, 'track')
  return staysOf(truth)
    .filter(({ fromMs, untilMs }) => fromMs > part.from * FRAME_MS && untilMs - fromMs >= 1000)
    .map((stay) => (firstShown(truth, shown, stay) ?? Number.POSITIVE_INFINITY) - stay.fromMs)
}
