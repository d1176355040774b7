import { describe, expect, it } from 'vitest'
import { comparisonOn, leftOn } from '../../../src/identity/people/evidence.ts'
import { combined, evidenceOfLooks, knownBy } from '../../../src/identity/people/exemplars.ts'
import { createPeople } from '../../../src/identity/people/people.ts'
import { personIdFor } from '../../../src/identity/people/person-id.ts'
import { contributionOf } from '../../../src/identity/people/person-record.ts'
import { withFace } from '../../../src/math/template.ts'
import { dot, unit } from '../../../src/math/vector.ts'
import { direction, near, randomFrom } from '../support/faces.ts'

const random = randomFrom(2)
const looks = Array.from({ length: 40 }, () => direction(random))
/** What stands for the track that each look was seen on. */
const tracks = looks.map(() => ({}))
const compare = comparisonOn({ scale: 1, offset: 0 })
const meanOf = (person: { readonly known: { readonly mean: Float32Array } | null }) =>
  person.known?.mean ?? new Float32Array(0)
const contribution = (embedding: Float32Array, weight = 1, bestQuality = 1) =>
  contributionOf(withFace(null, embedding, weight), bestQuality)

describe('personIdFor', () => {
  it('depends on the track alone, and looks like p- and ten letters or digits', () => {
    const id = personIdFor('door/s1/0', () => false)
    expect(id).toBe(personIdFor('door/s1/0', () => false))
    expect(id).toMatch(/^p-[a-z2-7]{10}$/)
    expect(id).not.toBe(personIdFor('door/s1/1', () => false))
  })

  it('is another one when it is taken', () => {
    const first = personIdFor('door/s1/0', () => false)
    const second = personIdFor('door/s1/0', (id) => id === first)
    expect(second).not.toBe(first)
    expect(personIdFor('door/s1/0', (id) => id === first || id === second)).not.toBe(second)
  })

  it('has no collision among 20,000 tracks', () => {
    const ids = new Set(Array.from({ length: 20_000 }, (_, i) => personIdFor(`c/s/${i}`, () => false)))
    expect(ids.size).toBe(20_000)
  })
})

describe('createPeople', () => {
  it('finds whom a poor look shows, however many others were seen as poorly', () => {
    const poor = Array.from(direction(randomFrom(8)))
    const scale = { scale: 1, offset: 0, poor }
    const spoilt = (look: Float32Array): Float32Array =>
      unit(look.map((value, i) => value + 2 * (poor[i] ?? 0))) as Float32Array
    const people = createPeople(comparisonOn(scale), 0, 0, leftOn(scale))
    for (const [i, look] of looks.entries())
      people.contribute(people.create(`c/s/${i}`, 'c', i), tracks[i] as object, contribution(i ? spoilt(look) : look))
    const [found] = people.nearest({ mean: spoilt(looks[0] as Float32Array), evidence: 0.5 }, 1, () => true)
    expect(found?.person.order).toBe(0)
  })

  const fill = () => {
    const people = createPeople(compare)
    const records = looks.map((embedding, i) => {
      const person = people.create(`c/s/${i}`, 'c', i)
      people.contribute(person, tracks[i] as object, contribution(embedding))
      return person
    })
    return { people, records }
  }

  it('finds the same nearest people as a full sort of those that are allowed', () => {
    const { people, records } = fill()
    const query = { mean: near(looks[7] as Float32Array, 1, random), evidence: 0.5 }
    const allowed = (person: (typeof records)[number]) => person.order % 3 !== 0
    const expected = records
      .filter(allowed)
      .map((person) => ({ person, similarity: 0, score: 0, ...people.compare(query, person) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 5)
    expect(people.nearest(query, 5, allowed)).toEqual(expected)
    expect(people.nearest(query, 100, () => true)).toHaveLength(40)
  })

  it('removes a contribution without a trace', () => {
    const { people, records } = fill()
    const [person] = records as [(typeof records)[number]]
    const before = Float32Array.from(meanOf(person))
    const track = {}
    people.contribute(person, track, contribution(looks[1] as Float32Array, 2))
    expect(dot(meanOf(person), before)).toBeLessThan(0.9)
    expect(people.without(person, track)?.mean).toEqual(before)
    people.contribute(person, track, null)
    expect(meanOf(person)).toEqual(before)
    expect(people.without(person, tracks[0] ?? {})).toBeNull()
  })

  it('bounds the evidence of one track', () => {
    expect(contribution(looks[0] as Float32Array, 50).weight).toBeLessThan(1)
  })

  it('counts a poor look less than a clear one, in what the person is known by and as evidence of another person', () => {
    const [clear, poor] = [contribution(looks[0] as Float32Array), contribution(looks[1] as Float32Array, 1, 0.2)]
    expect(poor.weight).toBe(clear.weight)
    const known = knownBy([clear, poor])?.mean ?? new Float32Array(0)
    expect(dot(known, looks[0] as Float32Array)).toBeGreaterThan(2 * dot(known, looks[1] as Float32Array))
    const repeated = Array.from({ length: 20 }, () => poor).reduce(combined)
    expect(evidenceOfLooks([repeated])).toBeCloseTo(0.25, 2)
    expect(evidenceOfLooks([Array.from({ length: 20 }, () => clear).reduce(combined)])).toBeCloseTo(1, 2)
  })

  it('keeps the looks of settled tracks in few exemplars, and lets the past fade', () => {
    const people = createPeople(compare)
    const person = people.create('c/s/0', 'c', 0)
    const old = looks[0] as Float32Array
    const now = looks[1] as Float32Array
    const live = (look: Float32Array) => {
      const track = {}
      people.contribute(person, track, contribution(near(look, 0.3, random), 3))
      people.settle(person, track)
    }
    for (let i = 0; i < 200; i++) live(old)
    expect(person.contributions.size).toBe(0)
    expect(person.exemplars.length).toBeLessThanOrEqual(8)
    expect(dot(meanOf(person), old)).toBeGreaterThan(0.95)
    for (let i = 0; i < 100; i++) live(now)
    expect(dot(meanOf(person), now)).toBeGreaterThan(0.3)
  })

  it('follows aliases over several merges and never gives a merged ID again', () => {
    const { people, records } = fill()
    const [a, b, c] = records as [(typeof records)[number], (typeof records)[number], (typeof records)[number]]
    people.merge(c, b, 'engine')
    people.merge(b, a, 'user')
    expect([a, b, c].map(({ id }) => people.resolve(id))).toEqual([a.id, a.id, a.id])
    expect(people.find(c.id)).toBe(a)
    expect(people.all()).toHaveLength(38)
    expect(people.create('c/s/2', 'c', 0).id).not.toBe(c.id)
    expect(people.resolve('p-unknown')).toBe('p-unknown')
    expect(people.find('p-unknown')).toBeNull()
  })
})
