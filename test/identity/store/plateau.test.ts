import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEvents } from '../../../src/identity/events/events.ts'
import { fileOf, openStore } from '../../../src/identity/store/open.ts'
import type { Store } from '../../../src/identity/store/store.ts'
import { direction, randomFrom } from '../support/faces.ts'
import { changeOf, embedder, personAt, temporaryDirectory } from './states.ts'

const bounds = { events: 400, sightings: 300, settled: 200, unassigned: 100 }
const dayMs = 86_400_000
const noonMs = Date.UTC(2026, 2, 2, 12)

/** So many visits are one commit. */
const together = 20

/** Commits visits: somebody comes, is seen, and goes, a minute after the one before. `from` have been there already. */
const createVisits = (store: Store, sightingDays: number | null, from = 0) => {
  const events = createEvents('site', 2 * from)
  const random = randomFrom(from + 1)
  const people = Array.from({ length: 12 }, (_, i) => personAt(i))
  let number = from
  const visit = () => {
    number++
    const person = `p-${number % people.length}`
    const [track, atMs] = [`door/s/${number}`, noonMs + number * 60_000]
    const face = { camera: 'door', track, atMs, candidate: null, threshold: 0.55 }
    const told = [1, 2].map(() => events.created({ id: person, name: null }, face, atMs))
    const part = { track, seq: number, fromMs: atMs - 30_000, untilMs: atMs, frames: 60 }
    const whose = { person, camera: 'door', ended: true }
    const sighting = { number, sighting: `${track}/1`, ...whose, ...part, tracks: [part] }
    const look = { weight: 1, sum: direction(random) }
    const shown = { firstMs: atMs - 1000, faces: 5, quality: 0.7 }
    return { told, sighting, settled: { track, seq: number, person, camera: 'door', lastMs: atMs, look, shown } }
  }
  return (count: number): void => {
    for (let i = 0; i < count; i += together) {
      const visits = Array.from({ length: together }, visit)
      const clockMs = noonMs + number * 60_000
      const change = changeOf({
        sequence: 2 * number,
        created: people.length,
        people: i === 0 ? people : [],
        events: visits.flatMap(({ told }) => told),
        sightings: visits.map(({ sighting }) => sighting),
        settled: visits.map(({ settled }) => settled),
        unassigned: visits.map(({ settled }) => settled),
        clockMs,
        sightingsFromMs: sightingDays === null ? null : clockMs - sightingDays * dayMs,
      })
      store.commit(change)
      store.published(change.sequence)
    }
  }
}

const openBounded = (directory: string): Store => {
  const store = openStore(directory, { embedder, bounds })
  onTestFinished(() => store.close())
  return store
}

/** A few pages more or less: rows differ in length. */
const flat = (bytes: number): number => 1.05 * bytes

test('once the bounds are reached, neither rows nor files grow any more, also over restarts', () => {
  const directory = temporaryDirectory()
  let store = openBounded(directory)
  const visit = createVisits(store, null)
  const full = { events: 400, sightings: 300, settled: 200, unassigned: 100 }
  visit(600)
  expect(store.sizes().rows).toEqual(full)
  const { bytes } = store.sizes()
  const logOf = (): number => statSync(`${fileOf(directory)}-wal`).size
  for (let i = 0; i < 10; i++) {
    visit(600)
    expect(store.sizes().rows).toEqual(full)
    expect(store.sizes().bytes).toBeLessThanOrEqual(flat(bytes))
    expect(logOf()).toBeLessThan(8_000_000)
  }
  const after = store.sizes()
  store.close()
  expect(statSync(fileOf(directory)).size).toBe(after.bytes)
  store = openBounded(directory)
  createVisits(store, null, 6600)(1200)
  expect(store.sizes().rows).toEqual(full)
  expect(store.sizes().bytes).toBeLessThanOrEqual(flat(bytes))
})

test('what is over for longer than sightingDays goes before the bounds are reached', () => {
  const store = openBounded(join(temporaryDirectory(), 'state'))
  const visit = createVisits(store, 144 / (24 * 60))
  visit(600)
  const { bytes, rows } = store.sizes()
  // Those of 144 minutes, and the commit that they end in.
  expect(rows).toMatchObject({ sightings: 160, settled: 160 })
  visit(3000)
  expect(store.sizes().rows).toEqual(rows)
  expect(store.sizes().bytes).toBeLessThanOrEqual(flat(bytes))
})

test('a state that was larger comes down to the bounds a little with each commit, and its pages are used again', () => {
  const directory = temporaryDirectory()
  const large = openStore(directory, { embedder })
  createVisits(large, null)(2000)
  const before = large.sizes()
  expect(before.rows).toMatchObject({ sightings: 2000, settled: 2000 })
  large.close()
  const store = openBounded(directory)
  createVisits(store, null, 2000)(1600)
  const after = store.sizes()
  expect(after.rows).toMatchObject({ sightings: 300, settled: 200 })
  expect(after.bytes).toBeLessThanOrEqual(flat(before.bytes))
  expect(after.freeBytes).toBeGreaterThan(before.bytes / 2)
})
