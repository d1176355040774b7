import { expect, it } from 'vitest'
import { createDuplicates } from '../../../src/identity/gallery/duplicates.ts'
import { createCoOccurrence } from '../../../src/identity/people/co-occurrence.ts'
import { comparisonOn } from '../../../src/identity/people/evidence.ts'
import { createPeople } from '../../../src/identity/people/people.ts'
import { direction, near, randomFrom } from '../support/faces.ts'

/** People of whom every second is much like the one before; searches are counted. */
const crowd = (count: number) => {
  const random = randomFrom(3)
  const people = createPeople(comparisonOn({ scale: 1, offset: 0 }))
  const coOccurrence = createCoOccurrence(3, people)
  let [searches, look] = [0, direction(random, 32)]
  for (let i = 0; i < count; i++) {
    const person = people.create(`door/s/${i}`, 'door', 1000 + i)
    look = i % 2 ? near(look, 0.6, random) : direction(random, 32)
    people.teach(person, { sum: look, weight: 1 })
  }
  const nearestTo: typeof people.nearestTo = (...args) => {
    searches++
    return people.nearestTo(...args)
  }
  const counted = { all: people.all, nearestTo }
  const assignments = { mergeThreshold: () => 1.5 }
  const duplicates = createDuplicates({ people: counted, coOccurrence, assignments, options: { create: 0.75 } })
  return { duplicates, people, coOccurrence, searches: () => searches, random }
}

it('a call makes no more searches than it may, and calls together look at everybody once', () => {
  const { duplicates, searches } = crowd(500)
  const looked = Array.from({ length: 6 }, () => duplicates.likelyDuplicates(100).looked)
  expect(looked).toEqual([100, 200, 300, 400, 500, 500])
  expect(searches()).toBe(500)
  const { pairs } = duplicates.likelyDuplicates(100)
  expect(searches(), 'nobody has changed').toBe(500)
  expect(pairs.length).toBeGreaterThan(200)
})

it('whose looks change is looked at again, with whom it was like, and nobody else; who was seen together or told apart is no pair', () => {
  const { duplicates, people, coOccurrence, searches, random } = crowd(40)
  duplicates.likelyDuplicates(100)
  const [first] = duplicates.likelyDuplicates(0).pairs
  if (!first) throw new Error('there is a pair')
  const person = people.find(first.from)
  if (person) people.teach(person, { sum: direction(random, 32), weight: 0.01 })
  duplicates.likelyDuplicates(100)
  expect(searches()).toBe(42)
  const has = (): boolean =>
    duplicates.likelyDuplicates(100).pairs.some(({ into, from }) => into === first.into && from === first.from)
  expect(has()).toBe(true)
  coOccurrence.add(first.into, first.from, 1)
  expect(has()).toBe(false)
})

it('goes on to the next likely pair as soon as the first is none, and back when that is undone', () => {
  const { duplicates, people, coOccurrence } = crowd(0)
  // The third is like the first, but more like the fourth: only the first can tell of the two.
  const looks = [[1], [1, 0.1], [0.8, 0, 0.6], [0.8, 0, 0.6, 0.1]]
  const [one, other, third] = looks.map((values, i) => {
    const person = people.create(`door/s/${i}`, 'door', 1000 + i)
    people.teach(person, { sum: Float32Array.from({ length: 32 }, (_, d) => values[d] ?? 0), weight: 1 })
    return person
  })
  if (!one || !other || !third) throw new Error('three are needed')
  const isAsked = (a: { id: string }, b: { id: string }): boolean =>
    duplicates.likelyDuplicates(100).pairs.some(({ into, from }) => into === a.id && from === b.id)
  expect(isAsked(one, other)).toBe(true)
  coOccurrence.set(one.id, other.id, Infinity)
  expect(isAsked(one, third), 'told apart').toBe(true)
  coOccurrence.set(one.id, other.id, 0)
  expect(isAsked(one, other), 'undone').toBe(true)
  for (const person of [one, other]) {
    person.name = person === one ? 'Ada' : 'Bo'
    people.touch(person)
  }
  expect([isAsked(one, other), isAsked(one, third)], 'named').toEqual([false, true])
  people.remove(third)
  expect(isAsked(one, third), 'deleted').toBe(false)
})

it('says the same each time, also after a restart', () => {
  const [a, b] = [crowd(60), crowd(60)]
  for (let i = 0; i < 6; i++) a.duplicates.likelyDuplicates(10)
  expect(a.duplicates.likelyDuplicates(0).pairs).toEqual(b.duplicates.likelyDuplicates(1000).pairs)
})
