import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { openPhotoDecoder } from '../../src/photos/decoder.ts'
import type { Photo } from '../../src/photos/photo.ts'
import { hasElements } from '../support/gst.ts'
import { bmp, colours, heic, pngThatSays, quarters, withOrientation } from './made.ts'

const decoder = openPhotoDecoder()
afterAll(() => decoder.close())

const rgbAt = ({ picture: { width, height, data } }: Photo, x: number, y: number): number[] => {
  const at = Math.floor(y * height) * width + Math.floor(x * width)
  return [0, 1, 2].map((channel) => data[channel * width * height + at] ?? -1)
}
/** Which of the colours each quarter has, in the order of `colours`: `[0, 1, 2, 3]` is upright. */
const quartersOf = (photo: Photo): number[] =>
  [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([x = 0, y = 0]) => {
    const seen = rgbAt(photo, x, y)
    const far = colours.map((colour) => Math.hypot(...colour.map((value, i) => value - (seen[i] ?? 0))))
    // CMYK cannot be as bright as these colours.
    return Math.min(...far) < 120 ? far.indexOf(Math.min(...far)) : -1
  })
const decode = (bytes: Buffer, side = 640) => decoder.decode(bytes, side)

const grey = () => sharp(Buffer.alloc(96 * 64, 120), { raw: { width: 96, height: 64, channels: 1 } })

describe('what is read', () => {
  it('stands as each of the eight EXIF orientations says', async () => {
    const jpeg = await quarters().jpeg({ quality: 95 }).toBuffer()
    const seen = []
    for (let orientation = 1; orientation <= 8; orientation++)
      seen.push(quartersOf(await decode(withOrientation(jpeg, orientation))))
    expect(seen).toEqual([
      [0, 1, 2, 3],
      [1, 0, 3, 2],
      [3, 2, 1, 0],
      [2, 3, 0, 1],
      [0, 2, 1, 3],
      [2, 0, 3, 1],
      [3, 1, 2, 0],
      [1, 3, 0, 2],
    ])
  })

  it.each<[string, () => Promise<Buffer>]>([
    ['JPEG', () => quarters().jpeg({ quality: 95 }).toBuffer()],
    [
      'progressive JPEG',
      () => quarters().jpeg({ quality: 95, progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    ],
    ['CMYK JPEG', () => quarters().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()],
    [
      'JPEG with a video behind it',
      async () => Buffer.concat([await quarters().jpeg().toBuffer(), Buffer.from('\0\0\0\x18ftypmp42')]),
    ],
    ['PNG', () => quarters().png().toBuffer()],
    ['PNG with 16 bits', () => quarters().toColourspace('rgb16').png().toBuffer()],
    ['PNG with a palette', () => quarters().png({ palette: true }).toBuffer()],
    ['PNG with alpha', () => quarters().ensureAlpha(0.9).png().toBuffer()],
    ['WebP', () => quarters().webp({ lossless: true }).toBuffer()],
    ['AVIF', () => quarters().avif({ quality: 90 }).toBuffer()],
    ['GIF', () => quarters().gif().toBuffer()],
    ['TIFF', () => quarters().tiff({ compression: 'lzw' }).toBuffer()],
    ['BMP', async () => bmp(await quarters().raw().toBuffer())],
    [
      'PPM',
      async () => Buffer.concat([Buffer.from('P6 # made here\n96 64\n255\n'), await quarters().raw().toBuffer()]),
    ],
  ])('%s', async (_, made) => {
    const photo = await decode(await made())
    expect(photo).toMatchObject({ width: 96, height: 64, format: 'I420', fullRange: true })
    expect(quartersOf(photo)).toEqual([0, 1, 2, 3])
  })

  it.each<[string, () => Promise<Buffer>]>([
    ['grey JPEG', () => grey().jpeg().toBuffer()],
    ['TIFF of one bit', () => grey().threshold(100).tiff({ bitdepth: 1 }).toBuffer()],
    [
      'PGM with 16 bits',
      async () => Buffer.concat([Buffer.from('P5\n96 64\n65535\n'), Buffer.alloc(96 * 64 * 2, 120)]),
    ],
  ])('%s', async (_, made) => {
    const [red, green, blue] = rgbAt(await decode(await made()), 0.5, 0.5)
    expect([green, blue]).toEqual([red, red])
    expect(red).toBeGreaterThan(110)
  })

  it.skipIf(!hasElements('qtdemux', 'h265parse'))('HEIC', async () => {
    const photo = await decode(await heic())
    expect(photo).toMatchObject({ width: 1280, height: 720, picture: { width: 640, height: 360 } })
    expect(new Set(photo.planes[0]?.data).size).toBeGreaterThan(100)
  })

  it('PGM as video range, as the committed figures need it', async () => {
    const ramp = Buffer.from(Array.from({ length: 256 * 16 }, (_, i) => i % 256))
    const { fullRange, planes, picture } = await decode(Buffer.concat([Buffer.from('P5\n256 16\n255\n'), ramp]))
    expect({
      fullRange,
      luma: planes[0]?.data[45],
      red: [...picture.data].filter((_, i) => [0, 20, 45, 255].includes(i)),
    }).toEqual({
      fullRange: false,
      luma: 45,
      red: [0, 2, 32, 255],
    })
  })

  it('a large photo as at most 4096 pixels, and the picture as asked for', async () => {
    const create = { width: 5000, height: 3000, channels: 3, background: '#804020' } as const
    const photo = await decode(await sharp({ create }).jpeg().toBuffer(), 320)
    expect(photo).toMatchObject({ width: 4096, height: 2458, picture: { width: 320, height: 192 } })
  })
})

describe('what is not read', () => {
  it('names too many pixels before anything is unpacked', async () => {
    await expect(decode(pngThatSays([30_000, 30_000], 1000))).rejects.toThrow(
      /30000×30000, 900 megapixels; at most 100/,
    )
    await expect(decode(Buffer.from('P6 60000 60000 255\n'))).rejects.toThrow(/3600 megapixels/)
    const huge = bmp(await quarters().raw().toBuffer())
    huge.writeInt32LE(2_000_000_000, 18)
    await expect(decode(huge)).rejects.toThrow(/megapixels/)
  })

  it('names what breaks off', async () => {
    const [jpeg, png, tiff] = await Promise.all([
      quarters().jpeg().toBuffer(),
      quarters().png({ compressionLevel: 0 }).toBuffer(),
      quarters().tiff().toBuffer(),
    ])
    for (const bytes of [
      jpeg.subarray(0, jpeg.length / 2),
      png.subarray(0, png.length / 2),
      pngThatSays([500, 500], 3),
      bmp(Buffer.alloc(30)),
      Buffer.from('P5 96 64 255\nxx'),
    ])
      await expect(decode(Buffer.from(bytes))).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringMatching(/breaks off/),
      })
    await expect(decode(tiff.subarray(0, tiff.length / 2))).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('names what is damaged', async () => {
    const webp = await quarters().webp().toBuffer()
    webp.fill(0xff, 20)
    await expect(decode(webp)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/WEBP that is damaged/),
    })
    await expect(decode(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heicxxxxxxxx', 'latin1'))).rejects.toThrow(/HEIC/)
  })
})

const children = (): number[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

describe('the process that decodes', () => {
  it('is ended when a photo takes too long, and the next photo is read', async () => {
    // 90 megapixels of a PNG take longer than a grey one of 6,000.
    await using slow = {
      ...openPhotoDecoder({ decodeMs: 100, memoryBytes: 1024 ** 3 }),
      [Symbol.asyncDispose]: () => slow.close(),
    }
    await expect(slow.decode(pngThatSays([9500, 9500], 9500), 640)).rejects.toThrow(/not decoded within 0.1 s/)
    // On a busy machine a small one may take too long as well.
    const next = await quarters().png().toBuffer()
    const read = () => slow.decode(next, 640).then(quartersOf, () => null)
    await expect.poll(read, { timeout: 60_000 }).toEqual([0, 1, 2, 3])
  }, 180_000)

  it('is ended when a photo takes too much memory, and the next photo is read', async () => {
    await using small = {
      ...openPhotoDecoder({ decodeMs: 30_000, memoryBytes: 64 * 1024 ** 2 }),
      [Symbol.asyncDispose]: () => small.close(),
    }
    const bytes = await sharp({ create: { width: 6000, height: 6000, channels: 3, background: 'red' } })
      .webp({ effort: 0 })
      .toBuffer()
    await expect(small.decode(bytes, 640)).rejects.toMatchObject({ code: 'USAGE' })
    expect(quartersOf(await small.decode(await quarters().png().toBuffer(), 640))).toEqual([0, 1, 2, 3])
  }, 180_000)

  it('has none of our environment', async () => {
    process.env.ROLLCALL_TOKEN = 'secret'
    await using fresh = { ...openPhotoDecoder(), [Symbol.asyncDispose]: () => fresh.close() }
    const before = new Set(children())
    await fresh.decode(await quarters().png().toBuffer(), 640)
    const [pid = 0] = children().filter((each) => !before.has(each))
    expect(execFileSync('cat', [`/proc/${pid}/environ`]).toString()).not.toContain('secret')
    delete process.env.ROLLCALL_TOKEN
  })

  it('ends with its owner', async () => {
    const before = children().length
    const owned = openPhotoDecoder()
    await owned.decode(await quarters().png().toBuffer(), 640)
    expect(children().length).toBe(before + 1)
    await owned.close()
    expect(children().length).toBe(before)
    await expect(owned.decode(await quarters().png().toBuffer(), 640)).rejects.toThrow(/closing/)
  })
})
