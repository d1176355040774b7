import { expect, test } from 'vitest'
import type { NativeFrame, Pipeline } from '../../native/index.js'
import type { FrameClock } from '../../src/ingest/clock.ts'
import { frameReader } from '../../src/ingest/frame-reader.ts'
import { silent } from '../../src/silent-log.ts'

test('a frame was decoded when it arrived, not when a busy process took it', () => {
  let nowMs = 0
  let wallMs = 1e12
  const waiting: Partial<NativeFrame>[] = []
  const stamped: number[] = []
  const clock: FrameClock = {
    stamp: (_, elapsedMs) => {
      stamped.push(elapsedMs)
      return { ptsUs: 0, capturedAtMs: 0, clock: 'arrival', restarts: false }
    },
  }
  const take = frameReader(
    {
      name: 'door',
      url: { credentials: null } as never,
      stream: 's1' as never,
      recording: true,
      clock,
      log: silent,
      openedAtMs: 0,
      newStreamId: () => 's2' as never,
      time: { nowMs: () => wallMs as never },
      elapsedMs: () => nowMs,
    },
    { take: () => (waiting.shift() as NativeFrame) ?? null } as Pipeline,
    { saw: () => {} } as never,
  )
  const pass = (ms: number): void => {
    nowMs += ms
    wallMs += ms
  }
  const decode = (): void => void waiting.push({ seq: 0, arrivedAtMs: wallMs })

  pass(1000)
  decode()
  pass(5000)
  take()
  decode()
  pass(40)
  // Our clock is set to the next day, and back, while a frame waits.
  wallMs += 86_400_000
  take()
  decode()
  pass(40)
  wallMs -= 86_400_000
  take()
  expect(stamped).toEqual([1000, 6000, 6080])
})
