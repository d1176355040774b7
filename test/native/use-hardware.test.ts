import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { hardwareDecoders, open } from '../../native/index.js'
import { codecs } from '../../src/ingest/codecs.ts'
import { gstLaunch } from '../support/gst.ts'
import { hashOf } from '../support/luma-hash.ts'
import { everyFrame, type Watch, watch } from './watch.ts'

// Another decoder in software takes the place of hardware: what is tried here is the change, not a driver.
const directory = mkdtempSync(join(tmpdir(), 'rollcall-hardware-'))
afterAll(() => rmSync(directory, { recursive: true }))

const line = (decoder: string): string =>
  `appsrc name=units is-live=true ! ${decoder} ! videoconvert name=decoded ! appsink name=frames`

/** What is recorded, and how it is decoded. In H.265 pictures refer to later ones, and are held back. */
const streams = {
  'H.264': {
    caps: 'video/x-h264',
    encode: 'openh264enc gop-size=10 ! h264parse',
    software: 'openh264dec',
    other: 'avdec_h264',
  },
  'H.265': {
    caps: 'video/x-h265',
    encode: 'x265enc key-int-max=10 option-string=log-level=0:open-gop=0 ! h265parse',
    software: 'libde265dec',
    other: 'avdec_h265',
  },
} as const
type Name = keyof typeof streams

const fileOf = (name: Name, frames: number): string => join(directory, `${name}-${frames}.mkv`)
const source = (name: Name, frames: number): string => {
  const parse = codecs.find((codec) => codec.name === name)?.parse
  return `filesrc location=${fileOf(name, frames)} ! matroskademux ! ${parse}`
}

/** Records it once, and gives the picture of each time. */
const truthOf = async (name: Name, frames: number): Promise<ReadonlyMap<bigint, number>> => {
  if (!existsSync(fileOf(name, frames))) {
    const picture = `videotestsrc num-buffers=${frames} pattern=zone-plate kx2=20 ky2=20 kt=5 ! video/x-raw,format=I420,width=96,height=64,framerate=25/1`
    const made = await gstLaunch(
      `${picture} ! ${streams[name].encode} ! matroskamux ! filesink location=${fileOf(name, frames)}`,
    )
    expect(made.code, made.errors).toBe(0)
  }
  const decoded = `${source(name, frames)} ! ${streams[name].other} ! videoconvert ! appsink name=frames`
  return new Map((await everyFrame(decoded, (frame) => [frame.ptsNs, hashOf(frame)] as const)).values)
}

/** Plays it in its own time, lets `hardware` take over, and expects each picture once, in order, and to be the right one. */
const play = async (name: Name, hardware: string, frames = 50): Promise<Watch> => {
  const right = await truthOf(name, frames)
  const seen: (readonly [bigint, number])[] = []
  const watched = watch(`${source(name, frames)} ! clocksync ! appsink name=units`, {
    decode: line(streams[name].software),
    mode: 'newest',
    // No load makes it leave a unit out.
    maxLagMs: 60_000,
    ringMs: 60_000,
    onEvent: ({ type }, pipeline) => {
      const frame = type === 'frame' ? pipeline.take() : null
      if (frame === null) return
      seen.push([frame.ptsNs, hashOf(frame)])
      frame.close()
    },
  })
  watched.pipeline.useHardware(line(hardware))
  await watched.until('the end', () => watched.of('eos').length > 0)
  const { decoded, received, skipped, dropped } = watched.pipeline.stats
  expect(watched.of('error')).toEqual([])
  expect(skipped).toEqual({ behind: 0, broken: 0, disposable: 0, policy: 0 })
  expect([decoded, seen.length + dropped]).toEqual([received, received])
  expect(seen).toEqual([...right].filter(([ptsNs]) => seen.some(([at]) => at === ptsNs)))
  return watched
}

const changes = ({ of }: Watch) => of('decoder').map(({ isHardware, reason }) => [isHardware, reason] as const)

test.each(Object.keys(streams) as Name[])('%s: the change at a key unit loses and repeats nothing', async (name) => {
  expect(changes(await play(name, streams[name].other))).toEqual([[true, null]])
})

test.each(Object.keys(streams) as Name[])('%s: where hardware fails, software gives what is missing', async (name) => {
  // In the middle of a group.
  const watched = await play(name, `${streams[name].other} ! identity error-after=15`, 75)
  expect(changes(watched)).toEqual([
    [true, null],
    [false, expect.stringContaining('Failed after iterations')],
  ])
})

test('hardware that does not say which picture is which is not used', async () => {
  const stripping = 'avdec_h264 ! gdppay ! gdpdepay'
  expect(changes(await play('H.264', stripping))).toEqual([[false, expect.stringContaining('which picture')]])
})

test('hardware that ends is replaced', async () => {
  const watched = await play('H.264', 'avdec_h264 ! identity eos-after=15', 75)
  expect(changes(watched)).toEqual([
    [true, null],
    [false, 'it has ended by itself'],
  ])
})

test('hardware that gives no picture is given up', async () => {
  expect(changes(await play('H.264', 'avdec_h264 ! identity drop-probability=1', 150))).toEqual([
    [false, 'it gives no pictures'],
  ])
})

test('hardware that is too slow is given up', async () => {
  await truthOf('H.264', 200)
  const watched = watch(`${source('H.264', 200)} ! clocksync ! appsink name=units`, {
    decode: line('openh264dec'),
    mode: 'newest',
    maxLagMs: 100,
  })
  watched.pipeline.useHardware(line('avdec_h264 ! identity sleep-time=200000'))
  await watched.until('software', () => watched.of('decoder').some(({ isHardware }) => !isHardware))
  expect(changes(watched)).toEqual([
    [true, null],
    [false, 'its pictures come too late'],
  ])
})

test('the choice of what is decoded is the same: key units only, then all since the last one', async () => {
  await truthOf('H.264', 75)
  const times: number[] = []
  const watched = watch(`${source('H.264', 75)} ! clocksync ! appsink name=units`, {
    decode: line('openh264dec'),
    mode: 'newest',
    policy: 'keys',
    maxLagMs: 60_000,
    onEvent: (event, pipeline) => {
      if (event.type === 'decoder') pipeline.decode('all')
      const frame = event.type === 'frame' ? pipeline.take() : null
      if (frame === null) return
      // Software has begun, and hardware comes with another key unit.
      if (times.length === 0) pipeline.useHardware(line('avdec_h264'))
      times.push(Math.round(Number(frame.ptsNs) / 40e6))
      frame.close()
    },
  })
  await watched.until('the end', () => watched.of('eos').length > 0)
  expect(changes(watched)).toEqual([[true, null]])
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
  const { decoded, received, skipped } = watched.pipeline.stats
  expect(decoded + skipped.policy).toBe(received)
  // Between the first key unit and the one at which all was wanted.
  expect(skipped.policy % 9).toBe(0)
  expect(skipped.policy).toBeGreaterThan(0)
})

test('in another format software decodes, from its first unit on', async () => {
  const small = await truthOf('H.264', 50)
  await truthOf('H.265', 50)
  const both = ['H.264', 'H.265'].map((name) => `${source(name as Name, 50)} ! joined.`).join(' ')
  const eitherOf = (h264: string): string =>
    `switchbin num-paths=2 path0::caps="video/x-h264" path0::element="${h264}" path1::caps="video/x-h265" path1::element="avdec_h265"`
  const watched = watch(`concat name=joined ! clocksync ! appsink name=units ${both}`, {
    decode: line(eitherOf('openh264dec')),
    mode: 'newest',
    maxLagMs: 60_000,
    ringMs: 60_000,
    onEvent: ({ type }, pipeline) => {
      if (type === 'frame') pipeline.take()?.close()
    },
  })
  watched.pipeline.useHardware(line(eitherOf('avdec_h264')))
  await watched.until('the end', () => watched.of('eos').length > 0)
  expect(changes(watched)).toEqual([
    [true, null],
    [false, null],
  ])
  expect(watched.pipeline.stats).toMatchObject({ received: 100, decoded: 100 })
  expect(small.size).toBe(50)
})

test('a session that is refused, and a line that is none', async () => {
  const taken = createServer()
  onTestFinished(() => void taken.close())
  await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const exclusive = `avdec_h264 ! tee name=t t. ! queue ! tcpserversink port=${port} host=127.0.0.1 async=false t. ! queue`
  const [[isHardware, reason] = []] = changes(await play('H.264', exclusive))
  expect([isHardware, reason]).toEqual([false, expect.stringMatching(/address|bind|open/i)])
  expect(changes(await play('H.264', 'nosuchdec'))).toEqual([[false, expect.stringContaining('nosuchdec')]])
})

test('what GStreamer calls hardware is asked for by caps', () => {
  expect(hardwareDecoders('video/x-h264')).toEqual(expect.any(Array))
  expect(hardwareDecoders('video/x-h264')).not.toContain('avdec_h264')
  expect(() => hardwareDecoders('not caps (')).toThrow(/must be GStreamer caps/)
  const pipeline = open({
    launch: 'videotestsrc num-buffers=1 ! appsink name=frames',
    decode: null,
    mode: 'newest',
    pictureSide: 64,
    onEvent: () => undefined,
  })
  expect(() => pipeline.useHardware(7 as never)).toThrow(/must be a string/)
  return pipeline.stop()
})
