import { describe, expect, test } from 'vitest'
import { bench } from './hand-driven.ts'
import { options, play, url } from './played-camera.ts'

describe('a camera that rests', () => {
  test.each([
    ['gives three frames a second', {}, 3],
    ['gives as many as it is configured to', { restFps: 5 }, 5],
  ])('%s', async (_, more, fps) => {
    const b = bench(url, { options: { ...options, ...more } })
    await play(b, 1)
    b.camera.rest(true)
    expect(b.pipeline().limits).toEqual([fps])
    expect(b.camera.stats.resting).toBe(true)
  })

  test.each([
    ['restFps is null', { restFps: null, maxFps: 8 }],
    ['maxFps is less', { maxFps: 2 }],
  ])('does not where %s', async (_, more) => {
    const b = bench(url, { options: { ...options, ...more } })
    await play(b, 1)
    b.camera.rest(true)
    expect(b.pipeline().limits).toEqual([b.pipeline().options.maxFps])
    expect(b.camera.stats.resting).toBe(false)
  })

  test('gives all again when it is woken, or maxFps', async () => {
    for (const maxFps of [null, 10]) {
      const b = bench(url, { options: { ...options, maxFps } })
      await play(b, 1)
      b.camera.rest(true)
      b.camera.rest(false)
      expect(b.pipeline().limits).toEqual([3, maxFps])
    }
  })

  test('is awake when it was opened again', async () => {
    const b = bench(url, { options })
    await play(b, 1)
    b.camera.rest(true)
    b.pipeline().fail(9)
    await b.advance(200)
    expect(b.pipelines).toHaveLength(2)
    expect(b.pipeline().limits).toEqual([])
    expect(b.camera.stats.resting).toBe(false)
  })

  test('does not when it is a recording that is read without loss', async () => {
    const b = bench('file:///x.mp4', { options, deps: { untilEnd: true } })
    await b.advance(1)
    b.camera.rest(true)
    expect(b.pipeline().limits).toEqual([])
  })
})
