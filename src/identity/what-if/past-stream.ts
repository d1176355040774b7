import type { CameraId, Face, Faces, Landmarks, MediaMs } from '../../types.ts'
import { weightOfEvidence } from '../people/evidence.ts'
import { directionOf } from '../people/exemplars.ts'
import type { PastTrack } from '../state/state.ts'

/** Faces of one track that are replayed at most: the later ones add little evidence. */
const mostFaces = 16
/** Of which each shows at least so much, so that it is not ignored (`identity.minQuality`). */
const leastWeight = 0.2 ** 2

/** For tracks that were kept by a version which did not say how they were watched: two seconds, five faces, clear. */
const usual = { lengthMs: 2000, faces: 5, quality: 0.7 }

const middle = { x: 0.5, y: 0.5 }
const landmarks: Landmarks = [middle, middle, middle, middle, middle]

/** When a track was seen, and the qualities of its faces then, in order. */
interface Replayed {
  readonly track: PastTrack
  readonly firstMs: MediaMs
  readonly looks: ReadonlyMap<MediaMs, number>
}

/**
 * Faces that make up the same evidence as the track had: the best one, and so many others with the rest. All show the mean of
 * the track, which is what is kept of it.
 */
const replayed = (track: PastTrack): Replayed => {
  const { lastMs, look, shown } = track
  const firstMs = Math.round(Math.min(lastMs, shown?.firstMs ?? lastMs - usual.lengthMs))
  const best = shown?.quality ?? usual.quality
  const rest = Math.max(0, weightOfEvidence(look.weight) - best ** 2)
  const others = Math.min((shown?.faces ?? usual.faces) - 1, mostFaces - 1, Math.floor(rest / leastWeight))
  const qualities = [best, ...Array.from({ length: Math.max(0, others) }, () => Math.min(1, Math.sqrt(rest / others)))]
  const stepMs = qualities.length > 1 ? (lastMs - firstMs) / (qualities.length - 1) : 0
  return { track, firstMs, looks: new Map(qualities.map((quality, i) => [Math.round(firstMs + i * stepMs), quality])) }
}

const faceOf = ({ track, looks }: Replayed, atMs: MediaMs): Face => {
  const quality = looks.get(atMs)
  const box = { x: 0.4, y: 0.4, width: 0.1, height: 0.1 }
  const face = { track: track.track, box, landmarks, score: 0.9 }
  if (quality === undefined) return face
  const seen = { overall: quality, sizePx: 80, sharpness: 1, yaw: 0 }
  return { ...face, embedding: directionOf(track.look), quality: seen }
}

/** The messages of one camera, in the order of time: at each face of a track, with everybody who was there then. */
const messagesOf = (camera: CameraId, tracks: readonly PastTrack[]): Faces[] => {
  const all = tracks.map(replayed).sort((a, b) => a.firstMs - b.firstMs)
  const times = [...new Set(all.flatMap(({ looks }) => [...looks.keys()]))].sort((a, b) => a - b)
  let [next, ended]: [number, string[]] = [0, []]
  let there: Replayed[] = []
  return times.map((atMs, seq) => {
    for (; (all[next]?.firstMs ?? Infinity) <= atMs; next++) there.push(all[next] as Replayed)
    const faces = there.map((one) => faceOf(one, atMs))
    const over = there.filter(({ track }) => Math.round(track.lastMs) <= atMs)
    there = there.filter((one) => !over.includes(one))
    ended = over.map(({ track }) => track.track)
    const stamp = { camera, stream: 'what-if', seq, ptsUs: 1000 * seq, capturedAtMs: atMs, clock: 'camera' } as const
    return { ...stamp, width: 1280, height: 720, faces, endedTracks: ended }
  })
}

/** Past tracks as messages of their cameras, in the order of time, as the engine takes them. */
export const pastStream = (tracks: readonly PastTrack[]): Faces[] =>
  [...Map.groupBy(tracks, ({ camera }) => camera)]
    .flatMap(([camera, own]) => messagesOf(camera, own))
    .sort((a, b) => a.capturedAtMs - b.capturedAtMs)
