import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { everyFrame, watch } from './watch.ts'

const source = (count: number, more = '') =>
  `videotestsrc num-buffers=${count} ${more} ! video/x-raw,format=I420,width=64,height=48,framerate=100/1
   ! appsink name=frames`

describe('every', () => {
  test('gives all frames in order, and the end of the stream after the last has been taken', async () => {
    const { values, watched } = await everyFrame(source(200), ({ seq }) => seq)
    expect(values).toEqual(Array.from({ length: 200 }, (_, index) => index))
    expect(watched.events.at(-1)).toEqual({ type: 'eos' })
    expect(watched.pipeline.stats).toMatchObject({ decoded: 200, taken: 200, dropped: 0 })
  })

  test('makes the decoder wait, which does not count as a stall', async () => {
    const { pipeline, of, until } = watch(source(50))
    await until('a frame', () => of('frame').length > 0)
    const deadline = Date.now() + 10_000
    while (pipeline.stats.decoded < 2 && Date.now() < deadline) await setImmediate()
    for (let turn = 0; turn < 200; turn += 1) await setImmediate()
    expect(pipeline.stats).toMatchObject({ decoded: 2, taken: 0, dropped: 0, sinceLastFrameMs: 0 })
    expect(of('frame')).toHaveLength(1)
    expect(of('eos')).toHaveLength(0)
  })

  test('holds the end of the stream back while a frame waits', async () => {
    const { pipeline, of, until } = watch(source(1))
    await until('a frame', () => of('frame').length > 0)
    for (let turn = 0; turn < 200; turn += 1) await setImmediate()
    expect(of('eos')).toHaveLength(0)
    pipeline.take()?.close()
    await until('eos', () => of('eos').length > 0)
  })

  test('a consumer that takes at once does not starve the event loop', async () => {
    let turns = 0
    let running = true
    const turn = () => {
      turns += 1
      if (running) setTimeout(turn, 0)
    }
    turn()
    await everyFrame(source(100), () => {
      // Slower than the source, so that the next frame is always there already.
      const until = performance.now() + 3
      while (performance.now() < until);
    })
    running = false
    expect(turns).toBeGreaterThan(50)
  })

  test('an exception in onEvent loses no later event', async () => {
    const errors: unknown[] = []
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => errors.push(error))
    try {
      const seqs: number[] = []
      const { of, until } = watch(source(5), {
        onEvent: (event, pipeline) => {
          if (event.type !== 'frame') return
          const frame = pipeline.take()
          seqs.push(frame?.seq ?? -1)
          frame?.close()
          throw new Error(`at ${frame?.seq}`)
        },
      })
      await until('eos', () => of('eos').length > 0)
      expect(seqs).toEqual([0, 1, 2, 3, 4])
      expect(errors).toHaveLength(5)
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const listener of listeners) process.on('uncaughtException', listener)
    }
  })
})

describe('newest', () => {
  test('replaces an untaken frame and counts it; the frame is told before the end', async () => {
    const { pipeline, events, of, until } = watch(source(50), { mode: 'newest' })
    await until('eos', () => of('eos').length > 0)
    const types = events.map(({ type }) => type)
    expect(types.indexOf('frame')).toBeLessThan(types.indexOf('eos'))
    expect(of('frame')).toHaveLength(1)
    expect(pipeline.stats).toMatchObject({ decoded: 50, taken: 0, dropped: 49 })
    const frame = pipeline.take()
    expect(frame?.seq).toBe(49)
    frame?.close()
    expect(pipeline.take()).toBeNull()
    expect(pipeline.stats).toMatchObject({ decoded: 50, taken: 1, dropped: 49 })
  })

  test('tells of each frame that follows a taken one, at the speed of a live source', async () => {
    const seqs: number[] = []
    const { pipeline, of, until } = watch(source(20, 'is-live=true'), {
      mode: 'newest',
      onEvent: (event, live) => {
        if (event.type !== 'frame') return
        const frame = live.take()
        if (frame) seqs.push(frame.seq)
        frame?.close()
      },
    })
    await until('eos', () => of('eos').length > 0)
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
    expect(new Set(seqs).size).toBe(seqs.length)
    const { decoded, taken, dropped, sinceLastFrameMs } = pipeline.stats
    expect(decoded).toBe(20)
    expect(taken).toBe(seqs.length)
    expect(taken + dropped).toBe(20)
    expect(sinceLastFrameMs).toBeGreaterThanOrEqual(0)
  })

  test('frames that were never taken are given back at stop, and counted', async () => {
    const { pipeline, of, until } = watch(source(-1, 'is-live=true'), { mode: 'newest' })
    await until('a frame', () => of('frame').length > 0)
    await pipeline.stop()
    expect(pipeline.take()).toBeNull()
    const { decoded, dropped } = pipeline.stats
    expect(dropped).toBe(decoded)
  })
})
