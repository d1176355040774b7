import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cameraClock, recordingClock } from '../../src/ingest/clock.ts'

const ns = (ms: number) => BigInt(Math.round(ms * 1e6))
const noon = Date.UTC(2026, 10, 24, 12)
const hour = 3_600_000

describe('a recording', () => {
  const start = (startsAtMs: number) => {
    const clock = recordingClock(startsAtMs)
    return (ptsNs: bigint, arrivedAtMs = noon) => clock.stamp({ ptsNs, arrivedAtMs, ntpAtMs: null }, arrivedAtMs)
  }

  test('its first frame is at its start, whatever its PTS and the time of day', () => {
    const stamp = start(5000)
    expect(stamp(ns(66.733333))).toMatchObject({ ptsUs: 66_733, capturedAtMs: 5000, clock: 'file' })
    expect(stamp(ns(100.1), 3)).toMatchObject({ ptsUs: 100_100, capturedAtMs: 5033.367, clock: 'file' })
  })

  test('frames without a time stamp go on at 25 a second', () => {
    const stamp = start(0)
    expect([-1n, -1n, ns(100), -1n].map((pts) => stamp(pts).capturedAtMs)).toEqual([0, 40, 100, 140])
  })

  test('where PTS begin anew, time goes on', () => {
    const stamp = start(0)
    const at = (ms: number) => stamp(ns(ms)).capturedAtMs
    expect([0, 40, 10_000, 0, 40, 500, 0].map(at)).toEqual([0, 40, 10_000, 10_040, 10_080, 10_540, 10_040])
    expect([5000, 10_000, 0].map(at)).toEqual([15_040, 20_040, 20_080])
  })
})

interface Clocks {
  /** What is added to each clock. */
  readonly host?: number
  readonly camera?: number | null
  readonly pts?: number
}

/** A camera of 25 frames a second: what it stamps while its clocks are shifted as given, one array a phase. */
const film = (phases: readonly (Clocks & { readonly frames: number })[], said: number[] = []) => {
  const clock = cameraClock(10_000, (difference) => said.push(difference))
  let t = 0
  let stream = 0
  return phases.map(({ frames, host = 0, camera = null, pts = 0 }) =>
    Array.from({ length: frames }, () => {
      t += 40
      const ntpAtMs = camera === null ? null : noon + t + camera
      const stamp = clock.stamp({ ptsNs: ns(t + pts), arrivedAtMs: noon + t + host, ntpAtMs }, t)
      if (stamp.restarts) stream++
      return { stream, clock: stamp.clock, capturedAtMs: stamp.capturedAtMs, offMs: stamp.capturedAtMs - noon - t }
    }),
  )
}

describe('a camera', () => {
  test('arrival, until the camera tells its time', () => {
    const [before, after] = film([{ frames: 2 }, { frames: 2, camera: 200 }])
    expect(before.at(-1)).toMatchObject({ offMs: 0, clock: 'arrival' })
    expect(after[0]).toMatchObject({ offMs: 200, clock: 'camera' })
  })

  test('a frame without the camera’s word goes on with its last', () => {
    const [, after] = film([
      { frames: 1, camera: -100 },
      { frames: 1, host: 90 },
    ])
    expect(after[0]).toMatchObject({ offMs: -100, clock: 'camera' })
  })

  test('where the better clock is behind, time runs at half speed until they meet', () => {
    const [, after] = film([{ frames: 1 }, { frames: 7, camera: -100 }])
    expect(after.map(({ offMs }) => offMs)).toEqual([-20, -40, -60, -80, -100, -100, -100])
  })

  test('frames of one PTS follow each other by a millisecond at least', () => {
    const time = cameraClock(10_000, () => {})
    const times = Array.from({ length: 20 }, (_, i) => {
      const atMs = 1e12 + Math.floor(i / 4) * 3.3
      return Math.round(
        time.stamp({ ptsNs: 1_000_000_000n, arrivedAtMs: atMs, ntpAtMs: atMs - 400 }, atMs).capturedAtMs,
      )
    })
    for (const [i, timeMs] of times.entries()) if (i > 0) expect(timeMs).toBeGreaterThan(times[i - 1] ?? 0)
  })

  test('a clock that is years off is not used, and said once', () => {
    const said: number[] = []
    const [stamps] = film([{ frames: 3, camera: -noon }], said)
    expect(stamps.map(({ offMs, clock }) => [offMs, clock])).toEqual(Array(3).fill([0, 'arrival']))
    expect(said).toEqual([-noon])
  })

  test('a clock at the limit is not taken in turns with ours', () => {
    const phases = Array.from({ length: 40 }, (_, i) => ({ frames: 10, camera: i % 2 === 0 ? 9900 : 10_100 }))
    const streams = new Set(film(phases).flatMap((stamps) => stamps.map(({ stream }) => stream)))
    expect(streams.size).toBeLessThanOrEqual(3)
  })

  const jumps: readonly (readonly [string, Clocks, Clocks])[] = [
    ['our clock, an hour back', {}, { host: -hour }],
    ['our clock, an hour on', {}, { host: hour }],
    ['our clock at boot, from 1970', { host: -noon }, {}],
    ['our clock, two days on, and the camera’s stays', { camera: 0 }, { camera: 0, host: 48 * hour }],
    ['the camera’s clock, 9 s on', { camera: 0 }, { camera: 9000 }],
    ['the camera’s clock, 9 s back', { camera: 0 }, { camera: -9000 }],
    ['the camera’s clock, a year on', { camera: 0 }, { camera: 8760 * hour }],
    ['PTS, to 0', { camera: 0, pts: 600_000 }, { camera: 0 }],
    ['PTS, to 0, and the camera is silent', { camera: 0, pts: 600_000 }, {}],
    ['PTS, by a wrap of RTP', { pts: 0 }, { pts: -47_721_858 }],
    ['PTS, a day on', { camera: 0 }, { camera: 0, pts: 24 * hour }],
  ]

  test.each(jumps)('is right again within 5 s after a jump: %s', (_, before, after) => {
    const [first, second, third] = film([
      { frames: 250, ...before },
      { frames: 250, ...after },
      { frames: 250, ...before },
    ])
    for (const [stamps, clocks] of [
      [first, before],
      [second, after],
      [third, before],
    ] as const) {
      const last = stamps.at(-1)
      const host = clocks.host ?? 0
      const camera = clocks.camera ?? host
      const rightMs = Math.abs(camera - host) <= 10_000 ? camera : host
      // One that has been silent since PTS began anew is known by arrival.
      expect(last?.offMs).toBeCloseTo(rightMs, 3)
      expect(stamps.slice(125).every(({ offMs }) => Math.abs(offMs - rightMs) < 1)).toBe(true)
    }
  })

  const byHours = [1, -1, 10, -10].map((hours) => hours * hour)
  test.each(byHours)(
    'a jump of PTS by %i ms moves no frame, whatever the camera’s clock says until it reports again',
    (pts) => {
      for (const camera of [null, 0, 150]) {
        // With every report right, with the old report for 2.5 s, and with a clock that has jumped for good.
        for (const stale of [[], [62], [250]]) {
          const wrong = camera === null ? null : camera + pts
          const [, ...after] = film([
            { frames: 100, camera, pts: 20 * hour },
            ...stale.map((frames) => ({ frames, camera: wrong, pts: 20 * hour + pts })),
            { frames: 200, camera: stale[0] === 250 ? wrong : camera, pts: 20 * hour + pts },
          ])
          for (const { offMs, stream } of after.flat()) {
            expect(Math.abs(offMs - (camera ?? 0))).toBeLessThanOrEqual(200)
            expect(stream).toBe(0)
          }
        }
      }
    },
  )

  test('one wrong report is no new time', () => {
    const stamps = film([
      { frames: 50, camera: 0 },
      { frames: 5, camera: -9000 },
      { frames: 5, camera: 9000 },
      { frames: 50, camera: 0 },
    ]).flat()
    expect(new Set(stamps.map(({ offMs, stream }) => `${stream} ${offMs.toFixed(6)}`))).toEqual(new Set(['0 0.000000']))
  })

  test('within a stream captured times always rise, whatever the clocks do', () => {
    const anyMs = fc.oneof(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: -1e12, max: 1e12 }))
    const clocks = fc.record({
      frames: fc.integer({ min: 1, max: 60 }),
      host: anyMs,
      camera: fc.option(anyMs),
      pts: anyMs.map((ms) => Math.max(0, ms)),
    })
    fc.assert(
      fc.property(fc.array(clocks, { minLength: 2 }), (phases) => {
        const stamps = film(phases).flat()
        for (const [i, { stream, capturedAtMs }] of stamps.entries()) {
          const before = stamps[i - 1]
          if (before?.stream === stream) expect(capturedAtMs).toBeGreaterThan(before.capturedAtMs)
        }
      }),
    )
  })

  /** A camera that films at `t` and whose frames come `delays` later, in order: what its time line says. */
  const late = (delays: readonly number[], hasClock: boolean, said: number[] = []) => {
    const clock = cameraClock(10_000, (difference) => said.push(difference))
    let arrivedMs = 0
    return delays.map((delayMs, i) => {
      const t = 40 * (i + 1)
      arrivedMs = Math.max(arrivedMs + 0.1, t + delayMs)
      const times = { ptsNs: ns(t), arrivedAtMs: noon + arrivedMs, ntpAtMs: hasClock ? noon + t : null }
      const { capturedAtMs, restarts } = clock.stamp(times, arrivedMs)
      return { restarts, offMs: capturedAtMs - noon - t, lateMs: arrivedMs - t }
    })
  }
  const repeat = (frames: number, delayMs: number): number[] => Array(frames).fill(delayMs)

  test('frames of a camera with a clock carry the time of capture, however late they come', () => {
    const said: number[] = []
    const delays = [repeat(50, 20), repeat(1, 5000), repeat(200, 4000), repeat(100, 30_000), repeat(100, 20)].flat()
    const stamps = late(delays, true, said)
    expect(stamps.filter(({ restarts, offMs }) => restarts || Math.abs(offMs) > 0.01)).toEqual([])
    expect(said).toEqual([])
  })

  test('frames of a camera without a clock carry the time of arrival within 2 s, however late they come', () => {
    const stamps = late([repeat(50, 20), repeat(200, 8000), repeat(500, 20)].flat(), false)
    expect(stamps.filter(({ restarts }) => restarts)).toEqual([])
    for (const { offMs, lateMs } of stamps) expect(offMs - lateMs).toBeLessThan(2300)
    expect(stamps.at(-1)?.offMs).toBeCloseTo(20, 3)
  })

  test('no delay of frames is taken for a jump of a clock', () => {
    const run = fc.tuple(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 9000 }))
    fc.assert(
      fc.property(fc.array(run, { minLength: 2 }), fc.boolean(), (runs, hasClock) => {
        const stamps = late(
          runs.flatMap(([frames, delayMs]) => repeat(frames, delayMs)),
          hasClock,
        )
        expect(stamps.some(({ restarts }) => restarts)).toBe(false)
      }),
    )
  })

  test('a camera without PTS: time is that of arrival, at any rate', () => {
    const clock = cameraClock(10_000, () => undefined)
    const at = (ms: number) => clock.stamp({ ptsNs: -1n, arrivedAtMs: noon + ms, ntpAtMs: null }, ms)
    expect([0, 200, 400, 3400].map((ms) => at(ms).capturedAtMs - noon)).toEqual([0, 200, 400, 3400])
    expect(at(3600).ptsUs).toBe(3_600_000)
  })
})

describe('a camera whose PTS are late for some frames', () => {
  // As GStreamer gave them for B frames: 40 ms apart by RTP time, the PTS up to 200 ms late for every other one.
  const late = [0, 200, 0, 200, 0, 0, 160, 30, 0, 200, 190, 0, 0]
  const play = (firstRtp: number | null) => {
    const clock = cameraClock(10_000, () => {})
    return late.map((lateMs, i) => {
      const rtpTime = firstRtp === null ? null : (firstRtp + i * 3600) % 2 ** 32
      const frame = {
        ptsNs: ns(1000 + 40 * i + lateMs),
        arrivedAtMs: noon + 40 * i + 205,
        ntpAtMs: noon + 40 * i,
        rtpTime,
      }
      return clock.stamp(frame, 40 * i).capturedAtMs - noon
    })
  }

  test.each([0, 2 ** 32 - 5 * 3600])('is right by its own clock for each frame, RTP times from %i on', (firstRtp) => {
    expect(play(firstRtp)).toEqual(late.map((_, i) => 40 * i))
  })

  test('is not, where there is no RTP time to tell', () => {
    expect(play(null)).not.toEqual(late.map((_, i) => 40 * i))
  })
})
