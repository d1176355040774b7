import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { LoggedEvent } from '../../src/identity/state/state.ts'
import { openStore } from '../../src/identity/store/open.ts'
import type { Store } from '../../src/identity/store/store.ts'
import { createMetrics } from '../../src/metrics.ts'
import type { EventsPage, EventsQuery } from '../../src/server/events-route.ts'
import { webSocketOptions } from '../../src/sinks/websocket/options.ts'
import { webSocketSink } from '../../src/sinks/websocket/websocket-sink.ts'
import { createFindEvents } from '../../src/site/find-events.ts'
import { changeOf, embedder } from '../identity/store/states.ts'
import { frameEvent, personCreated } from '../sinks/events.ts'

const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

const open = (): Store => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-find-'))
  const store = openStore(directory, { embedder })
  onTestFinished(() => {
    store.close()
    rmSync(directory, { recursive: true, force: true })
  })
  return store
}

const created = (sequence: number): LoggedEvent => {
  const event = personCreated(`p-${sequence % 7}`, sequence % 2 ? 'door' : 'yard')
  return { ...event, id: `e-${sequence}`, data: { ...event.data, sequence } } as LoggedEvent
}
const frame = (i: number): RollcallEvent => frameEvent('door', i)

/** A run on this store: its events are in memory as far as the bytes allow, those about people on disk too. */
const run = async (store: Store | null, events: readonly RollcallEvent[], replayBytes: number) => {
  const options = { ...webSocketOptions.parse({}), replayBytes }
  const snapshot = () => ({ cameras: [], people: [], aliases: {}, sightings: [] })
  const metrics = createMetrics(new Registry())
  const sink = webSocketSink(options, { snapshot, metrics, log, time: { nowMs: () => 0 as never } })
  onTestFinished(() => sink.close())
  const logged = events.filter((event): event is LoggedEvent => 'sequence' in event.data)
  store?.commit(changeOf({ sequence: logged.at(-1)?.data.sequence ?? 0, events: logged }))
  await sink.publish(events)
  return createFindEvents({
    recent: sink,
    before: store && ((sequence, most) => store.eventsBefore(sequence, most)),
    resolve: (id) => id,
  })
}

/** All pages, from the newest event on. */
const readAll = (find: (query: EventsQuery) => EventsPage, query: EventsQuery) => {
  const ids: string[] = []
  let next: EventsPage['next'] = null
  let pages = 0
  do {
    const page: EventsPage = find({ ...query, ...next })
    expect(page.events.length).toBeLessThanOrEqual(query.limit)
    ids.push(...page.events.map(({ event }) => event.id))
    next = page.next
    pages++
  } while (next !== null && pages < 200)
  return { ids, pages }
}

const both = Array.from({ length: 60 }, (_, i) => [frame(i), created(i + 1)] as const).flat()
const peopleDownFrom = (sequence: number) => Array.from({ length: sequence }, (_, i) => `e-${sequence - i}`)

test.each([
  ['in memory as a whole', 10_000_000],
  ['in memory in part', 20_000],
  ['hardly in memory', 1],
])('what is %s: every kept event comes once, the newest first', async (_, replayBytes) => {
  const find = await run(open(), both, replayBytes)
  for (const limit of [1, 7, 500]) {
    const { ids } = readAll(find, { limit })
    const people = ids.filter((id) => id.startsWith('e-'))
    expect(people).toEqual(peopleDownFrom(60))
  }
})

test('after a restart the events before it are there, by person, camera and type', async () => {
  const store = open()
  await run(store, both, 10_000_000)
  const find = await run(store, [frame(100), created(61), frame(101)], 10_000_000)
  const { ids } = readAll(find, { limit: 10 })
  expect(ids.filter((id) => id.startsWith('e-'))).toEqual(peopleDownFrom(61))
  const where = { camera: 'door', person: 'p-3', type: 'rollcall.person.created.v1', limit: 4 }
  expect(readAll(find, where).ids).toEqual(['e-59', 'e-45', 'e-31', 'e-17', 'e-3'])
  expect(readAll(find, { type: 'frames', limit: 10 })).toMatchObject({ ids: [frame(101).id, frame(100).id], pages: 1 })
  expect(readAll(find, { epoch: 'kept', before: 3, limit: 10 }).ids).toEqual(['e-2', 'e-1'])
})

test('numbers of an earlier run are refused, and it is said what to do', async () => {
  const store = open()
  const before = await run(store, both, 10_000_000)
  const { next } = before({ limit: 1 })
  const find = await run(store, [], 10_000_000)
  expect(() => find({ limit: 1, ...next })).toThrow(/^epoch: expected .* or kept, got one of another run$/)
  expect(find({ limit: 1 })).toMatchObject({ events: [], next: { epoch: 'kept' } })
})

test('an answer is bounded: in looks, and in bytes where frames are big', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => created(i + 1))
  const find = await run(open(), many, 1)
  const [, second] = [find({ limit: 500, person: 'nobody' }), find({ epoch: 'kept', limit: 500, person: 'nobody' })]
  expect(second).toEqual({ epoch: 'kept', events: [], next: { epoch: 'kept', before: 3001 } })
  const big = Array.from({ length: 6 }, (_, i) => ({ ...frame(i), subject: 'x'.repeat(1_500_000) }))
  const found = await run(null, big, 100_000_000)
  expect(found({ limit: 500 }).events).toHaveLength(2)
  expect(readAll(found, { limit: 500 })).toMatchObject({ ids: big.map(({ id }) => id).toReversed(), pages: 3 })
})

test('without a state there is what is in memory', async () => {
  const find = await run(null, both, 10_000_000)
  expect(readAll(find, { limit: 500 })).toMatchObject({ pages: 1 })
  expect(find({ epoch: 'kept', limit: 5 })).toEqual({ epoch: 'kept', events: [], next: null })
})
