import { expect, test } from 'vitest'
import type { AccessUnit } from '../../../native/index.js'
import { codecName } from '../../../src/ingest/video/codec-name.ts'
import { createVideoUnits, type UnitContext } from '../../../src/ingest/video/video-units.ts'
import type { VideoUnit } from '../../../src/types.ts'

const annexB = (...nals: readonly string[]) => Buffer.from(nals.map((nal) => `00000001${nal}`).join(''), 'hex')
const avc = annexB('6764001fac', '68ee3cb0', '6588')
/** The SPS of a 10 bit stream of x265, main tier, level 3.1. */
const hevc = annexB('40010c01', '420101022000000300b0000003000003005da0', '2601')

test('a codec has the name that WebCodecs knows', () => {
  expect(codecName('h264', avc)).toBe('avc1.64001f')
  expect(codecName('h265', hevc)).toBe('hev1.2.4.L93.B0')
  expect(codecName('jpeg', Buffer.from('ffd8', 'hex'))).toBe('jpeg')
  expect(codecName('h264', annexB('6588'))).toBeNull()
  expect(codecName('h265', annexB('2601'))).toBeNull()
})

const unit = (more: Partial<AccessUnit> = {}): AccessUnit => ({
  data: avc,
  ptsNs: 1_000_000_999n,
  dtsNs: null,
  arrivedAtMs: 5000.4,
  ntpAtMs: null,
  key: true,
  broken: false,
  caps: 'video/x-h264, stream-format=(string)byte-stream, width=(int)720, height=(int)576, pixel-aspect-ratio=(fraction)16/15',
  ...more,
})

const setUp = (context: Partial<UnitContext> = {}) => {
  const units: VideoUnit[] = []
  const reasons: (string | null)[] = []
  const watcher = {
    unit: (each: VideoUnit) => units.push(each),
    unavailable: (reason: string | null) => reasons.push(reason),
  }
  const video = createVideoUnits('door', () => watcher)
  const add = (more: Partial<AccessUnit> = {}, other: Partial<UnitContext> = {}) =>
    video.add(unit(more), { stream: 's1', latest: null, turn: 0, ...context, ...other })
  return { video, add, units, reasons }
}

test('a unit has the PTS of its frame, and before the first frame its own time', () => {
  const { add, units } = setUp()
  add()
  add({ key: false, broken: true, ntpAtMs: 4990.6 })
  const { data: _, ...stamp } = units[0] as VideoUnit
  expect(stamp).toEqual({
    camera: 'door',
    stream: 's1',
    n: 1,
    ptsUs: 1_000_000,
    capturedAtMs: 5000,
    clock: 'arrival',
    arrivedAtMs: 5000,
    key: true,
    broken: false,
    encoding: 'h264',
    codec: 'avc1.64001f',
    width: 768,
    height: 576,
    turn: 0,
  })
  expect(units[1]).toMatchObject({ n: 2, key: false, broken: true, capturedAtMs: 4991, clock: 'camera' })
})

test('stream, time and size are those of the frames; a turned picture is upright', () => {
  const latest = { stream: 's2', ptsUs: 960_000, capturedAtMs: 7000, clock: 'camera', width: 600, height: 800 } as const
  const { add, units } = setUp()
  add({}, { latest })
  add({}, { turn: 90 })
  expect(units[0]).toMatchObject({ stream: 's2', capturedAtMs: 7040, clock: 'camera', width: 600, height: 800 })
  expect(units[1]).toMatchObject({ width: 576, height: 768, turn: 90 })
})

test('units without a time are left out, and numbers go on', () => {
  const { add, units, reasons } = setUp()
  add({ ptsNs: -1n })
  add()
  for (let i = 0; i < 3; i++) add({ ptsNs: -1n, key: false })
  add({ ptsNs: 1_040_000_000n, key: false })
  expect(units.map(({ n, ptsUs }) => [n, ptsUs])).toEqual([
    [2, 1_000_000],
    [6, 1_040_000],
  ])
  expect(reasons).toEqual([])
})

test('what cannot be shown is said once, and again to the next who watches; numbers go on', () => {
  const { video, add, units, reasons } = setUp()
  for (let i = 0; i < 12; i++) add({ ptsNs: -1n })
  add({}, { turn: null })
  add({ caps: 'video/x-vp9' })
  expect(reasons).toEqual([
    'its pictures have no time stamps',
    'its pictures are mirrored',
    'vp9 is not sent to viewers',
  ])
  video.start()
  add({ caps: 'video/x-vp9' })
  expect(reasons).toHaveLength(4)
  add()
  expect(reasons.at(-1)).toBeNull()
  expect(units.map(({ n }) => n)).toEqual([16])
})

test('without parameter sets nothing comes before the unit that has them', () => {
  const { add, units } = setUp()
  add({ data: annexB('6588') })
  add({ key: false, data: annexB('41') })
  add()
  add({ data: annexB('6588') })
  expect(units.map(({ n, codec }) => [n, codec])).toEqual([
    [3, 'avc1.64001f'],
    [4, 'avc1.64001f'],
  ])
})
