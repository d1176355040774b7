import { RollcallError } from '../errors.ts'
import { agreement, weightOf, withFace } from '../math/template.ts'
import { dot } from '../math/vector.ts'
import type { Face, Faces, FrameStamp } from '../types.ts'
import type { Tracklet } from './tracklets/tracklet.ts'
import type { Tracklets } from './tracklets/tracklets.ts'

/** An embedding below this cosine to its track's template shows a hand or somebody else. The template leaves it out. */
const outlierSimilarity = 0.22

/** The tracklets of one message. */
export interface Observed {
  /** The tracklet of each face. Of two faces of one track only the better one is in it. */
  readonly seen: ReadonlyMap<Face, Tracklet>
  /** The tracklets of `seen`, sorted by track, so that the detector's order does not matter. */
  readonly visible: readonly Tracklet[]
  /** Those whose template has grown. */
  readonly fresh: ReadonlySet<Tracklet>
}

/** What `observeFaces` takes from `identity`, and from the embedder's calibration. */
export interface ObserveOptions {
  /** Embeddings below this quality, 0–1, are ignored. */
  readonly minQuality: number
  /** The threshold in the first event of a new tracklet. */
  readonly join: number
  /** How clear a look is by its embedding, 0–1: see `clarityOn`. */
  readonly clarity: (embedding: Float32Array) => number
}

/** Adds each face to the tracklet of its track. Begins a tracklet for each new track. */
export const observeFaces = (tracklets: Tracklets, message: Faces, options: ObserveOptions): Observed => {
  const { camera, capturedAtMs: atMs } = message
  const seen = new Map<Face, Tracklet>()
  const visible = new Set<Tracklet>()
  const fresh = new Set<Tracklet>()
  for (const face of message.faces.toSorted(byTrack)) {
    const tracklet =
      tracklets.visible(camera).get(face.track) ?? tracklets.begin(face.track, camera, atMs, options.join)
    if (visible.has(tracklet)) continue
    visible.add(tracklet)
    seen.set(face, tracklet)
    if (observe(tracklet, face, message, options)) fresh.add(tracklet)
    tracklets.touch(tracklet)
  }
  return { seen, visible: [...visible], fresh }
}

/** Adds a face to its tracklet; true when the template has grown. */
const observe = (
  tracklet: Tracklet,
  face: Face,
  stamp: FrameStamp,
  { minQuality, clarity }: Pick<ObserveOptions, 'minQuality' | 'clarity'>,
): boolean => {
  const { seq, capturedAtMs: atMs } = stamp
  tracklet.frames++
  tracklet.lastMs = atMs
  tracklet.lastSeq = seq
  const pending = tracklet.uncounted
  tracklet.uncounted = pending ? { ...pending, frames: pending.frames + 1 } : { seq, fromMs: atMs, frames: 1 }
  const { embedding, quality } = face
  if (!isSound(stamp, face) || !embedding || !quality) return false
  const { template, decision } = tracklet
  if (quality.overall < minQuality) {
    if (decision.reason === 'no-embedding') tracklet.decision = { ...decision, reason: 'low-quality' }
    return false
  }
  tracklet.doubtful = template !== null && template.faces > 1 && agreement(template, embedding) < outlierSimilarity
  if (tracklet.doubtful) return false
  if (!template) tracklet.goodFromMs = atMs
  tracklet.goodUntilMs = atMs
  tracklet.template = withFace(template, embedding, weightOf(quality.overall))
  tracklet.bestQuality = Math.max(tracklet.bestQuality, quality.overall * clarity(embedding))
  return true
}

/** Whether the face has an embedding of unit length, of a picture that is whole. */
export const isSound = ({ damaged }: Pick<FrameStamp, 'damaged'>, { embedding, quality }: Face): boolean =>
  !damaged && embedding !== undefined && quality !== undefined && Math.abs(dot(embedding, embedding) - 1) < 0.01

/** By track; of two faces of one track the better one first. */
const byTrack = (a: Face, b: Face): number =>
  a.track === b.track ? b.score - a.score || a.box.x - b.box.x : a.track < b.track ? -1 : 1

/**
 * Returns a check that every embedding has `dimensions` numbers; null takes the length of the first embedding it sees.
 * The check throws MODEL_INVALID with the camera's name.
 */
export const createEmbeddingCheck = (dimensions: number | null) => {
  let expected = dimensions
  return ({ camera, faces }: Faces): void => {
    for (const { embedding } of faces) {
      if (!embedding) continue
      expected ??= embedding.length
      if (embedding.length === expected) continue
      throw new RollcallError(
        'MODEL_INVALID',
        `camera "${camera}": an embedding has ${embedding.length} numbers, expected ${expected} as in all before`,
        { remedy: 'Use the same embedder for every camera of a site.' },
      )
    }
  }
}
