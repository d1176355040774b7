import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { ToVision } from '../../src/ipc/messages.ts'
import { createCaptures } from '../../src/site/captures.ts'
import type { Capture } from '../../src/types.ts'

const film: Capture = {
  camera: 'door',
  video: Uint8Array.from([1, 2]),
  encoding: 'video/x-h264',
  pictures: 2,
  lengthMs: 40,
  startsAtMs: 5,
  arrivedMs: [1_000_000, 1_000_040],
  broken: 0,
  short: null,
}
const event = { type: 'rollcall.frame.v1' } as unknown as RollcallEvent

/** Captures whose vision process answers by `answer`. */
const captures = (answer: (id: number) => void = () => {}, isWaiting = false) => {
  vi.useFakeTimers({ now: 1_001_000, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const asked: unknown[] = []
  const ages: number[] = []
  const send = (message: ToVision<never>): void => {
    asked.push(message)
    if (message.type === 'capture') answer(message.id)
  }
  const worker = { name: 'vision-1', cameras: ['door'], isWaiting, send, silentMs: () => 0 }
  const made = createCaptures({
    pool: { workerOf: () => worker as never },
    isConfigured: (camera) => camera === 'door',
    recentEvents: (_camera, ageMs) => {
      ages.push(ageMs)
      return [event]
    },
    nowMs: Date.now,
    waitMs: async (ms) => void vi.setSystemTime(Date.now() + ms),
  })
  return { ...made, asked, ages }
}

describe('a capture', () => {
  test('is asked of the process that has the camera, and comes with the events since its first picture', async () => {
    const site = captures((id) => queueMicrotask(() => site.answered({ type: 'captured', id, capture: film })))
    expect(await site.capture('door', 4000)).toEqual({ capture: film, events: [event] })
    expect(site.asked).toEqual([{ type: 'capture', id: 1, camera: 'door', forMs: 4000 }])
    expect(site.ages).toEqual([2000])
  })

  test('is refused as the process says', async () => {
    const capture = { code: 'CAMERA_LOST', message: 'no', remedy: 'wait' } as const
    const site = captures((id) => queueMicrotask(() => site.answered({ type: 'captured', id, capture })))
    await expect(site.capture('door', 4000)).rejects.toMatchObject({ code: 'CAMERA_LOST', remedy: 'wait' })
  })

  test('is refused for a camera that is not there, and while its process does not run', async () => {
    await expect(captures().capture('hall', 1)).rejects.toMatchObject({ code: 'CAMERA_NOT_FOUND' })
    await expect(captures(() => {}, true).capture('door', 1)).rejects.toMatchObject({ code: 'STATE' })
  })

  test('ends with the process: what it kept is gone', async () => {
    const site = captures(() => queueMicrotask(() => site.lost(['hall', 'door'])))
    await expect(site.capture('door', 4000)).rejects.toThrow(/what it kept is gone/)
  })

  test('is made one at a time, and ends when nobody answers', async () => {
    const site = captures()
    const first = site.capture('door', 4000)
    await expect(site.capture('door', 4000)).rejects.toThrow(/camera door is being captured/)
    site.answered({ type: 'captured', id: 99, capture: film })
    vi.advanceTimersByTime(14_000)
    await expect(first).rejects.toMatchObject({ code: 'STATE' })
    await expect(captures(() => {}, true).capture('door', 1)).rejects.toThrow(/does not answer/)
  })
})
