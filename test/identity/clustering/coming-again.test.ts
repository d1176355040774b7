import { describe, expect, it } from 'vitest'
import { seldomOf } from '../../../src/identity/clustering/coming-again.ts'
import { comparisonOn } from '../../../src/identity/people/evidence.ts'
import { createPeople } from '../../../src/identity/people/people.ts'
import { direction, randomFrom } from '../support/faces.ts'

const hourMs = 3_600_000

/** So many people whom a camera saw once, at time 0. */
const seenOnce = (count: number) => {
  const people = createPeople(comparisonOn({ scale: 1, offset: 0 }))
  const random = randomFrom(count)
  const all = Array.from({ length: count }, (_, i) => {
    const person = people.create(`door/s/${i}`, 'door', 0)
    people.teach(person, { sum: direction(random), weight: 1 })
    person.tracks = 1
    return person
  })
  return { people, all }
}

describe('those who have hardly come again', () => {
  it.each([
    ['every five seconds', 5000],
    ['at odd times', 7919],
    ['every three minutes', 180_000],
    ['once', 600_000],
  ])('are each looked at once in ten minutes, with looks %s', (_, everyMs) => {
    const { people, all } = seenOnce(250)
    const seen = []
    let sinceMs = 2 * hourMs
    while (sinceMs < 2 * hourMs + 600_000) {
      const nowMs = Math.min(sinceMs + everyMs, 2 * hourMs + 600_000)
      seen.push(...seldomOf(people, { camera: 'door', sinceMs, nowMs }))
      sinceMs = nowMs
    }
    expect(seen.map(({ order }) => order).sort((a, b) => a - b)).toEqual(all.map(({ order }) => order))
  })

  it('are not all looked at at once by many after a night, but within the next ten minutes', () => {
    const { people, all } = seenOnce(3000)
    const seen = new Set(seldomOf(people, { camera: 'door', sinceMs: hourMs, nowMs: 12 * hourMs }))
    expect(seen.size).toBe(1000)
    for (let nowMs = 12 * hourMs + 5000; nowMs < 12 * hourMs + 600_000; nowMs += 5000)
      for (const one of seldomOf(people, { camera: 'door', sinceMs: nowMs - 5000, nowMs })) seen.add(one)
    expect(seen.size).toBe(all.length)
  })

  it('are those of this camera without a name, of one or two tracks that are over, last seen an hour ago', () => {
    const { people, all } = seenOnce(9)
    const [two, three, named, elsewhere, live, enrolled, recent] = all
    if (!two || !three || !named || !elsewhere || !live || !enrolled || !recent) throw new Error('nobody')
    two.tracks = 2
    three.tracks = 3
    named.name = 'Ann'
    elsewhere.lastCamera = 'hall'
    live.contributions.set({}, { sum: new Float32Array(128), weight: 1 })
    enrolled.tracks = 0
    recent.lastSeenAtMs = 1
    const found = seldomOf(people, { camera: 'door', sinceMs: -Infinity, nowMs: hourMs })
    expect(found).toEqual([two, ...all.slice(7)])
  })
})
