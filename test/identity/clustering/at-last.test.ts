import { describe, expect, it } from 'vitest'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { agreementOf } from '../../../src/identity/people/exemplars.ts'
import { dot, unit } from '../../../src/math/vector.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../support/faces.ts'

const minuteMs = 60_000

/** One camera; a track a minute, of somebody or of several at once. */
const watching = () => {
  const engine = createIdentity(identityOptions.parse({}))
  const random = randomFrom(7)
  let [minute, tracks] = [0, 0]
  const show = (...looks: readonly Float32Array[]): void => {
    const names = looks.map(() => `door/s/${tracks++}`)
    const startMs = minute++ * minuteMs
    for (let i = 0; i < 6; i++) {
      const faces = looks.map((look, k) => faceOf(`${names[k]}`, near(look, 0.15, random), 0.9, 0.2 * k))
      engine.update(facesAt(startMs + 200 * i, 10 * minute + i, faces))
    }
    engine.update(facesAt(startMs + 1400, 10 * minute + 7, [], { endedTracks: names }))
  }
  return { engine, random, show }
}

/** Somebody who looks different: the cosine to the first look is `share`. */
const otherLook = (of: Float32Array, share: number, random: () => number): Float32Array => {
  const other = direction(random, of.length)
  const along = dot(other, of)
  const across = unit(other.map((value, i) => value - along * (of[i] ?? 0))) as Float32Array
  return of.map((value, i) => share * value + Math.sqrt(1 - share ** 2) * (across[i] ?? 0))
}

describe('a last look at everybody, when recordings are over', () => {
  /** Ada in two looks, each seen three times, and so many others. */
  const two = (isOver: boolean, share: number, before: (parts: ReturnType<typeof watching>) => void = () => {}) => {
    const parts = watching()
    const { show, random } = parts
    const ada = direction(random)
    const looks = [ada, otherLook(ada, share, random)] as const
    for (let i = 0; i < 3; i++) for (const look of looks) show(look)
    for (let i = 0; i < 4; i++) show(direction(random))
    expect(parts.engine.people()).toHaveLength(6)
    before(parts)
    const merges = parts.engine.finish(isOver).filter(({ type }) => type === 'rollcall.person.merged.v1')
    expect(parts.engine.people()).toHaveLength(6 - merges.length)
    return merges
  }

  it('merges two whose looks are all alike, and are like nobody else, and says why', () => {
    const [merge, ...others] = two(true, 0.47)
    expect(others).toEqual([])
    expect(merge?.data).toMatchObject({ by: 'engine', threshold: 0.4 })
  })

  it('does not at a live site, to which people may come again', () => {
    expect(two(false, 0.47)).toEqual([])
  })

  it('leaves two who are less alike', () => {
    expect(two(true, 0.34)).toEqual([])
  })

  it('leaves two with names, and two who were told apart', () => {
    const named = ({ engine }: ReturnType<typeof watching>): void => {
      for (const [i, { id }] of engine.people().entries()) engine.name(id, `person ${i}`, 0)
    }
    const apart = ({ engine }: ReturnType<typeof watching>): void => {
      const [one, other] = engine.people()
      engine.separate(`${one?.id}`, `${other?.id}`, 0)
    }
    expect(two(true, 0.47, named)).toEqual([])
    expect(two(true, 0.47, apart)).toEqual([])
  })

  it('leaves two whom a third is nearly as like', () => {
    const { engine, random, show } = watching()
    const ada = direction(random)
    const looks = [ada, otherLook(ada, 0.47, random), otherLook(ada, 0.45, random)] as const
    // The two others were seen in one picture, so each speaks against the other being Ada.
    show(looks[1], looks[2])
    for (let i = 0; i < 3; i++) for (const look of looks) show(look)
    expect(engine.people()).toHaveLength(3)
    engine.finish(true)
    expect(engine.people()).toHaveLength(3)
  })
})

describe('agreementOf', () => {
  it('is the root of the mean cosine of all pairs, each with itself too', () => {
    const random = randomFrom(3)
    const looks = Array.from({ length: 5 }, () => ({ sum: near(direction(randomFrom(1)), 1.2, random), weight: 1 }))
    let sum = 0
    for (const one of looks) for (const other of looks) sum += dot(one.sum, other.sum)
    expect(agreementOf(looks) ** 2).toBeCloseTo(sum / 25, 5)
    expect(agreementOf([])).toBe(0)
  })
})
