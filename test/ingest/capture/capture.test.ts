import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as waitMs } from 'node:timers/promises'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AccessUnit } from '../../../native/index.js'
import { readLoop } from '../../../simulator/read-loop.ts'
import { startRtspServer } from '../../../simulator/rtsp-server.ts'
import { openCameras } from '../../../src/ingest/cameras.ts'
import { capture } from '../../../src/ingest/capture/capture.ts'
import { mp4Of } from '../../../src/ingest/capture/mp4.ts'
import { rawBytes, splitNals } from '../../../src/ingest/capture/nal-units.ts'
import { cameraOptions } from '../../../src/ingest/options.ts'
import { silent } from '../../../src/silent-log.ts'
import type { Capture } from '../../../src/types.ts'

const footage = resolve(import.meta.dirname, '../../../footage')

/** Opens a camera or recording, which is closed with the test, and takes all its frames. */
const open = (url: string, untilEnd: boolean) => {
  const cameras = openCameras([{ name: 'door', options: cameraOptions.parse({ url }) }], {
    pictureSide: 64,
    untilEnd,
    log: silent,
  })
  onTestFinished(() => cameras.close())
  const camera = cameras.named('door')
  const frames: { ptsUs: number; picture: Buffer }[] = []
  const ended = Promise.withResolvers<string>()
  camera.ready$.subscribe(() => {
    const frame = camera.take()
    if (frame === null) return
    frames.push({ ptsUs: frame.ptsUs, picture: Buffer.from(frame.picture.data) })
    frame.close()
  })
  camera.changes$.subscribe(({ state, reason }) => {
    if (state === 'ended') ended.resolve(reason)
  })
  return { camera, frames, ended: ended.promise }
}

/** Reads a film as `rollcall run --until-end` does. */
const replay = async (video: Uint8Array) => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'door.mp4')
  writeFileSync(file, video)
  const { frames, ended } = open(file, true)
  await ended
  return frames
}

/** The times of the pictures that are there once. */
const timesOf = (frames: readonly { readonly ptsUs: number; readonly picture: Buffer }[]): Map<string, number> => {
  const texts = frames.map(({ picture }) => picture.toString('latin1'))
  const once = frames.flatMap(({ ptsUs }, i) =>
    texts.indexOf(texts[i] ?? '') === texts.lastIndexOf(texts[i] ?? '') ? [[texts[i] ?? '', ptsUs] as const] : [],
  )
  return new Map(once)
}

const serve = async (clip: string) => {
  const rtsp = await startRtspServer()
  onTestFinished(() => rtsp.close())
  rtsp.addCamera('door', { loop: await readLoop(join(footage, `${clip}.mp4`)) })
  return rtsp.url('door')
}

describe('a camera is captured, and replayed exactly', () => {
  test.each([
    ['lobby', 'video/x-h264'],
    ['gate', 'video/x-h265'],
  ])('%s: %s', async (clip, encoding) => {
    const live = open(await serve(clip), false)
    while (live.camera.captured().length === 0) await waitMs(20)
    /** How far apart a live picture and the same one of the film are, each. */
    const compare = async (forMs: number): Promise<readonly number[]> => {
      const taken: Capture = await capture('door', { forMs, captured: () => live.camera.captured(), waitMs })
      expect(taken).toMatchObject({ camera: 'door', encoding, broken: 0, short: null })
      expect(taken.lengthMs).toBeGreaterThanOrEqual(forMs - 100)
      expect(Math.abs(taken.startsAtMs - (Date.now() - taken.lengthMs))).toBeLessThan(5000)
      const frames = await replay(taken.video)
      expect(frames).toHaveLength(taken.pictures)
      const [seen, captured] = [timesOf(live.frames), timesOf(frames)]
      return [...seen]
        .map(([picture, ptsUs]) => ptsUs - (captured.get(picture) ?? Number.NaN))
        .filter((each) => !Number.isNaN(each))
    }
    // The same pictures as live, at the same times from each other: most of sixty, but a busy machine leaves live pictures out.
    let apart: readonly number[] = []
    for (let forMs = 2500; apart.length < 5 && forMs <= 10_000; forMs *= 2) apart = await compare(forMs)
    expect(apart.length).toBeGreaterThan(4)
    const median = apart.toSorted((a, b) => a - b)[Math.floor(apart.length / 2)] ?? 0
    // Live, a picture has the time of its own access unit; GStreamer's decoders sort those of a recording. The jitter buffer
    // moves the times of B-frames against each other, so the two differ by the width of a group of them, never by more.
    const off = apart.map((each) => Math.abs(each - median)).sort((a, b) => a - b)
    expect(off[Math.floor(off.length / 2)]).toBeLessThan(50_000)
    // Some pictures are the same although they were taken at other times.
    expect(off[Math.floor(off.length * 0.9)]).toBeLessThan(300_000)
  })

  test('of a ring that holds more than was asked for, the newest are kept', async () => {
    const live = open(await serve('lobby'), false)
    while (live.camera.captured().length < 60) await waitMs(50)
    const { pictures, lengthMs } = await capture('door', { forMs: 500, captured: () => live.camera.captured(), waitMs })
    expect(lengthMs).toBeGreaterThanOrEqual(500)
    expect(pictures).toBeLessThan(90)
  })

  test('Motion JPEG', async () => {
    const pictures = await Promise.all(
      [0, 60, 120, 180, 240].map((grey) =>
        sharp({ create: { width: 64, height: 48, channels: 3, background: { r: grey, g: grey, b: 20 } } })
          .jpeg()
          .toBuffer(),
      ),
    )
    const frames = await replay(mp4Of(pictures.map((data, i) => unit({ data, ptsNs: BigInt(i) * 200_000_000n }))))
    expect(frames.map(({ ptsUs }) => ptsUs - (frames[0]?.ptsUs ?? 0))).toEqual([0, 200_000, 400_000, 600_000, 800_000])
  })
})

const jpeg = 'image/jpeg, width=(int)64, height=(int)48'
const unit = (given: Partial<AccessUnit> = {}): AccessUnit => ({
  data: new Uint8Array(100),
  ptsNs: 0n,
  dtsNs: null,
  arrivedAtMs: 1_700_000_000_000 + Number(given.ptsNs ?? 0n) / 1e6,
  ntpAtMs: null,
  key: true,
  broken: false,
  caps: jpeg,
  ...given,
})
/** A ring that moves on by half a second with each look, and holds two seconds at ten pictures a second. */
const ring = (change: (at: number) => Partial<AccessUnit> | null = () => ({})) => {
  let head = 10
  return {
    captured: () =>
      Array.from({ length: 20 }, (_, i) => head - 20 + i).flatMap((at) => {
        const given = at < 0 ? null : change(at)
        return given === null ? [] : [unit({ ptsNs: BigInt(at) * 100_000_000n, ...given })]
      }),
    waitMs: async () => {
      head += 5
    },
  }
}

describe('a capture', () => {
  test('goes on from the ring to the time that was asked for', async () => {
    const taken = await capture('door', { forMs: 5000, ...ring() })
    expect(taken.short).toBeNull()
    expect(taken.startsAtMs).toBe(taken.arrivedMs[0])
    expect(taken.lengthMs).toBeGreaterThanOrEqual(5000)
    expect(taken.pictures).toBe(taken.lengthMs / 100 + 1)
  })

  test.each<[string, (at: number) => Partial<AccessUnit> | null, RegExp]>([
    ['the camera falls silent', (at) => (at > 14 ? null : {}), /nothing came for 3 s/],
    ['the encoding changes', (at) => (at > 14 ? { caps: 'image/jpeg, width=(int)32' } : {}), /changed/],
    ['it is too large', () => ({ data: new Uint8Array(4 * 1024 ** 2) }), /reached 48 MiB/],
  ])('ends early when %s, and says so', async (_, change, short) => {
    const taken = await capture('door', { forMs: 20_000, ...ring(change) })
    expect(taken.short).toMatch(short)
    expect(taken.pictures).toBeGreaterThan(3)
  })

  test.each([
    ['comes late', 40],
    ['does not come', 4000],
  ])('ends early when the next key frame %s, and says that this may be why', async (_, distance) => {
    const { captured, waitMs } = ring((at) => ({ key: at % distance === 0 }))
    // The ring gives out what follows a key frame.
    const fromKey = (): readonly AccessUnit[] => {
      const units = captured()
      const first = units.findIndex(({ key }) => key)
      return first < 0 ? [] : units.slice(first)
    }
    const taken = await capture('door', { forMs: 20_000, captured: fromKey, waitMs })
    expect(taken.short).toMatch(/key frames are further apart than what is kept/)
    expect(taken.pictures).toBeGreaterThan(3)
  })

  test('ends early when the camera is opened again', async () => {
    const rings = [5000n, 6000n].map((from) => [0n, 1n, 2n].map((i) => unit({ ptsNs: (from + i * 100n) * 1_000_000n })))
    let looks = 0
    const captured = () => rings[looks++] ?? rings[1] ?? []
    const taken = await capture('door', { forMs: 5000, captured, waitMs: async () => {} })
    expect(taken).toMatchObject({ pictures: 3, short: expect.stringMatching(/opened again/) })
  })

  test('ends when our clock is set back', async () => {
    let looks = 0
    const captured = () => Array.from({ length: ++looks }, (_, i) => unit({ ptsNs: BigInt(i), arrivedAtMs: 1e12 - i }))
    expect((await capture('door', { forMs: 5000, captured, waitMs: async () => {} })).short).toMatch(/8 s are over/)
  })

  test('counts what is broken, and takes the time of the camera', async () => {
    const taken = await capture('door', { forMs: 500, ...ring((at) => ({ broken: at % 5 === 0, ntpAtMs: 5000 + at })) })
    expect(taken).toMatchObject({ broken: 1, startsAtMs: 5004 })
  })

  test.each<[string, Partial<AccessUnit> | null, string, RegExp]>([
    ['there is nothing', null, 'CAMERA_LOST', /no picture from a key frame on/],
    ['the encoding is rare', { caps: 'video/x-vp8' }, 'CAMERA_FORMAT', /video\/x-vp8 is not written/],
    ['there are no parameter sets', { caps: 'video/x-h264' }, 'CAMERA_FORMAT', /no parameter sets/],
  ])('is refused when %s', async (_, given, code, message) => {
    const request = { forMs: 500, ...ring(() => given) }
    await expect(capture('door', request)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('is refused with the thought that the camera may be offline', async () => {
    await expect(capture('door', { forMs: 500, ...ring(() => null) })).rejects.toMatchObject({
      remedy: expect.stringMatching(/state first .* offline/),
    })
  })

  test.each(['h264', 'h265'])(
    'a %s parameter set that is longer than a file can tell is refused, not thrown over',
    (codec) => {
      const long = Buffer.alloc(70_000, 0x55)
      const nals =
        codec === 'h264'
          ? [[0x67], [0x68], [0x65]]
          : [
              [0x40, 1],
              [0x42, 1],
              [0x44, 1],
              [0x26, 1],
            ]
      const data = Buffer.concat(nals.flatMap((head) => [Buffer.from([0, 0, 0, 1, ...head]), long]))
      expect(() => mp4Of([unit({ data, caps: `video/x-${codec}, width=(int)64, height=(int)48` })])).toThrow(
        /parameter sets that can be written/,
      )
    },
  )

  test('whose time stamps jump by an hour goes by arrival', async () => {
    const jumped = [0, 1, 2, 3].map((i) =>
      unit({
        data: new Uint8Array(9),
        ptsNs: BigInt(i) * 40_000_000n + (i > 1 ? 3_600_000_000_000n : 0n),
        arrivedAtMs: 1000 + 40 * i,
      }),
    )
    const film = mp4Of(jumped)
    const at = film.indexOf('mdhd')
    expect(film.readUInt32BE(at + 20)).toBeLessThan(1_000_000)
  })
})

test('units are divided at start codes of three and four bytes', () => {
  const nals = splitNals(Uint8Array.from([0, 0, 0, 1, 9, 16, 0, 0, 1, 101, 0, 0, 3, 1, 0, 0, 0, 1, 7]))
  expect(nals.map((nal) => [...nal])).toEqual([[9, 16], [101, 0, 0, 3, 1], [7]])
  expect(splitNals(new Uint8Array(5))).toEqual([])
  expect([...rawBytes(Uint8Array.from([1, 0, 0, 3, 1, 3, 0, 3]))]).toEqual([1, 0, 0, 1, 3, 0, 3])
})
