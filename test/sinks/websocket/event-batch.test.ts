import { expect, test } from 'vitest'
import { batchAfter } from '../../../src/sinks/websocket/event-batch.ts'
import { createReplayBuffer } from '../../../src/sinks/websocket/replay-buffer.ts'
import { frameEvent, frameFace } from '../events.ts'

const maxAgeMs = 1000
const bufferOf = (events: number, faces: number) => {
  const replay = createReplayBuffer(10_000_000)
  const all = Array.from({ length: faces }, () => frameFace('p1', 0, 0, 1, 1))
  for (let i = 0; i < events; i++) replay.add(frameEvent('door', i, all), i)
  return replay
}

test('a batch is every event after a number, in one buffer', () => {
  const replay = bufferOf(5, 1)
  const batch = batchAfter(2, replay, 10, maxAgeMs)
  expect(batch).toMatchObject({ from: 3, to: 5 })
  expect(batch?.frame).toEqual(Buffer.concat([3, 4, 5].map((seq) => replay.at(seq)?.frame ?? Buffer.alloc(0))))
  expect(batchAfter(4, replay, 10, maxAgeMs)?.frame).toBe(replay.at(5)?.frame)
  expect(batchAfter(5, replay, 10, maxAgeMs)).toBeUndefined()
})

test('a client that acknowledges some of many events gets room back for them', () => {
  const replay = bufferOf(60, 1)
  const { chunks = [], frame } = batchAfter(0, replay, 100, maxAgeMs) ?? {}
  expect(chunks.length).toBeGreaterThan(4)
  expect(Math.max(...chunks.map(({ bytes }) => bytes))).toBeLessThanOrEqual(4096)
  expect(chunks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(frame?.length)
  expect(chunks.at(-1)).toMatchObject({ seq: 60, atMs: 100 })
  // The oldest in it says how old it may get.
  const [first, second] = chunks
  expect(first).toMatchObject({ bornAtMs: 0 })
  expect(second?.bornAtMs).toBe(first?.seq)
})

test('what may be too old or too much for somebody is not done in one batch', () => {
  expect(batchAfter(0, bufferOf(3, 1), 252, maxAgeMs)).toBeUndefined()
  expect(batchAfter(1, bufferOf(3, 1), 251, maxAgeMs)).toBeDefined()
  expect(batchAfter(0, bufferOf(3, 400), 10, maxAgeMs)).toBeUndefined()
  const small = createReplayBuffer(1000)
  for (let i = 0; i < 9; i++) small.add(frameEvent('door', i, []), i)
  expect(batchAfter(0, small, 10, maxAgeMs)).toBeUndefined()
})
