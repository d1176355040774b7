import { describe, expect, it } from 'vitest'
import { replay } from '../../src/evaluate/replay.ts'
import type { StreamFace, StreamFrame } from '../../src/evaluate/stream.ts'
import { direction, near, randomFrom } from '../identity/support/faces.ts'

describe('replay', () => {
  it('knows by the end who a track was that had no ID while it could be seen', () => {
    const random = randomFrom(4)
    const [ann, bob] = [direction(random), direction(random)]
    const shot = (look: Float32Array, person: string, track: string, fromMs: number, frames: number): StreamFrame[] =>
      Array.from({ length: frames }, (_, i) => {
        const face: StreamFace = { person, track, quality: 0.8, embedding: near(look, 0.3, random) }
        return { atMs: fromMs + 100 * i, camera: '1', faces: [face] }
      })
    const frames = [
      ...shot(ann, 'ann', 'short', 0, 2),
      ...shot(bob, 'bob', 'other', 5000, 2),
      ...shot(ann, 'ann', 'long', 10_000, 9),
    ]
    const { faces } = replay(frames)
    const of = (person: string, fromMs: number) => faces.filter(({ truth, atMs }) => truth === person && atMs >= fromMs)
    const [id] = of('ann', 10_800)
    expect(id?.id).not.toBeNull()
    expect(new Set(of('ann', 0).map((face) => face.id))).toEqual(new Set([id?.id]))
    expect(of('ann', 0).slice(0, 2)).toMatchObject([{ live: false }, { live: false }])
    expect(of('bob', 0).map((face) => face.id)).toEqual([null, null])
  })
})
