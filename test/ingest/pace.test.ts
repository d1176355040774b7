import { describe, expect, test } from 'vitest'
import { bench } from './hand-driven.ts'
import { options, play, url } from './played-camera.ts'

describe('the pace of a camera', () => {
  test.each([
    ['three frames a second while it rests', 'resting', {}, 3],
    ['as many as it is configured to while it rests', 'resting', { restFps: 5 }, 5],
    ['three frames a second while it dozes', 'dozing', {}, 3],
    ['eight frames a second while all is steady', 'steady', {}, 8],
    ['as many as it is configured to while all is steady', 'steady', { steadyFps: 12 }, 12],
  ] as const)('%s', async (_, pace, more, fps) => {
    const b = bench(url, { options: { ...options, ...more } })
    await play(b, 1)
    b.camera.setPace(pace)
    expect(b.pipeline().limits).toEqual([fps])
    expect(b.camera.stats.pace).toBe(pace)
  })

  test.each([
    ['restFps is null', 'resting', { restFps: null, maxFps: 8 }],
    ['steadyFps is null', 'steady', { steadyFps: null }],
    ['maxFps is less', 'resting', { maxFps: 2 }],
  ] as const)('makes no difference where %s', async (_, pace, more) => {
    const b = bench(url, { options: { ...options, ...more } })
    await play(b, 1)
    b.camera.setPace(pace)
    expect(b.pipeline().limits).toEqual([b.pipeline().options.maxFps])
    expect(b.camera.stats.pace).toBe('awake')
  })

  test('all frames again when it is woken, or maxFps', async () => {
    for (const maxFps of [null, 10]) {
      const b = bench(url, { options: { ...options, maxFps } })
      await play(b, 1)
      for (const pace of ['resting', 'awake', 'steady', 'awake'] as const) b.camera.setPace(pace)
      expect(b.pipeline().limits).toEqual([3, maxFps, 8, maxFps])
    }
  })

  test.each([
    ['2500 ms at most', {}, 2500],
    ['as long as it is configured to', { maxSleepMs: 900 }, 900],
    ['never where maxSleepMs is null', { maxSleepMs: null }, null],
    ['never where it does not rest', { restFps: null }, null],
  ] as const)('may sleep while it dozes, and on a late machine while it rests: %s', async (_, more, ms) => {
    const b = bench(url, { options: { ...options, ...more } })
    await play(b, 1)
    const told = (['dozing', 'resting', 'dozing', 'steady'] as const).map((pace) => {
      b.camera.setPace(pace)
      return [b.pipeline().maxSleepMs, b.pipeline().onlyWhenLate]
    })
    expect(told).toEqual([
      [ms, false],
      [ms, true],
      [ms, false],
      [null, false],
    ])
    b.pipeline().stats = { asleep: true, givesWay: true }
    expect(b.camera.stats).toMatchObject({ asleep: true, givesWay: true })
  })

  test.each([
    ['none', 3, false],
    ['late', 3, true],
    ['all', null, true],
  ] as const)('gives of the other frames %s while it dozes', async (others, fps, passesLate) => {
    const b = bench(url, { options })
    await play(b, 1)
    b.camera.setPace('dozing', others)
    expect(b.pipeline().limits).toEqual([fps])
    expect(b.pipeline()).toMatchObject({ maxSleepMs: 2500, passesLate })
  })

  test('gives no more than maxFps, also of those', async () => {
    const b = bench(url, { options: { ...options, maxFps: 10 } })
    await play(b, 1)
    b.camera.setPace('dozing', 'all')
    expect(b.pipeline().limits).toEqual([10])
    expect(b.pipeline().passesLate).toBe(false)
  })

  test('is awake when it was opened again', async () => {
    const b = bench(url, { options })
    await play(b, 1)
    b.camera.setPace('resting')
    b.pipeline().fail(9)
    await b.advance(200)
    expect(b.pipelines).toHaveLength(2)
    expect(b.pipeline().limits).toEqual([])
    expect(b.camera.stats.pace).toBe('awake')
  })

  test('makes no difference to a recording that is read without loss', async () => {
    const b = bench('file:///x.mp4', { options, deps: { untilEnd: true } })
    await b.advance(1)
    for (const pace of ['resting', 'steady', 'dozing'] as const) b.camera.setPace(pace)
    expect(b.pipeline().limits).toEqual([])
    expect(b.pipeline().maxSleepMs).toBe(null)
  })
})
