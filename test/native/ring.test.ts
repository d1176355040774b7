import { describe, expect, test } from 'vitest'
import { inspect, type Pipeline, type PipelineEvent } from '../../native/index.js'
import { loopFile } from '../support/footage.ts'
import { hashOf } from '../support/luma-hash.ts'
import { watch } from './watch.ts'

const { elements } = inspect(['openh264enc', 'x265enc', 'avdec_h264'])
const raw = (count: number, more = '') =>
  `videotestsrc pattern=ball num-buffers=${count} ${more} ! video/x-raw,format=I420,width=64,height=48,framerate=100/1`
const annexB = 'h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au'
const live = (gop: number) =>
  `${raw(-1, 'is-live=true')} ! openh264enc gop-size=${gop} ! ${annexB} ! appsink name=units`
const decode = 'appsrc name=units ! avdec_h264 max-threads=1 ! videoconvert name=decoded ! appsink name=frames'

/** Notes the hash of every frame by its time. */
const noting = () => {
  const hashes = new Map<bigint, number>()
  const onEvent = (event: PipelineEvent, pipeline: Pipeline): void => {
    const frame = event.type === 'frame' ? pipeline.take() : null
    if (!frame) return
    hashes.set(frame.ptsNs, hashOf(frame))
    frame.close()
  }
  return { hashes, onEvent }
}

describe.skipIf(!elements.openh264enc || !elements.avdec_h264)('the ring', () => {
  test('holds whole groups of pictures within its bounds', async () => {
    const { pipeline, until, of } = watch(live(20), { decode, mode: 'newest', ringMs: 300, onEvent: noting().onEvent })
    await until('a second', () => pipeline.stats.received > 120 && of('frame').length > 0)
    const { ring, received, keys, keyEveryMs, lost, lagMs, sinceLastUnitMs } = pipeline.stats
    expect(ring.ms).toBeGreaterThanOrEqual(290)
    expect(ring.ms).toBeLessThan(700)
    expect(keys).toBeGreaterThanOrEqual(Math.floor(received / 20))
    expect(keyEveryMs).toBeGreaterThan(100)
    expect(keyEveryMs).toBeLessThan(400)
    expect(lost).toBe(0)
    expect(lagMs).toBeLessThan(5000)
    expect(sinceLastUnitMs).toBeLessThan(10_000)
    const units = pipeline.captured()
    expect(units[0]?.key).toBe(true)
    expect(units.length).toBeGreaterThan(20)
    expect(units.some(({ broken }) => broken)).toBe(false)
    expect(units.every(({ arrivedAtMs, ntpAtMs }) => arrivedAtMs <= Date.now() && ntpAtMs === null)).toBe(true)
  })

  test('a group that is larger than the bytes allow loses its beginning', async () => {
    const { pipeline, until, of } = watch(live(100_000), {
      decode,
      mode: 'newest',
      ringBytes: 4000,
      onEvent: noting().onEvent,
    })
    // It is decoded all the same, or as much of it as a busy machine gets to before it falls out.
    await until('more than fits', () => pipeline.stats.receivedBytes > 12_000 && pipeline.stats.decoded > 10)
    expect(of('frame').length).toBeGreaterThan(0)
    expect(pipeline.stats.ring.bytes).toBeLessThanOrEqual(4000)
    expect(pipeline.captured()).toEqual([])
    expect(await pipeline.picturesAt([0n])).toEqual([null])
    expect(pipeline.stats.skipped).toMatchObject({ disposable: 0, policy: 0 })
  })

  test('holds no more units than it may, however small they are', async () => {
    const { pipeline, until, of } = watch(
      'videotestsrc pattern=black num-buffers=9000 ! video/x-raw,width=16,height=16 ! jpegenc ! jpegparse ! appsink name=units',
      {
        decode: decode.replace('avdec_h264 max-threads=1', 'jpegdec'),
        mode: 'newest',
        policy: 'none',
        ringMs: 86_400_000,
      },
    )
    await until('eos', () => of('eos').length > 0)
    expect(pipeline.stats).toMatchObject({ received: 9000, ring: { units: 8192 } })
  })

  test('gives a viewer its newest key unit at once', async () => {
    const { pipeline, of, until } = watch(live(60), { decode, mode: 'newest', onEvent: noting().onEvent })
    await until('the middle of a group', () => pipeline.stats.received % 60 === 30)
    const before = pipeline.stats.received
    pipeline.accessUnits(true)
    await until('units', () => of('accessUnit').length > 0)
    const [first] = of('accessUnit')
    expect(first?.unit.key).toBe(true)
    expect(Number(first?.unit.ptsNs) / 1e7).toBeLessThan(before)
  })
})

describe.skipIf(!elements.openh264enc || !elements.avdec_h264)('decode', () => {
  test('nothing, then all from the newest key unit on', async () => {
    const { hashes, onEvent } = noting()
    const { pipeline, of, until } = watch(live(50), { decode, mode: 'newest', policy: 'none', onEvent })
    pipeline.accessUnits(true)
    await until('units', () => of('accessUnit').length > 125)
    expect(pipeline.stats.decoded).toBe(0)
    expect(pipeline.stats.skipped.policy).toBeGreaterThan(100)
    pipeline.decode('all')
    await until('frames', () => hashes.size > 30)
    // Decoding began in the past.
    const [begun] = [...hashes.keys()]
    expect(Number(begun ?? 0n) / 1e7).toBeLessThan(of('accessUnit').length)
    expect(pipeline.stats.damaged).toBe(0)
  })

  test('key units only, each at once, then all without showing one twice', async () => {
    const { hashes, onEvent } = noting()
    const { pipeline, of, until } = watch(live(20), { decode, mode: 'newest', policy: 'keys', onEvent })
    pipeline.accessUnits(true)
    await until('units', () => of('accessUnit').length > 130 && hashes.size >= 5)
    const keys = new Set(of('accessUnit').flatMap(({ unit }) => (unit.key ? [unit.ptsNs] : [])))
    expect([...hashes.keys()].filter((pts) => !keys.has(pts))).toEqual([])
    const { decoded } = pipeline.stats
    pipeline.decode('all')
    await until('frames', () => hashes.size > 40)
    const { stats } = pipeline
    expect(stats.decoded).toBeGreaterThan(decoded + 20)
    expect(stats.damaged).toBe(0)
  })

  test('refuses another policy', () => {
    const { pipeline } = watch(live(20), { decode, mode: 'newest' })
    expect(() => pipeline.decode('some' as never)).toThrow(/policy must be 'all', 'reference', 'keys' or 'none'/)
  })
})

describe('picturesAt', () => {
  test.each([
    [
      'H.264',
      'lobby',
      `h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au`,
      'avdec_h264',
    ],
    [
      'H.265',
      'gate',
      `h265parse config-interval=-1 ! video/x-h265,stream-format=byte-stream,alignment=au`,
      'avdec_h265',
    ],
  ] as const)('gives the very picture of %s, also while nothing is decoded', async (_, name, parse, decoder) => {
    const decode = `appsrc name=units ! ${decoder} max-threads=1 ! videoconvert name=decoded ! appsink name=frames`
    const source = `filesrc location=${loopFile(name)} ! qtdemux ! identity eos-after=61 ! ${parse} ! appsink name=units`
    const { hashes, onEvent } = noting()
    const all = watch(source, { decode, onEvent })
    await all.until('eos', () => all.of('eos').length > 0)
    expect(hashes.size).toBe(60)
    const none = watch(source, { decode, mode: 'newest', policy: 'none' })
    await none.until('eos', () => none.of('eos').length > 0)
    for (const [index, [ptsNs, hash]] of [...hashes].entries()) {
      if (index % 7 > 0) continue
      const [frame = null] = await none.pipeline.picturesAt([ptsNs + 3_000_000n])
      expect([frame?.ptsNs, frame && hashOf(frame), frame?.damaged]).toEqual([ptsNs, hash, false])
      expect(frame?.picture.data.length).toBe((frame?.picture.width ?? 0) * (frame?.picture.height ?? 0) * 3)
      frame?.close()
    }
    expect(none.pipeline.stats.decoded).toBe(0)
    expect(await none.pipeline.picturesAt([3_600_000_000_000n])).toEqual([null])
    expect(await none.pipeline.picturesAt([-1n])).toEqual([null])
    const last = none.pipeline.picturesAt([0n])
    await none.pipeline.stop()
    ;(await last)[0]?.close()
    expect(await none.pipeline.picturesAt([0n])).toEqual([null])
  })
})
