import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type PcmVideo, pcmH264 } from '../../simulator/footage/pcm-h264.ts'
import { type FlatJpeg, flatJpeg } from '../support/flat-jpeg.ts'
import { gstLaunch, hasElements } from '../support/gst.ts'
import { play } from './play.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-formats-'))
afterAll(() => rmSync(directory, { recursive: true }))
let files = 0
const save = (bytes: Uint8Array, ending: string): string => {
  const file = join(directory, `${files++}.${ending}`)
  writeFileSync(file, bytes)
  return file
}

/** A colour in which a swapped or a lost plane shows. */
const orange = [216, 120, 40]
const near = (colour: readonly number[], wanted: readonly number[], within = 14) =>
  expect(
    Math.max(...colour.map((value, i) => Math.abs(value - (wanted[i] ?? 0)))),
    `${colour.join()} for ${wanted.join()}`,
  ).toBeLessThan(within)

/** BT.601 in the limited range. */
const ycbcr = ([r, g, b]: readonly number[]): [number, number, number] => [
  (16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255) / 255,
  (128 + (-37.797 * r - 74.203 * g + 112 * b) / 255) / 255,
  (128 + (112 * r - 93.786 * g - 18.214 * b) / 255) / 255,
]

const h264 = (more: Partial<PcmVideo>): PcmVideo => ({
  width: 66,
  height: 50,
  chroma: '4:2:0',
  depth: 8,
  frames: 3,
  colour: ycbcr(orange),
  ...more,
})

const layouts = ['4:0:0', '4:2:0', '4:2:2', '4:4:4'] as const

describe('H.264', () => {
  describe.each([0, 90, 180, 'auto'] as const)('rotated by %s', (rotate) => {
    test.each(layouts.flatMap((chroma) => [8, 10].map((depth) => ({ chroma, depth }))))(
      '$chroma with $depth bits',
      async (format) => {
        const { frames, sizes, colour } = await play(save(pcmH264(h264(format)), 'h264'), { rotate })
        expect(frames).toBe(3)
        expect(sizes).toEqual([rotate === 90 ? '50×66' : '66×50'])
        if (format.chroma !== '4:0:0') near(colour, orange)
        else expect(new Set(colour).size).toBe(1)
      },
    )
  })

  test('RGB', async () => {
    const [r = 0, g = 0, b = 0] = orange.map((value) => value / 255)
    const video = h264({ chroma: '4:4:4', rgb: true, colour: [g, b, r] })
    near((await play(save(pcmH264(video), 'h264'))).colour, orange)
  })

  test('the full range', async () => {
    const video = h264({ chroma: '4:2:2', fullRange: true, colour: [1, 128 / 255, 128 / 255] })
    near((await play(save(pcmH264(video), 'h264'))).colour, [255, 255, 255], 4)
  })

  test.each([
    [16, 16],
    [2, 2],
    [322, 242],
  ])('%i×%i', async (width, height) => {
    const { sizes } = await play(save(pcmH264(h264({ width, height, chroma: '4:2:2' })), 'h264'), { rotate: 270 })
    expect(sizes).toEqual([`${height}×${width}`])
  })

  test.each([
    [{ depth: 9 }, '9-bit H.264'],
    [{ depth: 12, chroma: '4:2:2' }, '12-bit 4:2:2 H.264'],
    [{ depth: 14, chroma: '4:4:4' }, '14-bit 4:4:4 H.264'],
    [{ depth: 8, chromaDepth: 10, chroma: '4:2:2' }, '8/10-bit 4:2:2 H.264'],
    [{ depth: 14, chroma: '4:0:0' }, '14-bit grey H.264'],
  ] as const)('%o is named', async (format, name) => {
    const file = save(pcmH264(h264(format)), 'h264')
    const { end, frames } = await play(file)
    expect(frames).toBe(0)
    expect(end.code).toBe('CAMERA_FORMAT')
    expect(end.reason).toBe(
      `${file} is ${name}, which cannot be decoded here — Convert it: ffmpeg -i FILE -c:v libx264 -pix_fmt yuv420p -an NEW.mp4`,
    )
  })

  test('size and layout may change in the middle', async () => {
    const parts = [
      h264({ width: 64, height: 48, chroma: '4:2:0' }),
      h264({ width: 128, height: 96, chroma: '4:4:4', depth: 10 }),
      h264({ width: 64, height: 48, chroma: '4:2:2' }),
    ]
    const { frames, sizes } = await play(save(Buffer.concat(parts.map(pcmH264)), 'h264'), { rotate: 90 })
    expect(frames).toBe(9)
    expect(sizes).toEqual(['48×64', '96×128'])
  })

  test('into a layout that is not decoded: what came before is kept', async () => {
    const file = save(Buffer.concat([pcmH264(h264({ frames: 40 })), pcmH264(h264({ depth: 14 }))]), 'h264')
    const { frames, end } = await play(file)
    expect(frames).toBeGreaterThan(15)
    expect(end.reason).toContain('14-bit H.264')
  })
})

describe('Motion JPEG', () => {
  const samplings = {
    grey: [[1, 1]],
    '4:4:4': [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    '4:2:2': [
      [2, 1],
      [1, 1],
      [1, 1],
    ],
    '4:2:0': [
      [2, 2],
      [1, 1],
      [1, 1],
    ],
    '4:4:0': [
      [1, 2],
      [1, 1],
      [1, 1],
    ],
  } as const
  // Not 4:1:1: GStreamer's decoder leaves its colours as they were in memory.
  const several = (jpeg: FlatJpeg) => save(Buffer.concat(Array(3).fill(flatJpeg(jpeg))), 'mjpeg')

  test.each(Object.entries(samplings))('%s, with an odd size', async (_, sampling) => {
    for (const rotate of [0, 90]) {
      const { frames, sizes, colour, end } = await play(several({ width: 321, height: 241, sampling }), { rotate })
      expect(end.reason).toBe('the recording is over')
      expect(frames).toBe(3)
      expect(sizes).toEqual([rotate === 0 ? '321×241' : '241×321'])
      near(colour, [128, 128, 128], 4)
    }
  })

  test('CMYK and 12 bits are refused by name', async () => {
    const jpegs: FlatJpeg[] = [
      {
        width: 64,
        height: 64,
        sampling: [
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
        ],
      },
      { width: 64, height: 64, sampling: samplings['4:2:0'], precision: 12 },
    ]
    for (const jpeg of jpegs) {
      const { frames, end } = await play(several(jpeg))
      expect(frames).toBe(0)
      expect(end).toMatchObject({
        code: 'CAMERA_FORMAT',
        reason: expect.stringMatching(/JPEG, which cannot be decoded/),
      })
    }
  })

  test('a header that declares too much is refused before it is decoded', async () => {
    const before = process.memoryUsage().rss
    const jpeg = { width: 30_000, height: 30_000, sampling: samplings['4:2:0'], headerOnly: true }
    const file = several(jpeg)
    const { end } = await play(file)
    expect(end.reason).toBe(
      `${file} has pictures of 30000×30000 pixels, the limit is 37.7 million — Convert it to a smaller size: ffmpeg -i FILE -vf scale=1920:-2 NEW.mp4`,
    )
    // The picture would take 1350 MB; the plugins that are loaded for it take some ten.
    expect(process.memoryUsage().rss - before).toBeLessThan(600e6)
  })
})

/** Encoders that Debian's GStreamer brings, and the formats that each takes. */
const encoders = [
  {
    name: 'H.265',
    element: 'x265enc speed-preset=ultrafast option-string=log-level=0 ! h265parse',
    formats: ['I420', 'Y42B', 'Y444', 'I420_10LE', 'I422_10LE', 'Y444_10LE', 'I420_12LE', 'I422_12LE', 'Y444_12LE'],
  },
  {
    name: 'VP9',
    element: 'vp9enc deadline=1 cpu-used=8',
    formats: ['I420', 'Y444', 'I420_10LE', 'I422_10LE', 'Y444_10LE', 'I420_12LE', 'I422_12LE', 'Y444_12LE'],
  },
  { name: 'AV1', element: 'av1enc cpu-used=8 usage-profile=realtime ! av1parse', formats: ['I420', 'Y42B', 'Y444'] },
] as const

describe.each(encoders)('$name', ({ element, formats }) => {
  test.skipIf(!hasElements(element.split(' ', 1)[0] as string)).each(formats.map((format) => [format]))(
    '%s',
    async (format) => {
      const file = join(directory, `${files++}.mkv`)
      const argb = (0xff << 24) | ((orange[0] as number) << 16) | ((orange[1] as number) << 8) | (orange[2] as number)
      const made = await gstLaunch(
        `videotestsrc num-buffers=3 pattern=solid-color foreground-color=${argb >>> 0} ! video/x-raw,format=AYUV,width=322,height=242,framerate=25/1 ! videoconvert ! video/x-raw,format=${format} ! ${element} ! matroskamux ! filesink location=${file}`,
      )
      expect(made.code, made.errors).toBe(0)
      for (const rotate of [0, 90]) {
        const { frames, sizes, colour, end } = await play(file, { rotate })
        expect(end.reason).toBe('the recording is over')
        expect(frames).toBe(3)
        expect(sizes).toEqual([rotate === 0 ? '322×242' : '242×322'])
        near(colour, orange)
      }
    },
    180_000,
  )
})
