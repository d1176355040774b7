import { describe, expect, test } from 'vitest'
import { inspect } from '../../native/index.js'
import { loopFile } from '../support/footage.ts'
import { everyFrame, watch } from './watch.ts'

const h264 = inspect(['openh264enc', 'avdec_h264']).elements
const canH264 = h264.openh264enc && h264.avdec_h264

/** What decodes the units. */
const decoding = (decoder: string) => `appsrc name=units ! ${decoder} ! videoconvert ! appsink name=frames`
const intoRing = 'appsink name=units'
const raw = (count: number, more = '') =>
  `videotestsrc pattern=ball num-buffers=${count} ${more} ! video/x-raw,format=I420,width=64,height=48,framerate=100/1`
const annexB = 'h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au'

/** NAL unit types of an Annex B access unit (ITU-T H.264 table 7-1: 5 IDR, 7 SPS, 8 PPS). */
const nalTypes = (data: Uint8Array): number[] => {
  const types: number[] = []
  for (let at = 0; at + 3 < data.length; at += 1)
    if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 1) types.push((data[at + 3] ?? 0) & 31)
  return types
}

/** Takes every frame, with access units on from the beginning or not. */
const play = async (launch: string, decoder: string, on = true) => {
  const pts: bigint[] = []
  const watched = watch(`${launch} ! ${intoRing}`, {
    decode: decoding(decoder),
    onEvent: (event, pipeline) => {
      if (event.type !== 'frame') return
      const frame = pipeline.take()
      if (frame) pts.push(frame.ptsNs)
      frame?.close()
    },
  })
  watched.pipeline.accessUnits(on)
  await watched.until('eos', () => watched.of('eos').length > 0 || watched.of('error').length > 0)
  expect(watched.of('error')).toEqual([])
  return { pts, units: watched.of('accessUnit').map(({ unit }) => unit), watched }
}

describe('access units', () => {
  test('of JPEG are all keys, and have the PTS of the frames', async () => {
    // A second in real time: the pipeline runs while they are switched on, so the first few may be missed.
    const { pts, units } = await play(`${raw(100, 'is-live=true')} ! jpegenc`, 'jpegdec')
    expect(pts).toHaveLength(100)
    expect(units.length).toBeGreaterThan(20)
    expect(units.map(({ ptsNs }) => ptsNs)).toEqual(pts.slice(-units.length))
    for (const { data, key, caps } of units) {
      expect(key).toBe(true)
      expect(caps).toMatch(/^image\/jpeg/)
      expect([...data.subarray(0, 2)]).toEqual([0xff, 0xd8])
    }
  })

  test('of H.264 begin with parameter sets and an IDR picture, have DTS, and the PTS of the frames', async () => {
    const source = `filesrc location=${loopFile('lobby')} ! parsebin ! ${annexB}`
    const { pts, units, watched } = await play(source, 'avdec_h264')
    const first = units[0]
    expect(first?.key).toBe(true)
    expect(nalTypes(first?.data ?? new Uint8Array())).toEqual(expect.arrayContaining([7, 8, 5]))
    expect(first?.caps).toMatch(/^video\/x-h264.*stream-format=\(string\)byte-stream/)
    expect(units.some(({ key }) => !key)).toBe(true)
    expect(units.every(({ dtsNs, ptsNs }) => dtsNs !== null && dtsNs <= ptsNs)).toBe(true)
    const known = new Set(units.map(({ ptsNs }) => ptsNs))
    expect(pts.filter((value) => !known.has(value))).toEqual([])
    expect(pts).toHaveLength(units.length)
    expect(watched.pipeline.stats.accessUnitsDropped).toBe(0)
  })

  test('are not told of while off', async () => {
    const { pts, units, watched } = await play(`${raw(20)} ! jpegenc`, 'jpegdec', false)
    expect([pts.length, units.length, watched.pipeline.stats.accessUnitsDropped]).toEqual([20, 0, 0])
  })

  test.skipIf(!canH264)('begin with a key frame when switched on in mid-stream, and again', async () => {
    const source = `${raw(-1, 'is-live=true')} ! openh264enc gop-size=20 ! ${annexB} ! ${intoRing}`
    const { pipeline, of, until } = watch(source, { decode: decoding('avdec_h264'), mode: 'newest' })
    await until('a frame', () => of('frame').length > 0)
    for (let round = 0; round < 2; round += 1) {
      const before = of('accessUnit').length
      pipeline.accessUnits(true)
      await until('units', () => of('accessUnit').length > before + 25)
      pipeline.accessUnits(false)
      expect(of('accessUnit')[before]?.unit.key).toBe(true)
    }
    expect(pipeline.stats.accessUnitsDropped).toBe(0)
  })

  test.skipIf(!canH264)('drop whole groups when JavaScript does not come round, and count them', async () => {
    const source = `${raw(-1, 'is-live=true')} ! openh264enc gop-size=20 ! ${annexB} ! ${intoRing}`
    const { pipeline, of, until } = watch(source, { decode: decoding('avdec_h264'), mode: 'newest', ringMs: 800 })
    pipeline.accessUnits(true)
    await until('units', () => of('accessUnit').length > 5)
    const sleeper = new Int32Array(new SharedArrayBuffer(4))
    const start = pipeline.stats.decoded
    // The ring holds 800 ms and a group: the event loop stands still for longer than that.
    while (pipeline.stats.decoded < start + 170) Atomics.wait(sleeper, 0, 0, 10)
    const before = of('accessUnit').length
    await until('units after the gap', () => of('accessUnit').length > before + 160)
    expect(pipeline.stats.accessUnitsDropped).toBeGreaterThan(20)
    const units = of('accessUnit').map(({ unit }) => unit)
    const gaps = units.filter((unit, index) => index > 0 && unit.ptsNs - (units[index - 1]?.ptsNs ?? 0n) > 15_000_000n)
    // A busy machine may make another one.
    expect(gaps.length).toBeGreaterThan(0)
    expect(gaps.every(({ key }) => key)).toBe(true)
  })

  test('nobody waits for ever when neither units nor frames are read for a while', async () => {
    const { pipeline, of, until } = watch(`${raw(400)} ! jpegenc ! ${intoRing}`, { decode: decoding('jpegdec') })
    pipeline.accessUnits(true)
    await until('a frame', () => of('frame').length > 0)
    const sleeper = new Int32Array(new SharedArrayBuffer(4))
    Atomics.wait(sleeper, 0, 0, 100)
    let taken = 0
    const take = () => {
      for (let frame = pipeline.take(); frame; frame = pipeline.take()) {
        taken += 1
        frame.close()
      }
    }
    const timer = setInterval(take, 1)
    await until('eos', () => of('eos').length > 0)
    clearInterval(timer)
    expect(taken).toBe(400)
    expect(of('accessUnit').length + pipeline.stats.accessUnitsDropped).toBeGreaterThan(200)
  })
})

test('a pipeline of raw pictures accepts accessUnits', async () => {
  const { watched } = await everyFrame(`${raw(3)} ! appsink name=frames`, () => null)
  watched.pipeline.accessUnits(true)
  expect(watched.of('accessUnit')).toEqual([])
})
