import { type Template, weightOf, withFace } from '../math/template.ts'
import { trackerOptions } from '../tracking/options.ts'
import { createGuard } from './guard-tracks.ts'
import type { StreamFace, StreamFrame } from './stream.ts'

/** One track as a whole: what the baselines work on. */
export interface WholeTrack {
  readonly track: string
  /** Weighted by squared quality; null when no face was good enough. */
  readonly template: Template | null
  readonly faces: readonly StreamFace[]
  readonly atMs: readonly number[]
}

/**
 * The stream's tracks in the order of their end, after the same guard against swaps that the engine gets. A baseline
 * may decide on the whole track at once, which is more than an online system has.
 */
export const wholeTracksOf = (frames: readonly StreamFrame[], minQuality: number): WholeTrack[] => {
  const guard = createGuard(trackerOptions.parse({}))
  const tracks = new Map<string, { template: Template | null; faces: StreamFace[]; atMs: number[] }>()
  for (const { atMs, camera, faces } of frames)
    for (const face of guard(camera, atMs, faces).faces) {
      const track = tracks.get(face.track) ?? { template: null, faces: [], atMs: [] }
      tracks.set(face.track, track)
      track.faces.push(face)
      track.atMs.push(atMs)
      if (face.quality >= minQuality) track.template = withFace(track.template, face.embedding, weightOf(face.quality))
    }
  return [...tracks]
    .map(([track, rest]) => ({ track, ...rest }))
    .sort((a, b) => (a.atMs.at(-1) ?? 0) - (b.atMs.at(-1) ?? 0))
}
