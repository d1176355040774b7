import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cameraClock, recordingClock } from '../../src/ingest/clock.ts'

const ns = (ms: number) => BigInt(Math.round(ms * 1e6))
const noon = Date.UTC(2026, 10, 24, 12)

describe('a recording', () => {
  test('its first frame is at its start, whatever its PTS and the time of day', () => {
    const clock = recordingClock(5000)
    const stamp = (ptsMs: number, arrivedAtMs: number) => clock.stamp({ ptsNs: ns(ptsMs), arrivedAtMs, ntpAtMs: null })
    expect(stamp(66.733333, noon)).toEqual({ ptsUs: 66_733, capturedAtMs: 5000, clock: 'file' })
    expect(stamp(100.1, 3)).toEqual({ ptsUs: 100_100, capturedAtMs: 5033.367, clock: 'file' })
  })

  test('frames without a time stamp go on at 25 a second', () => {
    const clock = recordingClock(0)
    const at = (ptsNs: bigint) => clock.stamp({ ptsNs, arrivedAtMs: 0, ntpAtMs: null }).capturedAtMs
    expect([at(-1n), at(-1n), at(100_000_000n), at(-1n)]).toEqual([0, 40, 100, 140])
  })
})

describe('a camera', () => {
  const limitMs = 10_000
  const start = (said: number[] = []) => cameraClock(limitMs, (difference) => said.push(difference))

  test('arrival, until the camera tells its time', () => {
    const clock = start()
    expect(clock.stamp({ ptsNs: 0n, arrivedAtMs: noon, ntpAtMs: null })).toEqual({
      ptsUs: 0,
      capturedAtMs: noon,
      clock: 'arrival',
    })
    // 200 ms ahead of arrival: the camera's word.
    expect(clock.stamp({ ptsNs: ns(40), arrivedAtMs: noon + 45, ntpAtMs: noon + 240 })).toEqual({
      ptsUs: 40_000,
      capturedAtMs: noon + 240,
      clock: 'camera',
    })
  })

  test('a frame without the camera’s word goes on with its last', () => {
    const clock = start()
    clock.stamp({ ptsNs: 0n, arrivedAtMs: noon, ntpAtMs: noon - 100 })
    expect(clock.stamp({ ptsNs: ns(40), arrivedAtMs: noon + 90, ntpAtMs: null })).toMatchObject({
      capturedAtMs: noon - 60,
      clock: 'camera',
    })
  })

  test('where the better clock is behind, time runs at half speed until they meet', () => {
    const clock = start()
    clock.stamp({ ptsNs: 0n, arrivedAtMs: noon, ntpAtMs: null })
    const at = (i: number) =>
      clock.stamp({ ptsNs: ns(40 * i), arrivedAtMs: noon + 40 * i, ntpAtMs: noon + 40 * i - 100 }).capturedAtMs - noon
    expect([1, 2, 3, 4, 5, 6, 7].map(at)).toEqual([20, 40, 60, 80, 100, 140, 180])
  })

  test('a clock that is years off is not used, and said once', () => {
    const said: number[] = []
    const clock = start(said)
    for (let i = 0; i < 3; i++) {
      const stamp = clock.stamp({ ptsNs: ns(40 * i), arrivedAtMs: noon + 40 * i, ntpAtMs: 40 * i })
      expect(stamp).toMatchObject({ capturedAtMs: noon + 40 * i, clock: 'arrival' })
    }
    expect(said).toEqual([-noon])
  })

  test('captured times always rise, whatever the clocks do', () => {
    const step = fc.record({
      ptsMs: fc.integer({ min: 1, max: 500 }),
      jitterMs: fc.integer({ min: -300, max: 300 }),
      ntp: fc.option(fc.integer({ min: -30_000, max: 30_000 })),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 2 }), (steps) => {
        const clock = start()
        let ptsMs = 0
        let last = Number.NEGATIVE_INFINITY
        for (const { ptsMs: by, jitterMs, ntp } of steps) {
          ptsMs += by
          const arrivedAtMs = noon + ptsMs + jitterMs
          const ntpAtMs = ntp === null ? null : noon + ptsMs + ntp
          const { capturedAtMs } = clock.stamp({ ptsNs: ns(ptsMs), arrivedAtMs, ntpAtMs })
          expect(capturedAtMs).toBeGreaterThan(last)
          last = capturedAtMs
        }
      }),
    )
  })
})
