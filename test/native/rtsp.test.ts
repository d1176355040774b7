import { describe, expect, onTestFinished, test } from 'vitest'
import { loopFile } from '../support/footage.ts'
import { startIndependentRtsp } from '../support/independent-rtsp.ts'
import { watch } from './watch.ts'

describe('a camera over RTSP', () => {
  test('tells the time at its lens, and its loss is an event', async ({ skip }) => {
    const server = await startIndependentRtsp({ file: loopFile('lobby') })
    if (!server) return skip()
    onTestFinished(() => server.close())
    let lens: { atMs: number; arrivedAtMs: number } | undefined
    const { of, until } = watch(
      `rtspsrc location=${server.url} protocols=tcp latency=50 add-reference-timestamp-meta=true
       ! rtph264depay ! h264parse ! avdec_h264 ! appsink name=frames`,
      {
        mode: 'newest',
        onEvent: (event, pipeline) => {
          if (event.type !== 'frame') return
          const frame = pipeline.take()
          if (frame && frame.ntpAtMs !== null) lens ??= { atMs: frame.ntpAtMs, arrivedAtMs: frame.arrivedAtMs }
          frame?.close()
        },
      },
    )
    await until('a frame with the camera’s time', () => lens !== undefined)
    // The same clock on both sides; sent, buffered for 50 ms and decoded in between.
    const delayMs = (lens?.arrivedAtMs ?? 0) - (lens?.atMs ?? 0)
    expect(delayMs).toBeGreaterThan(-100)
    expect(delayMs).toBeLessThan(3000)
    await server.close()
    await until('the loss', () => of('warning').length + of('error').length + of('eos').length > 0)
  })
})
