import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { inspect, type Pipeline, type PipelineEvent } from '../../native/index.js'
import { watch } from './watch.ts'

const { elements } = inspect(['openh264enc', 'x265enc', 'avdec_h264', 'avdec_h265', 'jpegenc'])
const decoded = 'videoconvert name=decoded ! appsink name=frames'

/**
 * Eight seconds and a half in which nothing moves, and three in which something does, in real time, with a key frame every second. With
 * noise, each picture has its own.
 */
const stillMs = 8480
const room = (encoder: string, codec: 'h264' | 'h265', noise = 0) => {
  const sensor = `mix.sink_0 videotestsrc pattern=snow ! video/x-raw,width=160,height=96,framerate=25/1 ! mix.sink_1 compositor name=mix sink_0::zorder=0 sink_1::zorder=1 sink_1::alpha=${noise} ! videoconvert ! video/x-raw,format=I420 ! identity eos-after=288`
  const raw = 'video/x-raw,format=I420,width=160,height=96,framerate=25/1 ! c.'
  const still = `videotestsrc pattern=circular num-buffers=${stillMs / 40} ! ${raw}`
  const snow = `videotestsrc pattern=snow num-buffers=75 ! ${raw}`
  const format = `${codec}parse config-interval=-1 ! video/x-${codec},stream-format=byte-stream,alignment=au`
  return `${still} ${snow} concat name=c ! identity single-segment=true ! ${noise > 0 ? `${sensor} ! ` : ''}${encoder} ! ${format} ! clocksync ! appsink name=units`
}

/** The times of the frames, in milliseconds, and whether the pipeline slept when each was taken. */
const taking = () => {
  const frames: { readonly ms: number; readonly asleep: boolean }[] = []
  const onEvent = (event: PipelineEvent, pipeline: Pipeline): void => {
    const frame = event.type === 'frame' ? pipeline.take() : null
    if (!frame) return
    frames.push({ ms: Math.round(Number(frame.ptsNs) / 1e6), asleep: pipeline.stats.asleep })
    frame.close()
  }
  return { frames, onEvent }
}

describe.each([
  ['h264', 'openh264enc gop-size=25 rate-control=off', 'avdec_h264', 0],
  [
    'h265',
    'x265enc speed-preset=ultrafast key-int-max=25 option-string=log-level=0:scenecut=0:crf=28',
    'avdec_h265',
    0,
  ],
  // Of which sizes say nothing.
  ['h264', 'openh264enc gop-size=25 bitrate=400000 scene-change-detection=false', 'avdec_h264', 0.06],
] as const)('a pipeline of %s that dozes (%s)', (codec, encoder, decoder, noise) => {
  const isPossible = elements[encoder.split(' ')[0] ?? ''] && elements[decoder]
  test.skipIf(!isPossible)(
    'decodes key frames only while nothing moves, then all from the last one on',
    async () => {
      const decode = `appsrc name=units ! ${decoder} max-threads=1 ! ${decoded}`
      const { frames, onEvent } = taking()
      const dozing = watch(room(encoder, codec, noise), { decode, mode: 'newest', onEvent })
      const rare = watch(room(encoder, codec, noise), { decode, mode: 'newest' })
      dozing.pipeline.doze(2500)
      // Key frames are further apart.
      rare.pipeline.doze(600)
      await dozing.until('sleep', () => dozing.pipeline.stats.asleep)
      const { decoded: before } = dozing.pipeline.stats
      await dozing.until('the end', () => dozing.of('eos').length > 0)
      await rare.until('the end', () => rare.of('eos').length > 0)

      const keyMs = frames[0]?.ms ?? 0
      const times = frames.map(({ ms }) => ms - keyMs)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(new Set(times).size).toBe(times.length)
      const slept = frames.flatMap(({ ms, asleep }) => (asleep ? [ms - keyMs] : []))
      // A busy machine looks at few of them.
      expect(slept.length).toBeGreaterThanOrEqual(1)
      // Two more may have been decoded before it fell asleep, and taken later.
      const last = slept.at(-1) ?? 0
      expect(slept.slice(2).filter((ms) => (last - ms) % 1000 !== 0)).toEqual([])
      const next = times.find((ms) => ms > last) ?? 0
      expect(next).toBeLessThan(stillMs)
      const { received, decoded: all, skipped, damaged, lost } = dozing.pipeline.stats
      expect({ received, damaged, lost }).toEqual({ received: 287, damaged: 0, lost: 0 })
      expect(skipped.policy).toBeGreaterThan(10)
      expect(all).toBeGreaterThan(before + 75)
      expect(rare.pipeline.stats.skipped.policy).toBe(0)
    },
    60_000,
  )
})

test.skipIf(!elements.openh264enc || !elements.avdec_h264)(
  'all that it catches up with is given where that is asked for, whatever the limit',
  async () => {
    const decode = `appsrc name=units ! avdec_h264 max-threads=1 ! ${decoded}`
    const encoder = 'openh264enc gop-size=25 rate-control=off'
    const [all, some] = [taking(), taking()]
    const pipelines = [all, some].map(({ onEvent }, i) => {
      const watched = watch(room(encoder, 'h264'), { decode, mode: 'newest', onEvent })
      watched.pipeline.limit(3, i === 0)
      watched.pipeline.doze(2500)
      return watched
    })
    for (const { until, of } of pipelines) await until('the end', () => of('eos').length > 0)
    const steps = ({ frames }: ReturnType<typeof taking>): readonly number[] => {
      const slept = frames.findLastIndex(({ asleep }) => asleep)
      const after = frames.slice(slept + 1).map(({ ms }) => ms)
      return after.slice(1).map((ms, i) => ms - (after[i] ?? 0))
    }
    expect(steps(all).filter((ms) => ms <= 41).length).toBeGreaterThanOrEqual(5)
    expect(Math.min(...steps(some))).toBeGreaterThan(200)
    expect(() => pipelines[0]?.pipeline.limit(3, 1 as never)).toThrow(/passesLate must be a boolean/)
  },
  60_000,
)

test.skipIf(!elements.openh264enc || !elements.avdec_h264)('sleep ends when it is told to', async () => {
  const decode = `appsrc name=units ! avdec_h264 max-threads=1 ! ${decoded}`
  const { frames, onEvent } = taking()
  const { pipeline, until } = watch(room('openh264enc gop-size=25 rate-control=off qp-min=28 qp-max=28', 'h264'), {
    decode,
    mode: 'newest',
    onEvent,
  })
  pipeline.doze(2500)
  await until('sleep', () => pipeline.stats.asleep)
  await until('a key frame', () => frames.at(-1)?.asleep === true)
  pipeline.doze(null)
  expect(pipeline.stats.asleep).toBe(false)
  const [seen, last] = [frames.length, frames.at(-1)?.ms ?? 0]
  await until('the frames after it', () => frames.length > seen + 5)
  expect(frames.slice(seen).map(({ ms }) => ms > last)).not.toContain(false)
  expect((frames[seen]?.ms ?? 0) - last).toBeLessThan(500)
  expect(() => pipeline.doze(0)).toThrow(/maxSleepMs must be a number from 1 to 86400000, or null/)
})

test.skipIf(!elements.jpegenc)('of Motion JPEG no more is decoded than twice what is wanted', async () => {
  const picture = 'video/x-raw,format=I420,width=160,height=96,framerate=25/1'
  const jpeg = `videotestsrc pattern=snow num-buffers=150 ! ${picture} ! jpegenc ! clocksync ! appsink name=units`
  const { frames, onEvent } = taking()
  const decode = `appsrc name=units ! jpegdec ! ${decoded}`
  const { pipeline, until, of } = watch(jpeg, { decode, mode: 'newest', onEvent })
  await until('it to be known that each picture stands alone', () => frames.length >= 30)
  pipeline.limit(3)
  const before = pipeline.stats
  await until('the end', () => of('eos').length > 0)
  const after = pipeline.stats
  const [received, skipped] = [after.received - before.received, after.skipped.policy - before.skipped.policy]
  expect(received).toBeGreaterThan(75)
  expect(skipped / received).toBeGreaterThan(0.7)
  expect(skipped / received).toBeLessThan(0.8)
  expect(frames.slice(30).length).toBeGreaterThanOrEqual(Math.floor((3 * received) / 25) - 1)
})

test.skipIf(!elements.openh264enc || !elements.avdec_h264)(
  'of a camera that dozes or rests, key frames only are decoded where the machine is late, though everything moves',
  async () => {
    const picture = 'video/x-raw,format=I420,width=160,height=96,framerate=25/1'
    const encoder = 'openh264enc gop-size=25 scene-change-detection=false ! h264parse config-interval=-1'
    const snow = `videotestsrc pattern=snow num-buffers=200 ! ${picture} ! ${encoder} ! video/x-h264,stream-format=byte-stream,alignment=au ! clocksync ! appsink name=units`
    // Ten pictures a second.
    const decode = `appsrc name=units ! avdec_h264 max-threads=1 ! identity sleep-time=100000 ! ${decoded}`
    const late = [false, true].map((onlyWhenLate) => {
      const { frames, onEvent } = taking()
      const watched = watch(snow, { decode, mode: 'newest', onEvent })
      watched.pipeline.doze(2500, onlyWhenLate)
      return { frames, ...watched }
    })
    const begins = taking()
    const moving = watch(room('openh264enc gop-size=12 rate-control=off', 'h264'), {
      decode,
      mode: 'newest',
      onEvent: begins.onEvent,
    })
    moving.pipeline.doze(2500)
    for (const { until, of } of [...late, moving]) await until('the end', () => of('eos').length > 0)
    for (const { frames, pipeline } of late) {
      const { asleep, givesWay, skipped } = pipeline.stats
      expect({ asleep, givesWay }).toEqual({ asleep: true, givesWay: true })
      expect(skipped.policy).toBeGreaterThan(50)
      // Two more may have been decoded before it fell asleep, and taken later.
      const slept = frames.filter((frame) => frame.asleep).slice(2)
      expect(slept.length).toBeGreaterThanOrEqual(2)
      const keyMs = frames[0]?.ms ?? 0
      expect(slept.filter(({ ms }) => (ms - keyMs) % 1000 !== 0)).toEqual([])
      pipeline.doze(null)
      expect(pipeline.stats).toMatchObject({ asleep: false, givesWay: false })
    }
    // By key frames it was known to be still; then somebody may have come.
    expect(moving.pipeline.stats).toMatchObject({ asleep: false, givesWay: false })
    expect(moving.pipeline.stats.skipped.behind).toBeGreaterThan(0)
    const sinceKeyMs = begins.frames.map(({ ms }) => ms - (begins.frames[0]?.ms ?? 0))
    // From the key frame before the one that has changed on.
    expect(sinceKeyMs.filter((ms) => ms > 4000 && ms < stillMs - 960 && ms % 480 !== 0)).toEqual([])
    expect(sinceKeyMs.filter((ms) => ms > stillMs && ms % 480 !== 0)).not.toEqual([])
  },
  30_000,
)

test.skipIf(!elements.openh264enc || !elements.avdec_h264 || !elements.jpegenc)(
  'of a scene that is still, key frames come only now and then while other decoders wait for a core',
  async () => {
    const picture = 'video/x-raw,format=I420,width=160,height=96,framerate=25/1'
    const encoder = 'openh264enc gop-size=12 rate-control=off ! h264parse config-interval=-1'
    const still = `videotestsrc pattern=circular num-buffers=375 ! ${picture} ! ${encoder} ! video/x-h264,stream-format=byte-stream,alignment=au ! clocksync ! appsink name=units`
    const { frames, onEvent } = taking()
    const decode = `appsrc name=units ! avdec_h264 max-threads=1 ! ${decoded}`
    const { pipeline, until } = watch(still, { decode, mode: 'newest', onEvent })
    pipeline.doze(2500)
    await until('key frames alone', () => frames.filter(({ asleep }) => asleep).length > 4)
    const others = Array.from({ length: availableParallelism() + 2 }, () =>
      watch('videotestsrc num-buffers=2000 ! video/x-raw,width=64,height=48 ! jpegenc ! appsink name=units', {
        decode: `appsrc name=units ! jpegdec ! identity sleep-time=20000 ! ${decoded}`,
        mode: 'newest',
        maxLagMs: 60_000,
      }),
    )
    for (const other of others) await other.until('it decodes', () => other.of('frame').length > 0)
    const [seen, first] = [frames.length, pipeline.stats.received]
    const received = () => pipeline.stats.received - first
    await expect.poll(received, { timeout: 15_000 }).toBeGreaterThanOrEqual(125)
    // In five seconds there were ten key frames; one may have been on its way.
    expect(frames.length - seen).toBeGreaterThanOrEqual(1)
    expect(frames.length - seen).toBeLessThanOrEqual(3)
    expect(pipeline.stats.asleep).toBe(true)
  },
  30_000,
)
