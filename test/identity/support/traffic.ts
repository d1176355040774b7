import fc from 'fast-check'
import { type CameraChange, cameraStates, type Faces } from '../../../src/types.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './faces.ts'

export type Message = { readonly faces: Faces } | { readonly change: CameraChange }

const step = fc.record({
  camera: fc.integer({ min: 0, max: 2 }),
  gapMs: fc.integer({ min: -300, max: 4000 }),
  /** Which of the tracks of this camera are in the frame, who they look like, and how well. */
  faces: fc.uniqueArray(
    fc.record({
      track: fc.integer({ min: 0, max: 5 }),
      /** Null: as this track usually looks, which is like another track of the camera. */
      person: fc.oneof(
        { weight: 6, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 }) },
      ),
      noise: fc.constantFrom(0.2, 0.6, 0.9, 1.2),
      quality: fc.constantFrom(null, 0.1, 0.3, 0.6, 0.9),
    }),
    { selector: ({ track }) => track, maxLength: 4 },
  ),
  ended: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 2 }),
  event: fc.oneof(
    { weight: 20, arbitrary: fc.constant(null) },
    { weight: 3, arbitrary: fc.constantFrom(...cameraStates) },
  ),
  kind: fc.oneof(
    { weight: 20, arbitrary: fc.constant('next' as const) },
    { weight: 1, arbitrary: fc.constantFrom('repeat' as const, 'new stream' as const) },
  ),
})

/**
 * Anything that vision processes may say, and some that they should not: three cameras whose clocks differ and jump,
 * tracks that change their looks or come back after their end, repeated messages, reconnects.
 */
export const traffic = fc.array(step, { minLength: 30, maxLength: 150 }).map((steps): Message[] => {
  const random = randomFrom(11)
  const looks = Array.from({ length: 5 }, () => direction(random, 16))
  const cameras = [0, 1, 2].map((i) => ({ name: `c${i}`, atMs: 1_700_000_000_000 + i * 777, seq: 0, stream: 0 }))
  return steps.map(({ camera: number, gapMs, faces, ended, event, kind }): Message => {
    const camera = cameras[number] as (typeof cameras)[number]
    camera.atMs += gapMs
    if (event) return { change: { camera: camera.name, state: event, atMs: camera.atMs, reason: 'drawn' } }
    if (kind === 'new stream') {
      camera.stream++
      camera.seq = 0
    } else if (kind === 'next') camera.seq++
    const trackOf = (track: number): string => `${camera.name}/s${camera.stream}/${track}`
    return {
      faces: facesAt(
        camera.atMs,
        camera.seq,
        faces.map(({ track, person, noise, quality }, i) => {
          const embedding = near(looks[person ?? track % 3] as Float32Array, noise, random)
          return faceOf(trackOf(track), quality === null ? null : embedding, quality ?? 0, i / 5)
        }),
        { camera: camera.name, stream: `s${camera.stream}`, endedTracks: ended.map(trackOf) },
      ),
    }
  })
})
