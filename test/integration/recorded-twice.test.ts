import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { isLogged } from '../../src/site/committed-identity.ts'
import { partOf } from '../support/footage.ts'
import { rollcall, runToEnd } from './rollcall.ts'

const home = mkdtempSync(join(tmpdir(), 'rollcall-twice-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
/** Two seconds each; two people get an ID in the café, two others in the lobby. */
const [cafe, lobby] = [join(home, 'cafe.mp4'), join(home, 'lobby.mp4')]
/** Four seconds, in the first half of which two people get an ID. */
const four = join(home, 'four.mp4')
const FRAMES = 100
beforeAll(async () => {
  await partOf('cafe', 14, 16, cafe)
  await partOf('lobby', 14, 16, lobby)
  await partOf('cafe', 14, 18, four)
}, 180_000)

const args = (cameras: readonly string[], state = 'off'): string[] => [
  'run',
  '--until-end',
  '--state',
  state,
  '--events',
  '-',
  '--log-level',
  'warn',
  ...cameras.flatMap((camera) => ['--camera', camera]),
]

const framesOf = (events: readonly RollcallEvent[]): string[] =>
  events.filter(({ type }) => type === 'rollcall.frame.v1').map(({ id }) => id)
const createdIn = (events: readonly RollcallEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'rollcall.person.created.v1' ? event.data.person : []))
const endOf = (events: readonly RollcallEvent[]) =>
  events.findLast(({ type }) => type === 'rollcall.camera.ended.v1')?.data

test('with a state: the same recording is said to have been read, another of the same camera is read', async () => {
  const state = join(home, 'twice')
  const first = await runToEnd(args([`door=${cafe}`], state))
  expect(first.code, first.stderr).toBe(0)
  expect(endOf(first.events)).toMatchObject({ reason: 'the recording is over', stream: expect.any(String) })

  const elsewhere = join(home, 'another name.mp4')
  copyFileSync(cafe, elsewhere)
  const again = await runToEnd(args([`door=${elsewhere}`], state))
  expect(again.code, again.stderr).toBe(0)
  expect(again.events.map(({ type }) => type)).toEqual(['rollcall.camera.opening.v1', 'rollcall.camera.ended.v1'])
  expect(endOf(again.events)).toMatchObject({ code: 'RECORDING_READ', reason: expect.stringContaining('read already') })
  expect(again.stderr).toMatch(/door.*read already|read already.*door/s)

  const other = await runToEnd(args([`door=${lobby}`], state))
  expect(other.code, other.stderr).toBe(0)
  expect(framesOf(other.events)).toHaveLength(50)
  const known = new Set(createdIn(first.events))
  expect(other.events.filter(({ type }) => type === 'rollcall.track.assigned.v1').length).toBeGreaterThan(0)
  expect(createdIn(other.events).filter((id) => known.has(id))).toEqual([])
}, 600_000)

test('in memory: the same IDs under any path; two cameras share none, nor do other people, whatever the camera is called', async () => {
  const elsewhere = join(home, 'copy.mp4')
  copyFileSync(cafe, elsewhere)
  const first = await runToEnd(args([`door=${cafe}`]))
  expect(first.code, first.stderr).toBe(0)
  const both = await runToEnd(args([`door=${elsewhere}`, `hall=${cafe}`]))
  expect(both.code, both.stderr).toBe(0)
  expect(framesOf(both.events).filter((id) => id.startsWith('door/'))).toEqual(framesOf(first.events))
  expect(framesOf(both.events).filter((id) => id.startsWith('hall/'))).toHaveLength(framesOf(first.events).length)
  expect(new Set(both.events.map(({ id }) => id)).size).toBe(both.events.length)
  const created = createdIn(both.events)
  expect(new Set(created).size).toBe(created.length)

  const other = await runToEnd(args([`door=${lobby}`]))
  const ids = new Set(createdIn(first.events))
  expect(ids.size).toBeGreaterThan(0)
  expect(createdIn(other.events).length).toBeGreaterThan(0)
  expect(createdIn(other.events).filter((id) => ids.has(id))).toEqual([])
}, 600_000)

test('killed in the middle it is read on to its end: no frame is lost, nobody is told of twice', async () => {
  const state = join(home, 'killed')
  const run = rollcall(args([`door=${four}`], state))
  const isInTheMiddle = () => createdIn(run.events).length > 0 && framesOf(run.events).length > 55
  await run.until('the middle', isInTheMiddle, 300_000)
  run.kill('SIGKILL')
  await run.exited
  const next = await runToEnd(args([`door=${four}`], state))
  expect(next.code, next.stderr).toBe(0)
  const whole = await runToEnd(args([`door=${four}`]))

  const [before, after] = [framesOf(run.events), framesOf(next.events)]
  expect([...new Set([...before, ...after])]).toEqual(framesOf(whole.events))
  expect(after.length).toBeLessThan(FRAMES - 20)
  // What may come again is what a crash can leave uncommitted: a second of positions.
  expect(after.filter((id) => before.includes(id)).length).toBeLessThanOrEqual(30)
  const told = [...run.events, ...next.events].filter(isLogged)
  const byId = new Map(told.map((event) => [event.id, event]))
  for (const event of told) expect(byId.get(event.id)).toEqual(event)
  expect([...byId.values()].map(({ data }) => data.sequence)).toEqual([...byId.values()].map((_, i) => i + 1))
  expect(new Set(createdIn([...byId.values()]))).toEqual(new Set(createdIn(whole.events)))
}, 600_000)
