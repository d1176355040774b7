import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/sinks/websocket/protocol.ts'
import { createSnapshotCache } from '../../../src/sinks/websocket/snapshot-cache.ts'
import { createSubscription } from '../../../src/sinks/websocket/subscription.ts'
import { cameras, people } from '../../server/open-server.ts'

const site = () => {
  const replay = { head: 0 }
  let built = 0
  const build = (): Snapshot => {
    built++
    return { cameras, people: people.map((person) => ({ ...person, tracks: built })), aliases: {}, sightings: [] }
  }
  return { replay, builds: () => built, snapshot: createSnapshotCache(replay, build) }
}
const asks = (message: object) => createSubscription({ type: 'subscribe', ...message }, (id) => id)

test('hundreds that come back at one event share one state and its bytes', () => {
  const { replay, snapshot, builds } = site()
  const [first, ...others] = Array.from({ length: 300 }, () => snapshot(asks({ topics: ['people'] })))
  expect(others.every((bytes) => bytes === first)).toBe(true)
  expect(builds()).toBe(1)
  replay.head++
  expect(JSON.parse(String(snapshot(asks({}))))).toMatchObject({ people: [{ tracks: 2 }] })
  expect(builds()).toBe(2)
})

test('who asks for a part gets that part of the same state', () => {
  const { snapshot, builds } = site()
  const whole = snapshot(asks({}))
  expect(JSON.parse(String(snapshot(asks({ cameras: ['yard'] }))))).toEqual({
    ...JSON.parse(String(whole)),
    cameras: [],
  })
  expect(JSON.parse(String(snapshot(asks({ people: ['p2'] }))))).toEqual({ ...JSON.parse(String(whole)), people: [] })
  expect(snapshot(asks({}))).toBe(whole)
  expect(builds()).toBe(1)
})
