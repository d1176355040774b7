import { expect, test } from 'vitest'
import { noStats } from '../../src/ingest/camera-stats.ts'
import { type Arrivals, createWatchdog, type Health, hashOf } from '../../src/ingest/watchdog.ts'

const options = { connectTimeoutMs: 3000, stallAfterMs: 1000, frozenAfterMs: 5000 }
const picture = (mark: number) => ({ width: 64, height: 36, data: new Uint8Array(64 * 36 * 3).fill(mark) })

const LOOK_MS = 100
const watchdogOf = (given: Partial<typeof options> = {}, openedAtMs = 0) =>
  createWatchdog({ ...options, ...given }, openedAtMs, LOOK_MS)

/** A connection that is looked at every 100 ms; `state` says how it is, and changes on the way. */
const watched = (state: Partial<Arrivals> = {}) => {
  const watchdog = watchdogOf()
  let nowMs = 0
  const now: { -readonly [Key in keyof Arrivals]: Arrivals[Key] } = { ...noStats, ...state }
  return {
    now,
    watchdog,
    /** What is said, each once, while time passes. A function says what changes with each look. */
    after: (ms: number, change: (nowMs: number) => Partial<Arrivals> = () => ({})): Health[] => {
      const said: Health[] = []
      for (const end = nowMs + ms; nowMs < end; ) {
        nowMs += LOOK_MS
        Object.assign(now, change(nowMs))
        const health = watchdog.health(nowMs, now)
        if (said.at(-1) !== health) said.push(health)
      }
      return said
    },
  }
}
/** Whole pictures, key frames among them, in time. */
const well = { sinceLastFrameMs: 0, sinceLastUnitMs: 0, keys: 1 }
const skipped = (counts: Partial<Arrivals['skipped']>) => ({ skipped: { ...noStats.skipped, ...counts } })

test('no first frame: starting, then a timeout', () => {
  const watchdog = watchdogOf({}, 10_000)
  for (let atMs = 10_000; atMs < 13_000; atMs += LOOK_MS) expect(watchdog.health(atMs, noStats)).toBe('starting')
  expect(watchdog.health(13_000, noStats)).toBe('timeout')
})

test('no further frame: stalled', () => {
  const watchdog = watchdogOf()
  expect(watchdog.health(100, { ...well, ...noStats, sinceLastFrameMs: 999 })).toBe('moving')
  expect(watchdog.health(101, { ...well, ...noStats, sinceLastFrameMs: 1000 })).toBe('stalled')
})

test('raw pictures, of which no unit is known: stalled', () => {
  expect(watched({ sinceLastFrameMs: 0 }).after(1500, (nowMs) => ({ sinceLastFrameMs: nowMs }))).toEqual([
    'moving',
    'stalled',
  ])
})

test('silence counts only as long as we can hear: when this machine is late itself, it is looked at again', () => {
  const watchdog = watchdogOf()
  const silent = (ms: number) => ({ ...noStats, ...well, sinceLastFrameMs: ms, sinceLastUnitMs: ms })
  expect(watchdog.health(100, silent(0))).toBe('moving')
  expect(watchdog.health(2000, silent(1900))).toBe('starting')
  expect(watchdog.health(2100, silent(50))).toBe('moving')
  expect(watchdog.health(4000, silent(1950))).toBe('starting')
  expect(watchdog.health(4100, silent(2050))).toBe('stalled')
  const everLate = watchdogOf()
  expect(everLate.health(2000, silent(1900))).toBe('starting')
  expect(everLate.health(4000, silent(3900))).toBe('stalled')
})

test('units arrive and nothing is decoded in time: overloaded, and no end of it within a minute', () => {
  const camera = watched(well)
  expect(camera.after(500)).toEqual(['moving'])
  const late = (nowMs: number) => ({ sinceLastFrameMs: nowMs - 500, lagMs: nowMs - 500 })
  expect(camera.after(50_000, late)).toEqual(['moving', 'overloaded'])
  // It keeps up again: said once that has lasted.
  camera.now.lagMs = 0
  camera.now.sinceLastFrameMs = 0
  expect(camera.after(1900)).toEqual(['overloaded'])
  expect(camera.after(1000)).toEqual(['moving'])
})

test('a picture now and then does not change the state back and forth', () => {
  const camera = watched(well)
  const often = camera.after(30_000, (nowMs) => ({ sinceLastFrameMs: nowMs % 1500, lagMs: 1200 }))
  expect(often).toEqual(['moving', 'overloaded'])
})

test('tails of groups are left out for too long: overloaded, also before the first picture', () => {
  const first = watched({ sinceLastUnitMs: 0, keys: 3 })
  const behind = (nowMs: number) => skipped({ behind: nowMs })
  expect(first.after(20_000, behind)).toEqual(['starting', 'overloaded'])
  const later = watched(well)
  const quiet = (nowMs: number) => ({ ...behind(nowMs), sinceLastFrameMs: nowMs })
  expect(later.after(20_000, quiet)).toEqual(['moving', 'overloaded'])
})

test('a decoder that gives nothing for a minute hangs, whatever the load', () => {
  const late = (nowMs: number) => ({ sinceLastFrameMs: nowMs, lagMs: nowMs })
  expect(watched(well).after(61_000, late)).toEqual(['moving', 'overloaded', 'stalled'])
})

test('frames are decoded and not analysed: overloaded', () => {
  const camera = watched(well)
  const untaken = (nowMs: number) => ({ decoded: nowMs / 100, dropped: nowMs / 100 - 1 })
  expect(camera.after(5000, untaken)).toEqual(['moving', 'overloaded'])
  // Taken from now on.
  const taken = (nowMs: number) => ({ decoded: nowMs / 100, dropped: 49, taken: nowMs / 100 - 50 })
  expect(camera.after(3500, taken)).toEqual(['overloaded', 'moving'])
})

test('units arrive, and no key frame: keyless for as long as that is so', () => {
  const joined = watched({ sinceLastUnitMs: 0 })
  const broken = (nowMs: number) => skipped({ broken: nowMs })
  expect(joined.after(125_000, broken)).toEqual(['starting', 'keyless'])
  Object.assign(joined.now, well)
  expect(joined.after(1000)).toEqual(['moving'])
  const lost = watched(well)
  expect(lost.after(500)).toEqual(['moving'])
  expect(lost.after(60_000, (nowMs) => ({ ...broken(nowMs), sinceLastFrameMs: nowMs - 400 }))).toEqual([
    'moving',
    'keyless',
  ])
  expect(lost.watchdog.withoutKeyMs(60_500)).toBeGreaterThan(60_000)
})

test('units without a key frame that are all decoded, and nothing comes of them, after pictures: stalled', () => {
  const vain = (nowMs: number) => ({ sinceLastFrameMs: nowMs - 500 })
  const going = () => {
    const camera = watched(well)
    camera.after(500)
    return camera
  }
  expect(going().after(1900, vain)).toEqual(['moving', 'keyless'])
  expect(going().after(2500, vain)).toEqual(['moving', 'keyless', 'stalled'])
  // Some are left out, because they wait for a key frame: that may last.
  const waiting = (nowMs: number) => ({ ...vain(nowMs), ...skipped({ broken: Math.floor(nowMs / 1500) }) })
  expect(going().after(60_000, waiting)).toEqual(['moving', 'keyless'])
})

test('key frames arrive in time, and nothing comes of them: over', () => {
  const keys = (nowMs: number) => ({ keys: Math.ceil(nowMs / 500) })
  expect(watched({ sinceLastUnitMs: 0 }).after(4000, keys).slice(0, 2)).toEqual(['starting', 'timeout'])
  const later = (nowMs: number) => ({ ...keys(nowMs), sinceLastFrameMs: nowMs })
  expect(watched(well).after(1500, later)).toEqual(['moving', 'stalled'])
})

test('a camera that sends nothing more is stalled, however late the decoder was', () => {
  const camera = watched({ ...well, lagMs: 5000 })
  const silent = (nowMs: number) => ({ sinceLastFrameMs: nowMs, sinceLastUnitMs: nowMs })
  expect(camera.after(1200, silent)).toEqual(['moving', 'stalled'])
})

test('units that nobody wants decoded are no stall', () => {
  const idle = (nowMs: number) => ({ ...skipped({ policy: nowMs }), sinceLastFrameMs: nowMs })
  expect(watched(well).after(20_000, idle)).toEqual(['moving'])
})

test('the very same picture for long: unchanged, until it changes', () => {
  const watchdog = watchdogOf()
  const seen = (mark: number, atMs: number) => {
    watchdog.saw(picture(mark), atMs)
    return watchdog.health(atMs, { ...noStats, ...well })
  }
  expect(seen(1, 0)).toBe('moving')
  expect(seen(2, 1000)).toBe('moving')
  expect(seen(2, 5999)).toBe('moving')
  expect(seen(2, 6000)).toBe('unchanged')
  expect(seen(2, 60_000)).toBe('unchanged')
  expect(seen(3, 60_001)).toBe('moving')
})

test('while nobody looks at pictures, nothing is said about them', () => {
  const watchdog = watchdogOf()
  watchdog.saw(picture(1), 0)
  expect(watchdog.health(1_000_000, { ...noStats, ...well })).toBe('moving')
})

test('0 switches it off', () => {
  const watchdog = watchdogOf({ frozenAfterMs: 0 })
  watchdog.saw(picture(1), 0)
  watchdog.saw(picture(1), 1_000_000)
  expect(watchdog.health(1_000_000, { ...noStats, ...well })).toBe('moving')
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
