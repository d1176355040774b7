import { type IdentityBenchmark, type Judged, scoreIdentities } from '../identity-scores.ts'
import type { StreamFrame } from '../stream.ts'
import { type WholeTrack, wholeTracksOf } from '../tracklets.ts'
import { immichDbscan } from './dbscan.ts'
import { nearestCentroid } from './nearest-centroid.ts'
import { onlineCentroid } from './online-centroid.ts'
import { windowClustering } from './window-clustering.ts'

export interface Tuned extends IdentityBenchmark {
  /** Cosine. */
  readonly threshold: number
}

export interface Baselines {
  /** At the threshold with the highest BCubed F, found with the truth in hand; and 0.1 below and above it. */
  readonly nearestCentroid: { readonly best: Tuned; readonly lower: Tuned; readonly higher: Tuned }
  readonly windowClustering: { readonly best: Tuned; readonly lower: Tuned; readonly higher: Tuned }
  /** The same way face by face, as a live system must: it knows no tracks. */
  readonly onlineCentroid: { readonly best: Tuned; readonly lower: Tuned; readonly higher: Tuned }
  /** Every track is a person. */
  readonly trackerAlone: IdentityBenchmark
  readonly dbscan: IdentityBenchmark
}

/** An ID for each track, or for each of its faces. */
type Ids = readonly (string | null | readonly (string | null)[])[]
type Method = (tracks: readonly WholeTrack[], threshold: number) => Ids

const judge = (tracks: readonly WholeTrack[], ids: Ids): IdentityBenchmark => {
  const faces = tracks.flatMap(({ track, faces, atMs }, t) =>
    faces.map(({ person }, i): Judged => {
      const own = ids[t] ?? null
      const id = (Array.isArray(own) ? own[i] : own) ?? null
      return { truth: person, id, alone: track, atMs: atMs[i] ?? 0, live: id !== null }
    }),
  )
  return scoreIdentities(faces.sort((a, b) => a.atMs - b.atMs))
}

/** Is told what is going to be worked out next: it may take seconds. */
export type OnStep = (what: string) => void

/** Coarse steps first, then fine ones around the best. */
const tune = (
  name: string,
  tracks: readonly WholeTrack[],
  method: Method,
  onStep: OnStep,
): Baselines['nearestCentroid'] => {
  const tried = new Map<number, Tuned>()
  const at = (threshold: number): Tuned => {
    const rounded = Math.round(threshold * 100) / 100
    const known = tried.get(rounded)
    if (known) return known
    onStep(`${name} at ${rounded.toFixed(2)}`)
    const tuned = { ...judge(tracks, method(tracks, rounded)), threshold: rounded }
    tried.set(rounded, tuned)
    return tuned
  }
  const better = (a: Tuned, b: Tuned): Tuned => (b.bcubedF > a.bcubedF ? b : a)
  const coarse = Array.from({ length: 9 }, (_, i) => at(0.3 + 0.05 * i)).reduce(better)
  const best = [-0.03, -0.02, -0.01, 0.01, 0.02, 0.03].map((by) => at(coarse.threshold + by)).reduce(better, coarse)
  return { best, lower: at(best.threshold - 0.1), higher: at(best.threshold + 0.1) }
}

/** What simpler ways make of the same stream. */
export const runBaselines = (frames: readonly StreamFrame[], minQuality: number, onStep: OnStep): Baselines => {
  const tracks = wholeTracksOf(frames, minQuality)
  const faceByFace: Method = (all, threshold) => onlineCentroid(all, threshold, minQuality)
  const tuned = {
    nearestCentroid: tune('nearest centroid', tracks, nearestCentroid, onStep),
    windowClustering: tune('window clustering', tracks, windowClustering, onStep),
    onlineCentroid: tune('online centroid', tracks, faceByFace, onStep),
  }
  const trackerAlone = judge(
    tracks,
    tracks.map(({ track }) => track),
  )
  onStep('DBSCAN')
  return { ...tuned, trackerAlone, dbscan: judge(tracks, immichDbscan(tracks, minQuality)) }
}
