import { createIdentity, type IdentitySetup } from '../../identity/identity.ts'
import { identityOptions } from '../../identity/options.ts'
import type { Face, Landmarks } from '../../types.ts'
import type { ClusterFace } from '../cluster-faces.ts'
import { createLiveIds } from '../live-ids.ts'

/** A face of a photo, as the engine is shown it. */
export interface ShownFace extends ClusterFace {
  /** Overall quality, 0–1. */
  readonly quality: number
}

/** Each photo is seen for as many frames as in `eval identities --level hard`: more than two people together need to be two. */
const framesOfPhoto = 4
const frameMs = 200
/** From one photo to the next: longer than `identity.tentativeMs`, so that no face is decided by the next one. */
const photoMs = 90_000

const camera = 'photos'
const middle = { x: 0.5, y: 0.5 }
const landmarks: Landmarks = [middle, middle, middle, middle, middle]

/** The engine does not use the places of faces. */
const faceOf = ({ embedding, quality }: ShownFace, face: number): Face => ({
  track: `${face}`,
  box: { x: 0.4, y: 0.4, width: 0.1, height: 0.1 },
  landmarks,
  score: 0.9,
  embedding: Float32Array.from(embedding),
  quality: { overall: quality, sizePx: 80, sharpness: 1, yaw: 0 },
})

/**
 * What a recording of the photos would make of them, one after another in their order: each face is a track, and the engine says
 * whose, with all its rules; nobody is archived, and nobody comes again. `scale` is the embedder's. Returns the number of each face's
 * person; −1 for faces that show too little for anybody.
 */
export const oneAfterAnother = (faces: readonly ShownFace[], scale?: IdentitySetup['scale'] | null): Int32Array => {
  const engine = createIdentity(identityOptions.parse({ archiveAfterDays: null }), scale ? { scale } : {})
  const live = createLiveIds()
  let [seq, startMs] = [0, 0]
  let endedTracks: readonly string[] = []
  for (const shown of Map.groupBy(faces.keys(), (face) => faces[face]?.photo).values()) {
    const seen = shown.map((face) => faceOf(faces[face] as ShownFace, face))
    for (let frame = 0; frame < framesOfPhoto; frame++) {
      const atMs = startMs + frame * frameMs
      const stamp = {
        camera,
        stream: camera,
        seq: seq++,
        ptsUs: atMs * 1000,
        capturedAtMs: atMs,
        clock: 'file' as const,
      }
      live.saw(engine.update({ ...stamp, width: 1280, height: 720, faces: seen, endedTracks }))
      endedTracks = []
    }
    endedTracks = seen.map(({ track }) => track)
    startMs += photoMs
  }
  live.saw(engine.finish(true))
  const numbers = new Map<string, number>()
  return Int32Array.from(faces.keys(), (face) => {
    const person = live.personOf(`${face}`)
    if (person === null) return -1
    const number = numbers.get(person) ?? numbers.size
    numbers.set(person, number)
    return number
  })
}
