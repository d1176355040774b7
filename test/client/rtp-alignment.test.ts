import { expect, test } from 'vitest'
import { createRtpAlignment } from '../../client/src/elements/rtp-alignment.ts'

const modulus = 2 ** 32
/** Frames 200 ms apart, whose RTP times wrap around between the second and the third. */
const first = modulus - 27_000
const frames = [0, 1, 2, 3].map((i) => ({ capturedAtMs: 5000 + 200 * i, rtpTime: (first + 18_000 * i) % modulus }))
const timeAt = (ms: number): number => (first + 90 * (ms - 5000) + modulus) % modulus

test('a picture between frames is told by its ticks, once one had exactly the RTP time of a frame', () => {
  const capturedAtMs = createRtpAlignment()
  expect(capturedAtMs(frames, timeAt(5100))).toBeNull()
  expect(capturedAtMs(frames, timeAt(5200))).toBe(5200)
  for (const ms of [4900, 5000, 5299, 5301, 5399, 5401, 5600, 6400]) expect(capturedAtMs(frames, timeAt(ms))).toBe(ms)
})

test('a picture may be shown before the event of its frame has come', () => {
  const capturedAtMs = createRtpAlignment()
  for (const ms of [5400, 5440, 5480]) expect(capturedAtMs(frames.slice(0, 2), timeAt(ms))).toBeNull()
  expect(capturedAtMs(frames, timeAt(5520))).toBe(5520)
})

test('times of the media server’s own, and frames without any, tell nothing', () => {
  const [capturedAtMs, without] = [createRtpAlignment(), createRtpAlignment()]
  for (let i = 0; i < 200; i++) {
    expect(capturedAtMs(frames, (timeAt(5000 + 40 * i) + 1234) % modulus)).toBeNull()
    expect(without([{ capturedAtMs: 5000 }], timeAt(5000 + 40 * i))).toBeNull()
  }
})

test('after a reconnect with other times nothing is told before events have them', () => {
  const capturedAtMs = createRtpAlignment()
  expect(capturedAtMs(frames, timeAt(5000))).toBe(5000)
  const other = 1e9
  expect(capturedAtMs(frames, other)).toBeNull()
  expect(capturedAtMs([...frames, { capturedAtMs: 60_000, rtpTime: other + 900 }], other)).toBe(59_990)
})
