import { expect, test } from 'vitest'
import { createEventRing } from '../../../src/sinks/websocket/event-ring.ts'
import { stepAfter } from '../../../src/sinks/websocket/event-step.ts'
import { frameEvent, frameFace } from '../events.ts'

const maxAgeMs = 1000
const ringOf = (events: number, faces: number) => {
  const ring = createEventRing(10_000_000)
  const all = Array.from({ length: faces }, () => frameFace('p1', 0, 0, 1, 1))
  for (let i = 0; i < events; i++) ring.add(frameEvent('door', i, all), i)
  return ring
}

test('a step is every event after a number, in one buffer', () => {
  const ring = ringOf(5, 1)
  const step = stepAfter(2, ring, 10, maxAgeMs)
  expect(step).toMatchObject({ from: 3, to: 5 })
  expect(step?.frame).toEqual(Buffer.concat([3, 4, 5].map((seq) => ring.at(seq)?.frame ?? Buffer.alloc(0))))
  expect(stepAfter(4, ring, 10, maxAgeMs)?.frame).toBe(ring.at(5)?.frame)
  expect(stepAfter(5, ring, 10, maxAgeMs)).toBeUndefined()
})

test('a client that acknowledges some of many events gets room back for them', () => {
  const ring = ringOf(60, 1)
  const { marks = [], frame } = stepAfter(0, ring, 100, maxAgeMs) ?? {}
  expect(marks.length).toBeGreaterThan(4)
  expect(Math.max(...marks.map(({ bytes }) => bytes))).toBeLessThanOrEqual(4096)
  expect(marks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(frame?.length)
  expect(marks.at(-1)).toMatchObject({ seq: 60, atMs: 100 })
  // The oldest in it says how old it may get.
  const [first, second] = marks
  expect(first).toMatchObject({ bornAtMs: 0 })
  expect(second?.bornAtMs).toBe(first?.seq)
})

test('what may be too old or too much for somebody is not done in one step', () => {
  expect(stepAfter(0, ringOf(3, 1), 252, maxAgeMs)).toBeUndefined()
  expect(stepAfter(1, ringOf(3, 1), 251, maxAgeMs)).toBeDefined()
  expect(stepAfter(0, ringOf(3, 400), 10, maxAgeMs)).toBeUndefined()
  const small = createEventRing(1000)
  for (let i = 0; i < 9; i++) small.add(frameEvent('door', i, []), i)
  expect(stepAfter(0, small, 10, maxAgeMs)).toBeUndefined()
})
