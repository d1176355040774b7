import { RollcallError } from '../errors.ts'
import { agreement, weightOf, withFace } from '../math/template.ts'
import { dot } from '../math/vector.ts'
import type { Face, Faces, FrameStamp } from '../types.ts'
import type { Tracklet } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

/** Below this cosine to its own track's template an embedding shows a hand, or somebody else: the tracker finds out. */
const outlierSimilarity = 0.22

/** The tracklets of one message. */
export interface Observed {
  /** Which tracklet each face is of. Of two faces said to be of one track only the better one is here. */
  readonly seen: ReadonlyMap<Face, Tracklet>
  /** Those of `seen`, in an order that does not depend on the detector's. */
  readonly visible: readonly Tracklet[]
  /** Those whose template has grown. */
  readonly fresh: ReadonlySet<Tracklet>
}

export interface ObserveOptions {
  /** Embeddings of lower quality are ignored. */
  readonly minQuality: number
  /** The threshold that a new tracklet's first event names. */
  readonly join: number
}

/** Adds each face to the tracklet of its track; begins those that are new. */
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
    if (observe(tracklet, face, message, options.minQuality)) fresh.add(tracklet)
    tracklets.touch(tracklet)
  }
  return { seen, visible: [...visible], fresh }
}

/** Adds the face to its tracklet; true when the template has grown. */
const observe = (tracklet: Tracklet, face: Face, stamp: FrameStamp, minQuality: number): boolean => {
  const { seq, capturedAtMs: atMs } = stamp
  tracklet.frames++
  tracklet.lastMs = atMs
  tracklet.lastSeq = seq
  const pending = tracklet.uncounted
  tracklet.uncounted = pending ? { ...pending, frames: pending.frames + 1 } : { seq, fromMs: atMs, frames: 1 }
  const { embedding, quality } = face
  if (!embedding || !quality || !(Math.abs(dot(embedding, embedding) - 1) < 0.01)) return false
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
  tracklet.bestQuality = Math.max(tracklet.bestQuality, quality.overall)
  return true
}

/** An order that does not depend on the detector's; of two faces said to be of one track the better one counts. */
const byTrack = (a: Face, b: Face): number =>
  a.track === b.track ? b.score - a.score || a.box.x - b.box.x : a.track < b.track ? -1 : 1

/**
 * Checks that all embeddings of a site have one length: `dimensions`, or that of the first one. Throws MODEL_INVALID,
 * naming the camera.
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
