import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRecentWrites } from '../../../src/sinks/spool/recent-writes.ts'

test('gives the bytes that the file has, or asks for the file: never others', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ write: fc.nat({ max: 40 }), roll: fc.boolean(), skip: fc.nat({ max: 30 }), ask: fc.nat() }),
        {
          maxLength: 40,
        },
      ),
      (steps) => {
        const recent = createRecentWrites(64)
        let segment = { path: '0', first: 0, bytes: 0 }
        let file = Buffer.alloc(0)
        let at = 0
        for (const [i, { write, roll, skip, ask }] of steps.entries()) {
          if (roll && at === file.length) {
            segment = { path: String(i), first: i, bytes: 0 }
            file = Buffer.alloc(0)
            at = 0
          }
          const bytes = Buffer.alloc(write + 1, i + 1)
          recent.add(segment, file.length, bytes)
          file = Buffer.concat([file, bytes])
          const wanted = 1 + (ask % (file.length - at))
          const got = recent.take(segment, at, wanted)
          // A write may be forgotten while its end is unread.
          if (file.length - at <= 64 - 41) expect(got).not.toBeNull()
          if (got !== null) expect(got.equals(file.subarray(at, at + wanted))).toBe(true)
          at = Math.min(file.length, at + (got?.length ?? 0) + (skip < 3 ? skip : 0))
        }
      },
    ),
  ))

test('keeps no backlog in memory', () => {
  const recent = createRecentWrites(100)
  const segment = { path: '0', first: 0, bytes: 0 }
  for (let at = 0; at < 1000; at += 50) recent.add(segment, at, Buffer.alloc(50, at / 50))
  expect(recent.take(segment, 0, 50)).toBeNull()
  expect(recent.take(segment, 850, 50)).toBeNull()
  expect(recent.take(segment, 900, 100)).toHaveLength(100)
})
