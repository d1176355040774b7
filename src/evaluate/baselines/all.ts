import { type IdentityBenchmark, type Judged, scoreIdentities } from '../identity-scores.ts'
import type { StreamFrame } from '../stream.ts'
import { type WholeTrack, wholeTracksOf } from '../tracklets.ts'
import { averageLinkage } from './average-linkage.ts'
import { immichDbscan } from './dbscan.ts'
import { nearestCentroid } from './nearest-centroid.ts'
import { onlineCentroid } from './online-centroid.ts'
import { windowClustering } from './window-clustering.ts'

/** A baseline's scores at one threshold. */
export interface Tuned extends IdentityBenchmark {
  /** The cosine from which two are the same person. */
  readonly threshold: number
}

/** The scores of simpler ways to give IDs. */
export interface Baselines {
  /** At the threshold with the highest BCubed F, which only the truth tells, and 0.1 below and above it. */
  readonly nearestCentroid: { readonly best: Tuned; readonly lower: Tuned; readonly higher: Tuned }
  readonly windowClustering: { readonly best: Tuned; readonly lower: Tuned; readonly higher: Tuned }
  /** Nearest centroid face by face, as in a live system without tracks. */
  readonly onlineCentroid: { readonly best: Tuned; readonly lower: Tuned; readonly higher: Tuned }
  /** All tracks known at once, which is more than a live system has. */
  readonly averageLinkage: { readonly best: Tuned; readonly lower: Tuned; readonly higher: Tuned }
  /** DBSCAN with one face a track, as in a library of photos; the threshold is 1 − its distance. */
  readonly coreFaces: { readonly best: Tuned; readonly lower: Tuned; readonly higher: Tuned }
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

/** Called with what is computed next, because it may take seconds. */
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
  const coarse = Array.from({ length: 11 }, (_, i) => at(0.2 + 0.05 * i)).reduce(better)
  const best = [-0.03, -0.02, -0.01, 0.01, 0.02, 0.03].map((by) => at(coarse.threshold + by)).reduce(better, coarse)
  return { best, lower: at(best.threshold - 0.1), higher: at(best.threshold + 0.1) }
}

/** Runs every baseline on the stream. Each but DBSCAN and the tracker alone is tuned with the truth. */
export const runBaselines = (frames: readonly StreamFrame[], minQuality: number, onStep: OnStep): Baselines => {
  const tracks = wholeTracksOf(frames, minQuality)
  const faceByFace: Method = (all, threshold) => onlineCentroid(all, threshold, minQuality)
  onStep('average linkage')
  const linked = averageLinkage(tracks)
  const coreFaces: Method = (all, threshold) =>
    immichDbscan(all, minQuality, { maxDistance: 1 - threshold, facesOfTrack: 1 })
  const tuned = {
    nearestCentroid: tune('nearest centroid', tracks, nearestCentroid, onStep),
    windowClustering: tune('window clustering', tracks, windowClustering, onStep),
    onlineCentroid: tune('online centroid', tracks, faceByFace, onStep),
    averageLinkage: tune('average linkage', tracks, (_, threshold) => linked(threshold), onStep),
    coreFaces: tune('DBSCAN, a face a track,', tracks, coreFaces, onStep),
  }
  const trackerAlone = judge(
    tracks,
    tracks.map(({ track }) => track),
  )
  onStep('DBSCAN')
  return { ...tuned, trackerAlone, dbscan: judge(tracks, immichDbscan(tracks, minQuality)) }
}
