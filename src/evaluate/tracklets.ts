import { type Template, weightOf, withFace } from '../math/template.ts'
import { trackerOptions } from '../tracking/options.ts'
import { createGuard } from './guard-tracks.ts'
import type { StreamFace, StreamFrame } from './stream.ts'

/** A complete track, as the baselines need it. */
export interface WholeTrack {
  readonly track: string
  /** Its faces weighted by squared quality; null when none reached `minQuality`. */
  readonly template: Template | null
  readonly faces: readonly StreamFace[]
  readonly atMs: readonly number[]
}

/**
 * The stream's tracks in the order in which they end, after the swap guard that the engine gets too. A baseline may
 * decide on a whole track at once, which an online system cannot.
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
