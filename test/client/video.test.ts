import { describe, expect, test } from 'vitest'
import type { Box } from '../../client/src/events.ts'
import { nalsOf, withoutPrevention, withPrevention } from '../../client/src/video/annex-b.ts'
import { createContinuity } from '../../client/src/video/continuity.ts'
import { createFigureCounter } from '../../client/src/video/figures.ts'
import { createPlayout } from '../../client/src/video/playout.ts'
import { isInOrder, withoutReordering } from '../../client/src/video/sps.ts'
import { createTimeline } from '../../client/src/video/timeline.ts'
import type { LookedFrame } from '../../client/src/video/types.ts'
import { createWatching, wishOf } from '../../client/src/video/watching.ts'
import { pcmPps, pcmSps } from '../../simulator/footage/pcm-h264.ts'

const bytes = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
/** A start code, and the SPS that x264 writes for 1280×720 with two B-frames in a row: VUI with timing and restriction. */
const x264 = bytes('00000001 6764001facd9405005bb011000000300100000030320f1831960')

describe('the SPS of a stream without B-frames', () => {
  const format = { width: 192, height: 48, chroma: '4:2:0', depth: 8 } as const
  const bitsOf = (data: Uint8Array): string => {
    const [nal] = nalsOf(data)
    const raw = withoutPrevention(data.subarray(nal?.from, nal?.to))
    return [...raw].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  }
  /** Restriction: flags, the usual bounds, no reordering, so many frames in the buffer, stop bit. */
  const ending = (frames: string) => new RegExp(`11011010000010001000010001${1}${frames}10*$`)

  test('says that nothing is reordered, and is otherwise as it was', () => {
    for (const [sps, frames] of [
      [x264, '00101'],
      [Uint8Array.from(pcmSps(format)), '010'],
    ] as const) {
      const now = withoutReordering(sps)
      expect(bitsOf(now)).toMatch(ending(frames))
      const [before, after] = [bitsOf(sps), bitsOf(now)]
      const same = before.split('').findIndex((bit, i) => bit !== after[i])
      expect(same === -1 ? before.length : same).toBeGreaterThan(40)
      expect([...withoutReordering(now)]).toEqual([...now])
    }
  })
  test('other units, and those after it, stay', () => {
    const slice = bytes('00000001 6588840021')
    expect(withoutReordering(slice)).toBe(slice)
    const all = Uint8Array.from(Buffer.concat([pcmSps(format), pcmPps(), slice]))
    const heads = (data: Uint8Array) => nalsOf(data).map(({ from }) => data[from])
    expect(heads(withoutReordering(all))).toEqual([0x67, 0x68, 0x65])
  })
  test('a broken one stays', () => {
    const cut = x264.slice(0, 9)
    expect(withoutReordering(cut)).toBe(cut)
  })
  test('tells by itself when it cannot reorder', () => {
    expect(isInOrder(x264)).toBe(false)
    expect(isInOrder(Uint8Array.from(pcmSps(format)))).toBe(true)
    expect(isInOrder(bytes('00000001 6742c01fd9'))).toBe(true)
    expect(isInOrder(bytes('00000001 65'))).toBe(false)
  })
  test('start codes are kept out', () => {
    const raw = bytes('67000000000001000003')
    expect([...withoutPrevention(withPrevention(raw))]).toEqual([...raw])
    expect(Buffer.from(withPrevention(raw)).toString('hex')).not.toMatch(/^(..)*00000[0-2]/)
  })
})

describe('what a decoder is given', () => {
  const unit = (n: number, key = false, broken = false) => ({ n, key, broken })
  test('begins with a key unit, and after a gap or a loss with the next whole one', () => {
    const continuity = createContinuity()
    const accepted = [
      unit(1),
      unit(2, true),
      unit(3),
      unit(5),
      unit(6),
      unit(7, true),
      unit(8, false, true),
      unit(9, true, true),
      unit(10, true),
    ].map((each) => [continuity.accepts(each), continuity.waiting])
    expect(accepted).toEqual([
      [false, 'start'],
      [true, null],
      [true, null],
      [false, 'gap'],
      [false, 'gap'],
      [true, null],
      [false, 'loss'],
      [false, 'loss'],
      [true, null],
    ])
    continuity.lose('decoder')
    expect([continuity.accepts(unit(11)), continuity.waiting]).toEqual([false, 'decoder'])
    // A new connection begins at 1.
    expect(continuity.accepts(unit(1, true))).toBe(true)
  })
})

describe('when a picture is shown', () => {
  test('a fixed time after the fastest way, however pictures come', () => {
    const playout = createPlayout()
    for (let i = 0; i < 100; i++) playout.arrived(i * 40_000, 10_000 + i * 40 + (i % 5) * 30)
    expect(playout.dueMs(4_000_000)).toBe(10_000 + 4000 + playout.delayMs)
    expect(playout.delayMs).toBe(250)
  })
  test('longer when boxes come later, and shorter when they come soon', () => {
    const playout = createPlayout()
    let nowMs = 10_000
    const play = (count: number, boxesAfterMs: number) => {
      for (let i = 0; i < count; i++, nowMs += 40) {
        playout.arrived((nowMs - 10_000) * 1000, nowMs)
        playout.boxes((nowMs - 10_000 - boxesAfterMs) * 1000, nowMs)
      }
    }
    play(30, 400)
    expect(playout.delayMs).toBe(440)
    play(2000, 100)
    expect(playout.delayMs).toBeLessThan(200)
  })
  test('a jump of PTS, to and fro, begins anew', () => {
    const playout = createPlayout()
    for (const [ptsMs, nowMs] of [
      [0, 1000],
      [3_600_000, 1040],
      [5000, 1080],
    ] as const) {
      playout.arrived(ptsMs * 1000, nowMs)
      expect(playout.dueMs(ptsMs * 1000)).toBe(nowMs + playout.delayMs)
    }
  })
})

describe('which boxes belong to a picture', () => {
  const look = { text: null, colour: 'grey', isDim: false }
  const frame = (ptsMs: number, faces: Record<string, number>, stream = 's1'): LookedFrame => ({
    stream,
    ptsUs: ptsMs * 1000,
    seq: ptsMs / 40,
    capturedAtMs: ptsMs,
    clock: 'camera',
    width: 640,
    height: 360,
    faces: Object.entries(faces).map(([track, x]) => ({ track, look, box: { x, y: 0.5, width: 0.1, height: 0.1 } })),
    blur: [],
  })
  const setUp = (...frames: readonly LookedFrame[]) => {
    const timeline = createTimeline()
    for (const each of frames) timeline.add(each)
    const at = (ptsMs: number, stream = 's1') => {
      const { from, faces, errorFrames } = timeline.boxesAt(stream, ptsMs * 1000, 40_000)
      return [from, Object.fromEntries(faces.map(({ track, box }) => [track, Number(box.x.toFixed(3))])), errorFrames]
    }
    return { timeline, at }
  }
  test('its own, exactly; or what lies between its neighbours, by track', () => {
    const { at } = setUp(frame(0, { a: 0.1, b: 0.5 }), frame(200, { a: 0.3, c: 0.9 }), frame(120, { a: 0.2 }))
    expect(at(120)).toEqual(['exact', { a: 0.2 }, 0])
    expect(at(160)).toEqual(['between', { a: 0.25 }, 0])
    expect(at(60)).toEqual(['between', { a: 0.15 }, 0])
    expect(at(-40)).toEqual(['none', {}, 0])
  })
  test('while the next analysed one has not come, the last one, for a moment; and it says so', () => {
    const { at } = setUp(frame(0, { a: 0.1 }))
    expect(at(80)).toEqual(['held', { a: 0.1 }, 2])
    expect(at(400)).toEqual(['none', {}, 0])
    expect(setUp(frame(0, {})).at(80)).toEqual(['none', {}, 0])
  })
  test('what is blurred: between two analysed frames that of both, and longer than boxes are shown', () => {
    const [one, other] = [0.1, 0.7].map((x) => ({ x, y: 0, width: 0.1, height: 0.1 })) as [Box, Box]
    const { timeline } = setUp({ ...frame(0, {}), blur: [one] }, { ...frame(200, {}), blur: [other] })
    const blurAt = (ptsMs: number) => timeline.boxesAt('s1', ptsMs * 1000, 40_000).blur
    expect([0, 80, 200, 240, 700, 1300].map(blurAt)).toEqual([[one], [one, other], [other], [other], [other], []])
  })
  test('nothing over a long gap, and nothing of another stream', () => {
    const { at } = setUp(frame(0, { a: 0.1 }), frame(2000, { a: 0.9 }), frame(40, { a: 0.3 }, 's2'))
    expect(at(900)[0]).toBe('none')
    expect(at(40)).toEqual(['held', { a: 0.1 }, 1])
    expect(at(40, 's2')).toEqual(['exact', { a: 0.3 }, 0])
  })
  test('who somebody is counts for the pictures before it was known, without a jump', () => {
    const { timeline } = setUp(frame(0, { a: 0.1 }))
    const anna = { text: 'anna', colour: 'red', isDim: false }
    const [face] = frame(80, { a: 0.3 }).faces
    if (face) timeline.add({ ...frame(80, {}), faces: [{ ...face, look: anna }] })
    const { faces } = timeline.boxesAt('s1', 40_000, 40_000)
    expect(faces.map(({ look: { text }, box }) => [text, Number(box.x.toFixed(3))])).toEqual([['anna', 0.2]])
    timeline.looks([['a', { ...anna, text: 'ann' }]])
    expect(timeline.boxesAt('s1', 0, 40_000).faces[0]?.look.text).toBe('ann')
  })
  /** Units of 40 ms, numbered from `n` on. */
  const send = (
    timeline: ReturnType<typeof createTimeline>,
    stream: string,
    n: number,
    ...ptsMs: readonly number[]
  ) => {
    for (const [i, ms] of ptsMs.entries()) timeline.unit({ stream, n: n + i, ptsUs: ms * 1000 })
  }
  test('a stream that a jump of the clock began is that of the units with its PTS', () => {
    const { timeline, at } = setUp()
    send(timeline, 's1', 1, 0, 40, 80, 120)
    timeline.add(frame(0, { a: 0.1 }))
    timeline.add(frame(80, { a: 0.3 }, 's2'))
    expect(at(80)).toEqual(['exact', { a: 0.3 }, 0])
    send(timeline, 's1', 5, 160)
    timeline.add(frame(160, { a: 0.5 }, 's2'))
    expect(at(120)).toEqual(['between', { a: 0.4 }, 0])
    expect(at(160)).toEqual(['exact', { a: 0.5 }, 0])
  })
  test.each([1, 3, 6])('also when units have the new stream before %i frames of it have come', (late) => {
    const { timeline, at } = setUp(frame(0, { a: 0 }))
    const times = Array.from({ length: 7 }, (_, i) => 40 * i)
    send(timeline, 's1', 1, ...times)
    send(timeline, 's2', 8, 280, 320)
    for (const ms of times.slice(-late)) timeline.add(frame(ms, { a: ms / 1000 }, 's2'))
    for (const ms of times.slice(-late)) expect(at(ms)).toEqual(['exact', { a: ms / 1000 }, 0])
    timeline.add(frame(280, { a: 0.28 }, 's2'))
    expect(at(280, 's2')).toEqual(['exact', { a: 0.28 }, 0])
  })
  test('also when units have an older stream than the clock has had for a while: it jumped twice', () => {
    const { timeline, at } = setUp()
    send(timeline, 's1', 1, 0, 40, 80, 120)
    for (const [i, ms] of [0, 40, 80, 120].entries())
      timeline.add(frame(ms, { a: ms / 1000 }, `s${Math.min(3, i + 1)}`))
    send(timeline, 's3', 5, 160)
    for (const ms of [0, 40, 80, 120]) expect(at(ms)).toEqual(['exact', { a: ms / 1000 }, 0])
  })
  test('also when units have the new stream before their frames had it', () => {
    const { timeline, at } = setUp()
    send(timeline, 's1', 1, 0, 40)
    send(timeline, 's2', 3, 80, 120)
    for (const ms of [40, 80]) timeline.add(frame(ms, { a: ms / 1000 }))
    expect(at(80, 's2')).toEqual(['exact', { a: 0.08 }, 0])
    expect(at(120, 's2')).toEqual(['held', { a: 0.08 }, 1])
  })
  test('PTS that jump back: those of before stay with the pictures of before', () => {
    const { timeline, at } = setUp()
    send(timeline, 's1', 1, 10_000, 10_040, 0, 40)
    timeline.add(frame(10_000, { a: 0.9 }))
    timeline.add(frame(0, { a: 0.1 }))
    timeline.add(frame(40, { a: 0.2 }, 's2'))
    send(timeline, 's2', 5, 10_000, 10_040)
    timeline.add(frame(10_040, { a: 0.7 }, 's2'))
    expect(at(0)).toEqual(['exact', { a: 0.1 }, 0])
    expect(at(40)).toEqual(['exact', { a: 0.2 }, 0])
    expect(at(10_040)).toEqual(['held', { a: 0.9 }, 1])
    expect(at(10_040, 's2')).toEqual(['exact', { a: 0.7 }, 0])
  })
  test.each(['before its first unit', 'after it'])('another connection is no jump, its frames %s', (when) => {
    const { timeline, at } = setUp()
    send(timeline, 's1', 1, 0, 40)
    if (when === 'after it') send(timeline, 's2', 1, 0)
    timeline.add(frame(40, { a: 0.3 }, 's2'))
    if (when !== 'after it') send(timeline, 's2', 1, 0)
    expect(at(40)[0]).toBe('none')
    send(timeline, 's2', 2, 40)
    expect(at(40, 's2')).toEqual(['exact', { a: 0.3 }, 0])
  })
})

test('video is asked for while the server has none, and not where the browser cannot show it', () => {
  const state = { level: 'stills', possible: 'stills' } as const
  expect(wishOf({ ...state, possible: 'all' }, 'all', false)).toEqual({ stills: true, video: 'all' })
  expect(wishOf({ ...state, possible: 'keys' }, 'all', false)).toEqual({ stills: true, video: 'keys' })
  expect(wishOf(state, 'all', false)).toEqual({ stills: true, video: null })
  expect(wishOf({ level: 'fewer', possible: 'fewer' }, 'all', false)).toEqual({ stills: false, video: 'all' })
  expect(wishOf(null, 'keys', true)).toEqual({ stills: true, video: 'keys' })
  expect(wishOf(state, 'nothing', true)).toBeNull()
})

test('the wishes of all tiles go to the server together, each camera once', async () => {
  const sent: unknown[] = []
  const watching = createWatching((watch) => sent.push(watch))
  watching.set(1, 'door', { stills: false, video: 'keys' })
  watching.set(2, 'door', { stills: true, video: 'all' })
  watching.set(3, 'yard', { stills: false, video: 'keys' })
  await Promise.resolve()
  watching.set(2, 'door', null)
  watching.set(3, 'yard', null)
  await Promise.resolve()
  // Tiles of a page that was left say once more that they want nothing, while another page watches.
  watching.set(2, 'door', null)
  watching.set(3, 'yard', null)
  await Promise.resolve()
  expect(sent).toEqual([
    { cameras: ['door'], video: [{ camera: 'door' }, { camera: 'yard', only: 'keys' }] },
    { cameras: [], video: [{ camera: 'door', only: 'keys' }] },
  ])
})

test('a picture a second has a rate and an age between its pictures, and none when the camera is gone', () => {
  const counter = createFigureCounter(0)
  const picture = { stream: 's1', ptsUs: 0, capturedAtMs: 0, clock: 'camera', boxes: 'exact', tracks: [] } as const
  for (const atMs of [100, 1100, 2100, 3100]) counter.shown({ ...picture, errorFrames: 0 }, 80, atMs)
  expect(counter.take(3900, 0)).toMatchObject({ fps: 1, latencyMs: { p50: 80 } })
  expect(counter.take(6200, 0)).toMatchObject({ fps: 0, latencyMs: null, shown: 4 })
})
