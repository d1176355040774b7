import { describe, expect, test } from 'vitest'
import { createDecoderWait } from '../../client/src/video/decoder-wait.ts'
import { createLoad } from '../../client/src/video/load.ts'

type Load = ReturnType<typeof createLoad>

/** Pictures of 25 a second, of which this part is half a second late, until `untilMs`; returns that. */
const play = (load: Load, fromMs: number, untilMs: number, lateShare: number): number => {
  for (let at = fromMs; at < untilMs; at += 40) {
    const isLate = (at / 40) % 10 < lateShare * 10
    load.picture(isLate ? 500 : -50, at)
    load.tick(at)
  }
  return untilMs
}
/** The levels that a load goes through, and when, while this happens each 40 ms. */
const levelsOf = (load: Load, fromMs: number, untilMs: number, step: (atMs: number) => void): [number, string][] => {
  const seen: [number, string][] = []
  for (let at = fromMs; at < untilMs; at += 40) {
    step(at)
    load.tick(at)
    if (seen.at(-1)?.[1] !== load.level) seen.push([at, load.level])
  }
  return seen
}

describe('a browser that does not keep up', () => {
  test('tries more again where key pictures are too rare to learn from', () => {
    const load = createLoad()
    const down = levelsOf(load, 0, 9000, (at) => load.level !== 'keys' && load.picture(500, at))
    expect(down.at(-1)?.[1]).toBe('keys')
    expect(levelsOf(load, 9000, 40_000, () => undefined).map(([, level]) => level)).toContain('fewer')
  })
  test('shows less step by step, each given the time to help', () => {
    const load = createLoad()
    const seen = levelsOf(load, 0, 30_000, (at) => load.picture(500, at))
    expect(seen.map(([, level]) => level)).toEqual(['all', 'fewer', 'keys', 'stills'])
    const times = seen.map(([at]) => at)
    expect(times[1]).toBeGreaterThanOrEqual(3000)
    for (const i of [2, 3]) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(4000)
    expect(times[3]).toBeLessThan(16_000)
  })
  test.each([1000, 2000])('%i ms of nothing but late pictures change nothing', (busyMs) => {
    const load = createLoad()
    let at = play(load, 0, 3000, 0)
    for (let i = 0; i < 10; i++) {
      at = play(load, at, at + busyMs, 1)
      at = play(load, at, at + 6000, 0)
      expect(load.level).toBe('all')
    }
  })
  test('units that are left out count as late, and one group of them is a moment', () => {
    const load = createLoad()
    let at = play(load, 0, 2000, 0)
    load.overrun(250, at)
    at = play(load, at, at + 5000, 0)
    expect(load.level).toBe('all')
    const seen = levelsOf(load, at, at + 20_000, (now) => now % 200 < 40 && load.overrun(25, now))
    expect(seen.at(-1)?.[1]).toBe('stills')
  })
  test('a picture that is later, and not by much, is a delay: the decoder keeps up', () => {
    const load = createLoad()
    levelsOf(load, 0, 60_000, (at) => load.picture(250, at))
    expect(load.level).toBe('all')
  })
  test.each([0.3, 0.6, 1])('part of the pictures late for long: %d', (share) => {
    const load = createLoad()
    play(load, 0, 6000, share)
    expect(load.level).not.toBe('all')
  })
  test.each([0, 0.1, 0.2])('and not for long enough a part: %d', (share) => {
    const load = createLoad()
    play(load, 0, 60_000, share)
    expect(load.level).toBe('all')
  })
  test('key pictures alone, one in two seconds, are judged as well', () => {
    const load = createLoad()
    play(load, 0, 9500, 1)
    expect(load.level).toBe('keys')
    const seen = levelsOf(load, 9520, 60_000, (at) => (at - 9520) % 2000 < 40 && load.picture(900, at))
    expect(seen.map(([, level]) => level)).toContain('stills')
  })
})

describe('the way back', () => {
  /** All pictures late until there are stills. */
  const down = (): [Load, number] => {
    const load = createLoad()
    return [load, play(load, 0, 16_000, 1)]
  }
  test('is short after trouble that is over', () => {
    const [load, from] = down()
    expect(load.level).toBe('stills')
    const seen = levelsOf(load, from, from + 25_000, (at) => load.level !== 'stills' && load.picture(-50, at))
    expect(seen.map(([, level]) => level)).toEqual(['stills', 'keys', 'fewer', 'all'])
    expect((seen.at(-1)?.[0] ?? 0) - from).toBeLessThan(20_000)
  })
  test('is tried less and less often while the next level is too much, and at last every other minute', () => {
    const [load, from] = down()
    /** Only all pictures of all cameras are too much. */
    const seen = levelsOf(load, from, from + 1_200_000, (at) => load.picture(load.level === 'all' ? 500 : 0, at))
    expect(new Set(seen.slice(4).map(([, level]) => level))).toEqual(new Set(['all', 'fewer']))
    const tries = seen.filter(([, level]) => level === 'all').map(([at]) => at)
    const between = tries.slice(1).map((at, i) => at - (tries[i] ?? 0))
    for (const [i, ms] of between.entries()) expect(ms).toBeGreaterThanOrEqual(between[i - 1] ?? 0)
    expect(between.at(-1)).toBeGreaterThan(120_000)
    expect(between.at(-1)).toBeLessThan(130_000)
  })
  test('begins anew when more has been shown for a while', () => {
    const [load, from] = down()
    let at = from
    levelsOf(load, at, at + 600_000, (now) => load.picture(load.level === 'all' ? 500 : 0, now))
    at += 600_000
    at = play(load, at, at + 200_000, 0)
    expect(load.level).toBe('all')
    at = play(load, at, at + 4500, 1)
    expect(load.level).toBe('fewer')
    play(load, at, at + 7000, 0)
    expect(load.level).toBe('all')
  })
  test('waits for calm: trouble puts it off', () => {
    const load = createLoad()
    let at = play(load, 0, 4500, 1)
    expect(load.level).toBe('fewer')
    for (let i = 0; i < 5; i++) {
      at = play(load, at, at + 3000, 0)
      at = play(load, at, at + 1200, 1)
    }
    expect(load.level).toBe('fewer')
    play(load, at, at + 8000, 0)
    expect(load.level).toBe('all')
  })
})

describe('how late a decoder is', () => {
  /** Units of 5 a second to a decoder that takes this long for each, and holds so many pictures back; the greatest wait. */
  const greatest = (takesMs: number, holds: number): number => {
    const wait = createDecoderWait()
    let [freeAtMs, most] = [0, Number.NEGATIVE_INFINITY]
    const doneAtMs: number[] = []
    for (let i = 0; i < 60; i++) {
      freeAtMs = Math.max(freeAtMs, 200 * i) + takesMs
      doneAtMs.push(freeAtMs)
    }
    const begunAtMs = doneAtMs.map((at) => at - takesMs)
    let given = 0
    for (const [i, at] of doneAtMs.entries()) {
      for (; 200 * given <= at && given < 60; given++) wait.given(200 * given)
      const waiting = begunAtMs.filter((begun, n) => n < given && begun > at - 1).length
      if (i >= holds) most = Math.max(most, wait.lateMs(200 * (i - holds), waiting, at))
    }
    return most
  }
  test.each([0, 2, 8])('pictures that are held back are not late: %i', (holds) => {
    expect(greatest(30, holds)).toBeLessThanOrEqual(60)
  })
  test.each([0, 2, 8])('a decoder that is slower than the camera is later and later: %i held back', (holds) => {
    expect(greatest(250, holds)).toBeGreaterThan(1000)
  })
  test('a decoder of before counts no more; without a unit nothing is late', () => {
    const wait = createDecoderWait()
    wait.given(0)
    expect(wait.lateMs(0, 0, 400)).toBe(400)
    wait.restart()
    expect(wait.lateMs(0, 0, 400)).toBe(0)
  })
})
