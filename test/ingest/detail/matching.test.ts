import { describe, expect, it } from 'vitest'
import type { FrameTimes } from '../../../src/ingest/clock.ts'
import { alikeMoments } from '../../../src/ingest/detail/alike.ts'
import { arrivalLine } from '../../../src/ingest/detail/arrival-line.ts'
import { createOffsetFit } from '../../../src/ingest/detail/offset-fit.ts'
import { createStreamMatch, type StreamMatch } from '../../../src/ingest/detail/stream-match.ts'
import { difference, ofPicture, ofYuv } from '../../../src/ingest/detail/thumbnail.ts'
import { seededRandom } from '../../../src/math/seeded-random.ts'

const times = (ptsMs: number, arrivedAtMs: number, ntpAtMs: number | null = null): FrameTimes => ({
  ptsNs: BigInt(Math.round(ptsMs * 1e6)),
  arrivedAtMs,
  ntpAtMs,
})

/** A bright spot on a grey floor, at `x` of 0–1. */
const scene = (x: number, width: number, height: number): Float64Array =>
  Float64Array.from({ length: width * height }, (_, i) => {
    const [u, v] = [((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height]
    return 60 + 40 * v + 150 * Math.exp(-(((u - x) / 0.05) ** 2) - ((v - 0.5) / 0.15) ** 2)
  })
const small = (x: number) => {
  const data = new Uint8Array(3 * 128 * 72)
  for (const plane of [0, 1, 2]) data.set(scene(x, 128, 72), plane * 128 * 72)
  return ofPicture({ width: 128, height: 72, data })
}
const big = (x: number) => {
  const data = Uint8Array.from(scene(x, 256, 144), (luma) => 16 + (luma * 219) / 255)
  return ofYuv({ width: 256, height: 144, planes: [{ data, stride: 256 }] })
}
/** A room with furniture, as a rule of luma by place. */
const stripes = (u: number, v: number) => 120 + 60 * Math.sin(9 * u * (1 + v)) + 40 * Math.cos(11 * v + 4 * u)
const view = (luma: (u: number, v: number) => number) =>
  ofYuv({
    width: 128,
    height: 72,
    planes: [{ data: Uint8Array.from({ length: 128 * 72 }, (_, i) => luma((i % 128) / 128, i / 9216)), stride: 128 }],
  })

describe('arrivalLine', () => {
  it('gives a picture that came late the time at which it should have come', () => {
    const line = arrivalLine()
    const random = seededRandom(3)
    const late = Array.from({ length: 200 }, (_, i) => (i === 20 ? 0 : 400 * random()))
    const errors = late.map((delay, i) => line(times(i * 40, 5000 + i * 40 + delay)) - (5000 + i * 40))
    expect(Math.max(...errors.slice(20).map(Math.abs))).toBeLessThan(2 + (180 * 40 * 2) / 1000)
  })

  it.each([
    ['PTS that begin again', 0, 60_000],
    ['PTS that jump an hour', 3_600_000, 60_000],
    ['a clock of this machine that was set', 10_000, 3_660_000],
  ])('begins anew after %s', (_, ptsMs, arrivedAtMs) => {
    const line = arrivalLine()
    for (let i = 0; i < 250; i++) line(times(i * 40, 50_000 + i * 40))
    expect(line(times(ptsMs, arrivedAtMs))).toBe(arrivedAtMs)
  })

  it('follows a camera whose clock is a thousandth slow', () => {
    const line = arrivalLine()
    let error = 0
    for (let i = 0; i < 25 * 600; i++) error = line(times(i * 40 * 0.999, i * 40)) - i * 40
    expect(Math.abs(error)).toBeLessThan(2)
  })

  it('takes the time of arrival of a stream without PTS', () => {
    expect(arrivalLine()({ ptsNs: -1n, arrivedAtMs: 77 })).toBe(77)
  })
})

describe('createOffsetFit', () => {
  const assumed = { offsetMs: 0, slackMs: 1500 }

  it('keeps to what was assumed until two samples agree', () => {
    const fit = createOffsetFit(assumed)
    expect(fit.offset()).toEqual(assumed)
    fit.add(-900)
    expect(fit.offset()).toEqual(assumed)
    fit.add(400)
    expect(fit.offset()).toEqual(assumed)
    fit.add(420)
    expect(fit.offset()).toEqual({ offsetMs: 400, slackMs: 60 })
  })

  it('follows a difference that changes', () => {
    const fit = createOffsetFit(assumed)
    for (let i = 0; i < 9; i++) fit.add(100)
    for (let i = 0; i < 6; i++) fit.add(800)
    expect(fit.offset().offsetMs).toBe(800)
  })
})

describe('thumbnails', () => {
  it('are the same for both streams of a scene, whatever size and range of luma they have', () => {
    expect(difference(small(0.4), big(0.4))).toBeLessThan(0.003)
    expect(difference(small(0.4), big(0.6))).toBeGreaterThan(0.5)
  })

  it('tell when a picture was shown, and that nothing moved', () => {
    const moving = Array.from({ length: 30 }, (_, i) => ({ atMs: i * 80, thumbnail: small(0.1 + i * 0.025) }))
    expect(alikeMoments(big(0.1 + 12 * 0.025), moving)).toEqual([960])
    const still = Array.from({ length: 30 }, (_, i) => ({ atMs: i * 80, thumbnail: small(0.4) }))
    expect(alikeMoments(big(0.4), still)).toEqual(still.map(({ atMs }) => atMs))
    expect(alikeMoments(big(0.4), [])).toEqual([])
  })

  it.each([
    ['of another scene', (u: number, v: number) => 128 + 90 * Math.sin(17 * u + 5 * v)],
    ['of the scene upside down', (u: number, v: number) => stripes(1 - u, 1 - v)],
    ['cropped to 4:3', (u: number, v: number) => stripes(0.125 + 0.75 * u, v)],
    ['black', () => 16],
  ])('are alike at no moment when the picture is %s', (_, luma) => {
    const shown = Array.from({ length: 30 }, (_, i) => ({ atMs: i * 80, thumbnail: view(stripes) }))
    expect(alikeMoments(view(luma), shown)).toEqual([])
    expect(alikeMoments(view(stripes), shown)).toHaveLength(30)
  })
})

/** 10 s of a small stream at 12.5 frames a second whose spot moves, and the times that its frames had. */
const watched = (match: StreamMatch, ntp: ((atMs: number) => number) | null) =>
  Array.from({ length: 125 }, (_, i) => {
    const atMs = i * 80
    match.small(times(1000 + atMs, 1e6 + atMs, ntp?.(atMs)))
    return { atMs: 1e6 + atMs, thumbnail: thumbnails[i] as Float32Array }
  })
/** The spot goes across once. */
const shownAt = (atMs: number) => big(0.05 + 0.9 * (atMs / 10_000))
const thumbnails = Array.from({ length: 125 }, (_, i) => small(0.05 + 0.9 * ((i * 80) / 10_000)))

describe('createStreamMatch', () => {
  it("matches by the camera's own clock, however wrong it is", () => {
    const match = createStreamMatch()
    const shown = watched(match, (atMs) => 4e12 + atMs)
    const unit = times(77_000, 1e6 + 5000 + 700, 4e12 + 5000)
    expect(match.big(unit)).toEqual({ atMs: 1e6 + 5000, slackMs: 60, basis: 'clock' })
    const span = match.confirm(unit, shownAt(5000), shown)
    expect(span?.fromMs).toBeGreaterThanOrEqual(1e6 + 4940)
    expect(span?.untilMs).toBeLessThanOrEqual(1e6 + 5060)
  })

  it('does not believe clocks that contradict the arrival by more than two encoders do', () => {
    const match = createStreamMatch()
    watched(match, (atMs) => 4e12 + atMs)
    // The zoo: 1970 in the reports of one of the two streams.
    expect(match.big(times(77_000, 1e6 + 5000, 5000)).basis).toBe('arrival')
  })

  it.each([-900, 0, 640])(
    'learns by the pictures that the big stream comes %i ms later, when there is no clock',
    (lateMs) => {
      const match = createStreamMatch()
      const shown = watched(match, null)
      const errors = [2000, 3400, 4600, 5800, 7000].map((atMs) => {
        const unit = times(atMs, 1e6 + atMs + lateMs)
        const { atMs: at } = match.big(unit)
        match.confirm(unit, shownAt(atMs), shown)
        return Math.abs(at - 1e6 - atMs)
      })
      expect(errors[0]).toBe(Math.abs(lateMs))
      expect(errors[4]).toBeLessThan(80)
    },
  )

  it('corrects clocks that differ, and refuses what contradicts them until then', () => {
    const match = createStreamMatch()
    const shown = watched(match, (atMs) => 4e12 + atMs)
    const spans = [2000, 3400, 4600, 5800].map((atMs) => {
      const unit = times(atMs, 1e6 + atMs, 4e12 + atMs + 900)
      match.big(unit)
      return match.confirm(unit, shownAt(atMs), shown)
    })
    expect(spans.slice(0, 2)).toEqual([null, null])
    expect(Math.abs((spans[3]?.fromMs ?? 0) - 1e6 - 5800)).toBeLessThan(150)
  })

  it('does not take a scene that repeats itself for another moment', () => {
    const match = createStreamMatch()
    watched(match, (atMs) => 4e12 + atMs)
    const there = (i: number) => Math.abs(62 - i)
    const shown = thumbnails.map((_, i) => ({ atMs: 1e6 + i * 80, thumbnail: thumbnails[there(i)] as Float32Array }))
    for (const i of [56, 68, 57, 67]) {
      const unit = times(i * 80, 1e6 + i * 80, 4e12 + i * 80)
      match.big(unit)
      const span = match.confirm(unit, shownAt(there(i) * 80), shown)
      expect(Math.abs(((span?.fromMs ?? 0) + (span?.untilMs ?? 0)) / 2 - 1e6 - i * 80)).toBeLessThan(60)
    }
  })

  it('forgets what it learnt when a stream begins anew', () => {
    const match = createStreamMatch()
    const shown = watched(match, null)
    for (const atMs of [2000, 3400, 4600]) {
      const unit = times(atMs, 1e6 + atMs + 500)
      match.big(unit)
      match.confirm(unit, shownAt(atMs), shown)
    }
    match.restart('big')
    expect(match.big(times(0, 1e6 + 9000)).slackMs).toBe(1500)
  })
})
