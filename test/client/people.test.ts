import { connect, createPeople, type People } from '@rollcall/client'
import { expect, onTestFinished, test } from 'vitest'
import { createEvents } from '../../src/identity/events/events.ts'

const make = createEvents('site')
const person = (n: number) => ({ id: `p-${n}`, name: null })
const started = (id: string, n: number) => ({
  id: `e-${n}`,
  source: '/s',
  type: 'rollcall.sighting.started.v1',
  data: { person: id, camera: 'door', fromMs: n },
})

/** The people of a client; its server need not be there. */
const ofClient = (): People => {
  const client = connect({ url: 'http://127.0.0.1:9', admission: () => new Promise(() => undefined) })
  onTestFinished(() => client.close())
  return client.people
}

test('a client remembers no events: a page that is open for a week holds no more than one of a minute', () => {
  const people = ofClient()
  expect(people.apply(started('p-1', 1))).toBe(true)
  // It has been forgotten, so it counts as new again; nothing changes by it.
  expect(people.apply(started('p-1', 1))).toBe(true)
  expect(people.get('p-1')?.seen).toEqual({ camera: 'door', atMs: 1 })
})

test('of somebody deleted a client remembers nothing, under no ID', () => {
  const people = ofClient()
  for (const event of [
    make.created(person(1), null, 0),
    make.created(person(2), null, 0),
    make.merged(person(2), 'p-1', 'user', null, 1),
    make.deleted('p-1', 'user', 2),
  ])
    people.apply(event)
  expect(people.all()).toEqual([])
  expect(people.resolve('p-2')).toBe('p-2')
})

test('a consumer of Kafka drops repeats, and what comes late of somebody deleted', () => {
  const people = createPeople()
  expect(people.apply(started('p-1', 1))).toBe(true)
  expect(people.apply(started('p-1', 1))).toBe(false)
  people.apply(make.deleted('p-1', 'user', 2))
  people.apply(started('p-1', 3))
  expect(people.all()).toEqual([])
})
