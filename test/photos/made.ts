import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { loopFile } from '../support/footage.ts'

const [width, height] = [96, 64]
/** The colours of the four quarters of `quarters`: top left, top right, bottom left, bottom right. */
export const colours = [
  [220, 30, 30],
  [30, 200, 30],
  [30, 30, 220],
  [230, 220, 40],
] as const

/** A picture of 96×64 with four colours, so that every turn and mirror image of it differs. */
export const quarters = () => {
  const data = Buffer.alloc(3 * width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set(colours[2 * +(y >= height / 2) + +(x >= width / 2)] ?? [], 3 * (y * width + x))
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** A TIFF structure of little-endian entries: tag, type (3: short, 4: long), value. */
const directory = (...entries: readonly (readonly [tag: number, type: number, value: number])[]): Buffer => {
  const bytes = Buffer.alloc(8 + 2 + 12 * entries.length + 4)
  bytes.write('II*\0', 0, 'latin1')
  bytes.writeUInt32LE(8, 4)
  bytes.writeUInt16LE(entries.length, 8)
  for (const [i, [tag, type, value]] of entries.entries()) {
    bytes.writeUInt16LE(tag, 10 + 12 * i)
    bytes.writeUInt16LE(type, 12 + 12 * i)
    bytes.writeUInt32LE(1, 14 + 12 * i)
    bytes.writeUInt32LE(value, 18 + 12 * i)
  }
  return bytes
}

/** The JPEG with an EXIF segment that says how it is to be turned (1–8). */
export const withOrientation = (jpeg: Buffer, orientation: number): Buffer => {
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), directory([0x0112, 3, orientation])])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(exif.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)])
}

/** The beginning of a DNG: a preview in the first directory, the DNG version. */
export const dng = (): Buffer => directory([254, 4, 1], [330, 4, 200], [50_706, 4, 0x0401])

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A PNG whose header says any size; `rows` rows of it are there. Grey, 8 bit. */
export const pngThatSays = (claimed: readonly [number, number], rows: number): Buffer => {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])
  header.writeUInt32BE(claimed[0], 0)
  header.writeUInt32BE(claimed[1], 4)
  const data = deflateSync(Buffer.alloc(rows * (claimed[0] + 1)))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The BMP that Windows writes: rows from the bottom, blue first. */
export const bmp = (rgb: Buffer): Buffer => {
  const head = Buffer.alloc(54)
  head.write('BM', 'latin1')
  head.writeUInt32LE(54, 10)
  head.writeUInt32LE(40, 14)
  head.writeInt32LE(width, 18)
  head.writeInt32LE(height, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(24, 28)
  const rows = Array.from({ length: height }, (_, i) =>
    rgb.subarray(3 * width * (height - 1 - i), 3 * width * (height - i)),
  )
  const pixels = Buffer.concat(rows)
  for (let i = 0; i < pixels.length; i += 3) pixels.subarray(i, i + 3).reverse()
  return Buffer.concat([head, pixels])
}

const box = (type: string, ...parts: readonly (Buffer | string | readonly number[])[]): Buffer => {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  )
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A HEIC of the first picture of the footage in H.265, 1280×720, as an iPhone would wrap it. */
export const heic = async (): Promise<Buffer> => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-heic-'))
  try {
    const launch =
      `-v filesrc location=${loopFile('gate')} ! qtdemux ! h265parse ! ` +
      `video/x-h265,stream-format=hvc1,alignment=au ! identity eos-after=2 ! multifilesink location=${folder}/%d`
    const { stdout } = await promisify(execFile)('gst-launch-1.0', launch.split(' '), { maxBuffer: 1e7 })
    const config = Buffer.from(
      /stream-format=\(string\)hvc1.*?codec_data=\(buffer\)([0-9a-f]+)/.exec(stdout)?.[1] ?? '',
      'hex',
    )
    return wrapped(readFileSync(join(folder, '0')), config)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One H.265 picture in a HEIF file (ISO/IEC 23008-12): one item with its decoder configuration and size. */
const wrapped = (picture: Buffer, config: Buffer): Buffer => {
  const head = box('ftyp', 'heic', u32(0), 'mif1heic')
  const meta = (at: number): Buffer =>
    box(
      'meta',
      u32(0),
      box('hdlr', u32(0), u32(0), 'pict', Buffer.alloc(13)),
      box('pitm', u32(0), [0, 1]),
      box('iloc', u32(0), [0x44, 0, 0, 1], [0, 1, 0, 0, 0, 1], u32(at), u32(picture.length)),
      box('iinf', u32(0), [0, 1], box('infe', [2, 0, 0, 0], [0, 1, 0, 0], 'hvc1', '\0')),
      box(
        'iprp',
        box('ipco', box('hvcC', config), box('ispe', u32(0), u32(1280), u32(720))),
        box('ipma', u32(0), u32(1), [0, 1, 2, 0x81, 0x02]),
      ),
    )
  return Buffer.concat([head, meta(head.length + meta(0).length + 8), box('mdat', picture)])
}
