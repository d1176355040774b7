import type { TrackerOptions } from '../tracking/options.ts'
import { type Guarded, guardSwap, unguarded } from '../tracking/swap-guard.ts'
import type { StreamFace } from './stream.ts'

/** What a worker would say of one frame: the faces on their tracks, and the tracks that have ended. */
export interface GuardedFrame {
  readonly faces: readonly StreamFace[]
  readonly endedTracks: readonly string[]
}

/**
 * Does with simulated tracks what a worker does: splits swapped tracks, and ends those that were not seen for
 * `maxAgeMs`.
 */
export const createGuard = (limits: TrackerOptions) => {
  const followed = new Map<string, { id: string; guarded: Guarded; seenMs: number; camera: string }>()
  let made = 0
  return (camera: string, atMs: number, faces: readonly StreamFace[]): GuardedFrame => {
    const endedTracks: string[] = []
    const nextId = (): string => `${camera}/s/${made++}`
    for (const [track, { id, seenMs, camera: where }] of followed)
      if (where === camera && atMs - seenMs > limits.maxAgeMs) {
        followed.delete(track)
        endedTracks.push(id)
      }
    const guardedFaces = faces.map((face): StreamFace => {
      const known = followed.get(face.track) ?? { id: nextId(), guarded: unguarded }
      const { track: guarded, split } = guardSwap(known.guarded, face.embedding, face.quality, limits)
      if (split) endedTracks.push(known.id)
      const id = split ? nextId() : known.id
      followed.set(face.track, { id, guarded, seenMs: atMs, camera })
      return { ...face, track: id }
    })
    return { faces: guardedFaces, endedTracks }
  }
}
