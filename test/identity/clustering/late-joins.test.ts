import { describe, expect, it } from 'vitest'
import { replay } from '../../../src/evaluate/replay.ts'
import type { StreamFrame } from '../../../src/evaluate/stream.ts'

/** Two unit vectors of this cosine, and one that has the cosine `both` to each of them. */
const looksOf = (cosine: number, both: number): Record<'a' | 'b' | 'between', Float32Array> => {
  const middle = Math.sqrt((1 + cosine) / 2)
  const aside = Math.sqrt((1 - cosine) / 2)
  return {
    a: Float32Array.of(middle, aside, 0),
    b: Float32Array.of(middle, -aside, 0),
    between: Float32Array.of(both / middle, 0, Math.sqrt(1 - (both / middle) ** 2)),
  }
}

/** The IDs of scenes two minutes apart, a list of the tracks each: every track is seen in four good frames. */
const idsOf = (scenes: readonly (readonly Float32Array[])[]): (string | null)[][] => {
  const frames = scenes.flatMap((looks, scene) =>
    Array.from(
      { length: 4 },
      (_, f): StreamFrame => ({
        atMs: scene * 120_000 + f * 200,
        camera: '1',
        faces: looks.map((embedding, i) => ({ person: '', track: `${scene}/${i}`, quality: 0.8, embedding })),
      }),
    ),
  )
  const { faces } = replay(frames)
  return scenes.map((looks, scene) => {
    const last = faces.filter(({ atMs }) => atMs === scene * 120_000 + 600)
    return looks.map((_, i) => last[i]?.id ?? null)
  })
}

describe('a track that ended between two people, as near to one as to the other', () => {
  // The scores of 0.55 are 0.66: each alone would have it. Those of 0.42 are 0.50 and found a new person.
  it('joins the older when the two may be one person', () => {
    for (const cosine of [0.36, 0.4, 0.44]) {
      const { a, b, between } = looksOf(cosine, 0.55)
      const [first, , third] = idsOf([[a], [b], [between]])
      expect(first, `${cosine}`).not.toEqual([null])
      expect(third, `${cosine}`).toEqual(first)
    }
  })

  it('has no ID when the two look too different to be one', () => {
    for (const cosine of [0, 0.1, 0.25]) {
      const { a, b, between } = looksOf(cosine, 0.55)
      expect(idsOf([[a], [b], [between]])[2], `${cosine}`).toEqual([null])
    }
  })

  it('has no ID when the two were seen together, however alike', () => {
    const { a, b, between } = looksOf(0.42, 0.55)
    expect(idsOf([[a, b], [between]])[1]).toEqual([null])
  })

  it('has no ID when somebody else is as near too', () => {
    const { a, b } = looksOf(0.42, 0.55)
    const apart = Float32Array.of(...a.map(() => 0), 1)
    const [x, y] = [Float32Array.of(...a, 0), Float32Array.of(...b, 0)]
    const between = Float32Array.of(0.55 / (a[0] ?? 1), 0, 0, 0)
    between[3] = 0.54
    between[2] = Math.sqrt(1 - (between[0] ?? 0) ** 2 - (between[3] ?? 0) ** 2)
    expect(idsOf([[x], [y], [apart], [between]])[3]).toEqual([null])
  })
})

describe('two short, poor tracks that are like a new person, but unlike each other', () => {
  it('are not both the new person’s: the second is compared with what the first has made of it', () => {
    // Each scores 0.75 with the third track; with the person of the first and the third the second scores 0.5.
    const { a: first, b: second } = looksOf(2 * 0.55 ** 2 - 1, 0.55)
    const third = Float32Array.of(1, 0, 0)
    const frames = [first, second, third].flatMap((embedding, scene) =>
      Array.from({ length: scene === 2 ? 4 : 2 }, (_, f): StreamFrame => {
        const face = { person: '', track: `${scene}`, quality: 0.4, embedding }
        return { atMs: scene * 10_000 + f * 200, camera: '1', faces: [face] }
      }),
    )
    const ids = replay(frames).faces.map(({ id }) => id)
    expect(ids.at(-1)).not.toBeNull()
    expect(ids.slice(0, 4)).toEqual([ids.at(-1), ids.at(-1), null, null])
  })
})
