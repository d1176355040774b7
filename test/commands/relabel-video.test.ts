import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { concatMap, lastValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { colourOf, rgbOf } from '../../src/commands/relabel/video/colours.ts'
import { createFaceDrawing } from '../../src/commands/relabel/video/draw-faces.ts'
import { drawRecording } from '../../src/commands/relabel/video/draw-recording.ts'
import { chooseEncoder } from '../../src/commands/relabel/video/encoders.ts'
import { canvasOf, fill, outline, stamp } from '../../src/commands/relabel/video/picture.ts'
import type { FrameEvent } from '../../src/events/types.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { mp4Of } from '../../src/ingest/capture/mp4.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { silent } from '../../src/silent-log.ts'
import type { Frame, Yuv } from '../../src/types.ts'
import { colourOf as viewersColourOf } from '../../viewer/src/ui/person-look.ts'
import { countedLoop } from '../browser/counted/counted-loop.ts'
import { columns, counterOf, height, placesOf, width } from '../browser/counted/counter.ts'
import { scratchDirectory } from '../support/footage.ts'
import { hasElements } from '../support/gst.ts'

/** What `look` sees of each frame of a recording. */
const framesOf = async <T>(file: string, look: (frame: Frame) => T): Promise<readonly T[]> => {
  const options = cameraOptions.parse({ url: file })
  const cameras = openCameras([{ name: 'door', options }], { pictureSide: 64, untilEnd: true, log: silent })
  const seen: T[] = []
  try {
    const looked$ = cameras.ready$.pipe(
      concatMap(async (camera) => {
        const frame = camera.take()
        if (frame) seen.push(look(frame))
        frame?.close()
      }),
    )
    await lastValueFrom(looked$, { defaultValue: undefined })
    return seen
  } finally {
    await cameras.close()
  }
}

const lumaAt = ({ full }: Frame, x: number, y: number): number =>
  full.planes[0]?.data[y * full.planes[0].stride + x] ?? 0
/** The number that a picture shows itself. */
const counterIn = (frame: Frame): number | null =>
  counterOf(Array.from({ length: columns }, (_, i) => lumaAt(frame, 16 * i + 8, 8) > 128))
/** Where a box begins in this row: its line is brighter than the background. */
const boxIn = (frame: Frame, y: number): number =>
  Array.from({ length: width }, (_, x) => lumaAt(frame, x, y)).findIndex((luma) => luma > 115)

/** Counted pictures with B frames, not all shown for the same time. */
const writeCounted = (file: string): void => {
  const { units } = countedLoop({ frames: 100, fps: 25, keyEvery: 25, hasB: true })
  const caps = `video/x-h264,stream-format=(string)byte-stream,alignment=(string)au,width=(int)${width},height=(int)${height}`
  const timed = units.map(({ data, ptsUs, key }) => {
    const shownUs = ptsUs + ((ptsUs / 40_000) % 3) * 9000
    const shown = { ptsNs: BigInt(shownUs) * 1000n, dtsNs: null, arrivedAtMs: shownUs / 1000, ntpAtMs: null }
    return { data, key, broken: false, caps, ...shown }
  })
  writeFileSync(file, mp4Of(timed))
}

type Place = { readonly seq: number; readonly ptsUs: number; readonly counter: number }
/** Two faces whose boxes say the picture's number. */
const eventOf = ({ seq, ptsUs, counter }: Place): FrameEvent => {
  const face = (x: number, y: number) => ({ person: 'p-1', box: { x, y, width: 0.06, height: 0.26 } })
  const [low, high] = placesOf(counter)
  return { data: { camera: 'door', seq, ptsUs, faces: [face(low, 0.4), face(high, 0.7)] } } as unknown as FrameEvent
}

async function* each(events: readonly FrameEvent[]): AsyncGenerator<FrameEvent, undefined> {
  yield* events
}

describe.skipIf(!hasElements('openh264enc', 'h264parse', 'mp4mux', 'avdec_h264'))('a drawn video', () => {
  const draw = async (file: string, events: readonly FrameEvent[], to: string): Promise<number> =>
    drawRecording(
      { camera: 'door', options: cameraOptions.parse({ url: file }), events: each(events), frameS: 0.04, to },
      { drawing: createFaceDrawing(() => ''), encoder: await chooseEncoder(), log: silent, onFrame: () => undefined },
    )

  it('has each box on the frame that it is about, at that frame’s time', async () => {
    const folder = scratchDirectory()
    const [file, to] = [join(folder, 'counted.mp4'), join(folder, 'drawn.mp4')]
    writeCounted(file)
    const places = await framesOf(file, (frame) => ({
      seq: frame.seq,
      ptsUs: frame.ptsUs,
      counter: counterIn(frame) ?? -1,
    }))
    expect(places.map(({ counter }) => counter)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(await draw(file, places.map(eventOf), to)).toBe(100)

    const drawn = await framesOf(to, (frame) => ({
      counter: counterIn(frame),
      boxes: [boxIn(frame, 25), boxIn(frame, 39)],
      atMs: Math.round(frame.ptsUs / 1000),
    }))
    expect(drawn).toEqual(
      places.map(({ counter, ptsUs }) => ({
        counter,
        boxes: placesOf(counter).map((place) => Math.round(place * width)),
        atMs: Math.round((ptsUs - (places[0]?.ptsUs ?? 0)) / 1000),
      })),
    )
  })

  it('is refused where the recording does not give the same frames again', async () => {
    const folder = scratchDirectory()
    const file = join(folder, 'counted.mp4')
    writeCounted(file)
    const places = await framesOf(file, ({ seq, ptsUs }) => ({ seq, ptsUs, counter: 0 }))
    const events = places.map(eventOf)
    const other = /does not give the same frames again/
    await expect(draw(file, events.slice(1), join(folder, 'a.mp4'))).rejects.toThrow(other)
    await expect(draw(file, [...events, ...events], join(folder, 'b.mp4'))).rejects.toThrow(other)
    await expect(draw(file, events, join(folder, 'gone/c.mp4'))).rejects.toThrow(/cannot be written/)
  })
})

it('the first encoder that works is taken; without one it is said what to install', async () => {
  const missing = { element: 'nosuchenc', launch: () => 'nosuchenc' }
  const broken = { element: 'x', launch: () => 'identity error-after=1' }
  await expect(chooseEncoder([missing, broken])).rejects.toMatchObject({ code: 'NATIVE_MISSING', remedy: /x264enc/ })
})

describe('drawing', () => {
  /** 5 × 3, with padding at the end of rows. */
  const full = (format: 'I420' | 'NV12'): Yuv => ({
    format,
    width: 5,
    height: 3,
    matrix: 'bt709',
    fullRange: false,
    planes: [
      { data: Uint8Array.of(1, 2, 3, 4, 5, 0, 6, 7, 8, 9, 10, 0, 11, 12, 13, 14, 15), stride: 6 },
      ...(format === 'NV12'
        ? [{ data: Uint8Array.of(21, 31, 22, 32, 23, 33, 0, 24, 34, 25, 35, 26, 36), stride: 7 }]
        : [
            { data: Uint8Array.of(21, 22, 23, 0, 24, 25, 26), stride: 4 },
            { data: Uint8Array.of(31, 32, 33, 34, 35, 36), stride: 3 },
          ]),
    ],
  })

  it('copies I420 and NV12 alike', () => {
    const planes = [...Array(15).keys()].map((i) => i + 1)
    const expected = [...planes, 21, 22, 23, 24, 25, 26, 31, 32, 33, 34, 35, 36]
    for (const format of ['I420', 'NV12'] as const) expect([...canvasOf(full(format)).data]).toEqual(expected)
  })

  it('stays inside the picture', () => {
    const canvas = { width: 4, height: 4, data: new Uint8Array(24) }
    fill(canvas, { left: -3, top: 3, width: 5, height: 9 }, [1, 2, 3])
    expect([...canvas.data.subarray(0, 16)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0])
    expect([...canvas.data.subarray(16)]).toEqual([0, 0, 2, 0, 0, 0, 3, 0])
    outline(canvas, { left: -9, top: -9, width: 40, height: 40 }, 2, [9, 9, 9])
    expect([...canvas.data].includes(9)).toBe(false)
    outline(canvas, { left: 1, top: 0, width: 3, height: 3 }, 1, [9, 9, 9])
    expect([...canvas.data.subarray(0, 12)]).toEqual([0, 9, 9, 9, 0, 9, 0, 9, 0, 9, 9, 9])
    stamp(canvas, 3, -1, { width: 2, height: 2, data: Uint8Array.of(255, 255, 128, 255) }, 255)
    expect([...canvas.data.subarray(0, 4)]).toEqual([0, 9, 9, 132])
  })

  it('gives people the colours that the viewer gives them', () => {
    for (const person of ['p-1', 'p-2', 'p-k3v9x1', 'p-00aa']) {
      const [lightness = 0, chroma = 0, hue = 0] = (viewersColourOf(person).match(/[\d.]+/g) ?? []).map(Number)
      expect(colourOf(person)).toEqual(rgbOf(lightness, chroma, hue))
    }
    // https://www.w3.org/TR/css-color-4/: oklch(62.8% .2577 29.23) is red.
    expect(rgbOf(0.628, 0.2577, 29.23)).toEqual([255, 0, 0])
  })
})
