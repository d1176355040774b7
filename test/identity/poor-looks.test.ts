import { describe, expect, it } from 'vitest'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { dot, unit } from '../../src/math/vector.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './support/faces.ts'

const poor = 0.4

/** One camera, whose tracks come one after the other, two seconds apart. */
const site = (setup: Parameters<typeof createIdentity>[1] = {}) => {
  const random = randomFrom(5)
  const engine = createIdentity(identityOptions.parse({}), setup)
  const fault = () => direction(random)
  let [atMs, seq, tracks] = [0, 0, 0]
  return {
    engine,
    random,
    fault,
    /** `ada` as she looks where the picture has this fault: the cosine to her clear look is about `share`. */
    spoilt: (ada: Float32Array, by: Float32Array, share: number): Float32Array =>
      unit(ada.map((value, i) => share * value + Math.sqrt(1 - share ** 2) * (by[i] as number))) as Float32Array,
    show: (look: Float32Array, quality: number, faces: number): void => {
      const track = `door/s/${tracks++}`
      for (let i = 0; i < faces; i++)
        engine.update(facesAt((atMs += 500), seq++, [faceOf(track, near(look, 0.15, random), quality)]))
      engine.update(facesAt((atMs += 2000), seq++, [], { endedTracks: [track] }))
    },
  }
}

describe('looks of poor quality, which share a fault', () => {
  it('split nobody, however often they come', () => {
    const { engine, random, fault, spoilt, show } = site()
    const ada = direction(random)
    const faults = [fault(), fault()]
    for (let i = 0; i < 8; i++) show(ada, 0.85, 6)
    expect(engine.people()).toHaveLength(1)
    for (let i = 0; i < 60; i++) {
      for (const by of faults) show(spoilt(ada, by, 0.52), poor, 1)
      if (i % 5 === 0) show(ada, 0.85, 3)
    }
    engine.finish()
    expect(engine.people()).toHaveLength(1)
    expect(engine.people()[0]?.tracks).toBeGreaterThan(100)
  })

  it('make nobody of a person who is known, in several short tracks or in a long one', () => {
    const { engine, random, fault, spoilt, show } = site()
    const ada = direction(random)
    for (let i = 0; i < 8; i++) show(ada, 0.85, 6)
    const night = spoilt(ada, fault(), 0.38)
    for (let i = 0; i < 10; i++) show(night, poor, 1)
    show(spoilt(ada, fault(), 0.46), poor, 40)
    engine.finish()
    expect(engine.people()).toHaveLength(1)
  })

  it('still make a person of whom nobody is like', () => {
    const { engine, random, show } = site()
    for (let i = 0; i < 8; i++) show(direction(random), 0.85, 6)
    show(direction(random), poor, 12)
    expect(engine.people()).toHaveLength(9)
  })
})

describe('looks that have much of what poor pictures have in common', () => {
  const fault = direction(randomFrom(9))
  const setup = { scale: { scale: 1, offset: 0, poor: Array.from(fault) } }

  it('found nobody while somebody is near, whatever their quality says', () => {
    const ids = [{}, setup].map((each) => {
      const { engine, random, spoilt, show } = site(each)
      const ada = direction(random)
      for (let i = 0; i < 8; i++) show(ada, 0.85, 6)
      // A look whose cosine to the person is .3 without the fault.
      const look = spoilt(spoilt(ada, direction(random), 0.3), fault, 0.8)
      expect(dot(look, fault)).toBeGreaterThan(0.4)
      show(look, 0.85, 12)
      engine.finish()
      return engine.people().length
    })
    expect(ids, 'without a direction, and with one').toEqual([2, 1])
  })
})
