import { expect, test } from 'vitest'
import { createWatchdog, hashOf } from '../../src/ingest/watchdog.ts'

const options = { connectTimeoutMs: 3000, stallAfterMs: 1000, frozenAfterMs: 5000 }
const picture = (mark: number) => ({ width: 64, height: 36, data: new Uint8Array(64 * 36 * 3).fill(mark) })

test('no first frame: starting, then a timeout', () => {
  const watchdog = createWatchdog(options, 10_000)
  expect(watchdog.health(12_999, null)).toBe('starting')
  expect(watchdog.health(13_000, null)).toBe('timeout')
})

test('no further frame: stalled', () => {
  const watchdog = createWatchdog(options, 0)
  expect(watchdog.health(100, 999)).toBe('moving')
  expect(watchdog.health(100, 1000)).toBe('stalled')
})

test('the very same picture for long: unchanged, until it changes', () => {
  const watchdog = createWatchdog(options, 0)
  const seen = (mark: number, atMs: number) => {
    watchdog.saw(picture(mark), atMs)
    return watchdog.health(atMs, 0)
  }
  expect(seen(1, 0)).toBe('moving')
  expect(seen(2, 1000)).toBe('moving')
  expect(seen(2, 5999)).toBe('moving')
  expect(seen(2, 6000)).toBe('unchanged')
  expect(seen(2, 60_000)).toBe('unchanged')
  expect(seen(3, 60_001)).toBe('moving')
})

test('while nobody looks at pictures, nothing is said about them', () => {
  const watchdog = createWatchdog(options, 0)
  watchdog.saw(picture(1), 0)
  expect(watchdog.health(1_000_000, 0)).toBe('moving')
})

test('0 switches it off', () => {
  const watchdog = createWatchdog({ ...options, frozenAfterMs: 0 }, 0)
  watchdog.saw(picture(1), 0)
  watchdog.saw(picture(1), 1_000_000)
  expect(watchdog.health(1_000_000, 0)).toBe('moving')
})

test('the hash sees a small change anywhere, in any colour, and another size', () => {
  const hash = hashOf(picture(7))
  for (const [left, top, colour] of [
    [0, 0, 0],
    [16, 5, 1],
    [48, 20, 2],
  ]) {
    // The least that an encoder changes: one macroblock, one colour, one level.
    const changed = picture(7)
    for (let i = 0; i < 256; i++) changed.data[((top + (i >> 4)) * 64 + left + (i & 15)) * 3 + colour] = 8
    expect(hashOf(changed)).not.toBe(hash)
  }
  expect(hashOf({ ...picture(7), width: 36, height: 64 })).not.toBe(hash)
  expect(hashOf(picture(7))).toBe(hash)
})
