import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { whoRuns } from '../../src/identity/store/running.ts'
import { isLogged } from '../../src/site/committed-identity.ts'
import type { PersonId } from '../../src/types.ts'
import { partOf } from '../support/footage.ts'
import { rollcall, runToEnd } from './rollcall.ts'

const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-state-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
const recording = (state: string, camera: string, file: string) =>
  runToEnd([
    'run',
    '--until-end',
    '--state',
    state,
    '--camera',
    `${camera}=${file}`,
    '--events',
    '-',
    '--log-level',
    'error',
  ])
const everybodyIn = (state: string): PersonId[] => {
  const store = openStore(state, { embedder: null })
  try {
    return store.saved().people.map(({ id }) => id)
  } finally {
    store.close()
  }
}
const createdIn = (events: readonly RollcallEvent[]): PersonId[] =>
  events.flatMap((event) => (event.type === 'rollcall.person.created.v1' ? event.data.person : []))
const sequencesIn = (events: readonly RollcallEvent[]): number[] =>
  events.filter(isLogged).map(({ data }) => data.sequence)

/** The first process sees four seconds of the lobby (ada, ben) and ends; another one six of the street (ada, chen, gus). */
test('who was seen before a restart has the same ID afterwards, on another camera', async () => {
  const state = temporaryDirectory()
  const lobby = await recording(state, 'lobby', await partOf('lobby', 12, 16, join(temporaryDirectory(), 'lobby.mp4')))
  expect(lobby.code, lobby.stderr).toBe(0)
  const before = everybodyIn(state)
  expect(before).toHaveLength(2)
  const street = await recording(
    state,
    'street',
    await partOf('street', 4, 10, join(temporaryDirectory(), 'street.mp4')),
  )
  expect(street.code, street.stderr).toBe(0)
  const after = everybodyIn(state)
  expect(after.slice(0, 2)).toEqual(before)
  expect(after).toHaveLength(4)
  const again = new Set(
    street.events.flatMap((event) => (event.type === 'rollcall.track.assigned.v1' ? event.data.person : [])),
  )
  expect(before.filter((id) => again.has(id))).toHaveLength(1)
  expect(createdIn(street.events).filter((id) => before.includes(id))).toEqual([])
  const sequences = sequencesIn([...lobby.events, ...street.events])
  expect(sequences).toEqual(sequences.map((_, i) => i + 1))
}, 600_000)

test('people are looked after over HTTP while cameras run; a kill -9 later all of it is still so', async () => {
  // Four people within six seconds, over and over.
  const file = await partOf('cafe', 10, 16, join(temporaryDirectory(), 'cafe.mp4'))
  const simulated = await startSimulatedCameras([{ name: 'cafe', file }])
  onTestFinished(() => simulated.close())
  const home = temporaryDirectory()
  const state = join(home, 'rollcall/site')
  const start = async () => {
    const run = rollcall(
      ['run', '--camera', `cafe=${simulated.cameras[0]?.url}`, '--http', '127.0.0.1:0', '--events', '-'],
      { XDG_STATE_HOME: home },
    )
    onTestFinished(() => run.kill('SIGKILL'))
    const url = await run.until('it listens', () => whoRuns(state)?.url ?? undefined, 120_000)
    const ask = async (method: string, path: string, body?: object) => {
      const response = await fetch(url + path, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      return { status: response.status, answer: (await response.json()) as { events: RollcallEvent[]; person: object } }
    }
    return { run, ask }
  }
  const first = await start()
  const [ada = '', ben = '', chen = ''] = await first.run.until(
    'three people',
    () => createdIn(first.run.events).length >= 3 && createdIn(first.run.events),
    120_000,
  )
  const named = await first.ask('POST', `/api/people/${ada}/name`, { name: 'Ada' })
  expect(named).toMatchObject({ status: 200, answer: { person: { id: ada, name: 'Ada' } } })
  const merged = await first.ask('POST', '/api/people/merge', { a: ada, b: ben, force: true })
  expect(merged).toMatchObject({ status: 200, answer: { person: { id: ada, aliases: [ben] } } })
  const deleted = await first.ask('DELETE', `/api/people/${chen}`)
  expect(deleted.status).toBe(200)
  const asked = [named, merged, deleted].flatMap(({ answer }) => answer.events)
  await first.run.until('its events are published', () =>
    asked.every(({ id }) => first.run.events.some((event) => event.id === id)),
  )
  for (const event of asked) expect(first.run.events.find(({ id }) => id === event.id)).toEqual(event)
  const sequences = sequencesIn(first.run.events)
  expect(sequences, 'in order, none left out').toEqual(sequences.map((_, i) => i + 1))
  first.run.kill('SIGKILL')
  await first.run.exited

  const second = await start()
  expect(await second.ask('GET', `/api/people/${ben}`)).toMatchObject({
    status: 200,
    answer: { person: { id: ada, name: 'Ada', aliases: [ben] } },
  })
  expect((await second.ask('GET', `/api/people/${chen}`)).status).toBe(404)
  const before = new Map(first.run.events.filter(isLogged).map((event) => [event.id, event]))
  const next = await second.run.until(
    'an event that is new',
    () => second.run.events.filter(isLogged).find(({ id }) => !before.has(id)),
    120_000,
  )
  expect(next.data.sequence).toBeGreaterThan(sequences.at(-1) ?? Infinity)
  for (const event of second.run.events.filter(isLogged)) expect(before.get(event.id) ?? event).toEqual(event)
  second.run.kill('SIGTERM')
  expect(await second.run.exited).toBe(0)
  expect(existsSync(join(state, 'running.json'))).toBe(false)
}, 600_000)
