import sharp, { type Metadata, type Sharp } from 'sharp'
import type { PhotoKind } from '../kinds.ts'
import { hasVideoRange, mostPixels, mostSide } from '../photo.ts'
import { bmpSize, readBmp } from './bmp.ts'
import { readHeic } from './heic.ts'
import { netpbmSize, readNetpbm } from './netpbm.ts'
import { fromVideoRange, type Rgb, toI420, toPlanar } from './pixels.ts'
import type { RawPixels } from './raw-pixels.ts'
import { Refused } from './refused.ts'

// Neither SVG (which may name other files) nor anything else that sharp could read.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((loader) => `VipsForeignLoad${loader}`),
})
sharp.cache(false)
sharp.concurrency(1)

/** Fewer pixels than this on a side cannot show a face. */
const leastSide = 16

const admit =
  (kind: PhotoKind) =>
  ({ width, height }: { readonly width: number; readonly height: number }): void => {
    const most = mostPixels(kind)
    if (width * height > most)
      throw new Refused(
        `is ${width}×${height}, ${Math.round((width * height) / 1e6)} megapixels; at most ${most / 1e6} are decoded`,
        'scale it down',
      )
    if (Math.min(width, height) < leastSide)
      throw new Refused(`is ${width}×${height} pixels, too small for a face`, 'take a larger one')
  }

/** sharp's words for files that end too early; libpng says the same of bytes that are wrong. */
const isTruncated =
  /premature end|truncat|unexpected end|end of (?:file|image|stream)|not enough data|png read error|short read/i

const ofSharp = (kind: PhotoKind, cause: unknown): Refused => {
  if (cause instanceof Refused) return cause
  if (/out of memory|insufficient memory/i.test((cause as Error).message))
    return new Refused('takes too much memory to decode', 'save it again as JPEG, or smaller')
  const [line = ''] = (cause as Error).message.split('\n').filter((each) => each !== '')
  return isTruncated.test((cause as Error).message)
    ? new Refused('breaks off or is damaged', 'copy or download it again')
    : new Refused(
        `is ${kind.toUpperCase()} that is damaged or of a kind that is not read (${line})`,
        'convert it to JPEG or PNG',
      )
}

const options = { failOn: 'error', sequentialRead: true, limitInputChannels: 8 } as const

/** The photo as something that sharp goes on with; its size is admitted before pixels are unpacked. */
const source = async (kind: PhotoKind, bytes: Uint8Array): Promise<Sharp> => {
  const admitSize = admit(kind)
  const raw = ({ data, width, height, channels }: RawPixels): Sharp => sharp(data, { raw: { width, height, channels } })
  if (kind === 'heic') return raw(await readHeic(bytes, admitSize))
  if (kind === 'pgm' || kind === 'ppm') {
    admitSize(netpbmSize(bytes))
    return raw(readNetpbm(bytes))
  }
  if (kind === 'bmp') {
    admitSize(bmpSize(bytes))
    return raw(readBmp(bytes))
  }
  const photo = sharp(bytes, { ...options, limitInputPixels: mostPixels(kind) })
  const header: Metadata = await sharp(bytes, { ...options, limitInputPixels: false }).metadata()
  admitSize(header)
  return photo
}

/** A decoded photo as it crosses the pipe: I420 and planar RGB. */
export interface Decoded {
  readonly width: number
  readonly height: number
  readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array]
  readonly picture: Rgb
}

/**
 * Decodes a photo: upright by its EXIF orientation, sRGB, transparency on white, at most `mostSide`² pixels; `picture`
 * fits `side`. Throws `Refused`.
 */
export const decode = async (kind: PhotoKind, bytes: Uint8Array, side: number): Promise<Decoded> => {
  const fitting = (most: number) => ({ width: most, height: most, fit: 'inside', withoutEnlargement: true }) as const
  const rgbOf = async (photo: Sharp): Promise<Rgb> => {
    const { data, info } = await photo.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    if (info.channels !== 3) throw new Error(`expected RGB, found ${info.channels} channels`)
    return { width: info.width, height: info.height, data }
  }
  try {
    const photo = await source(kind, bytes)
    const whole = photo
      .autoOrient()
      .resize(fitting(mostSide))
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
    const full = await rgbOf(whole)
    const { width, height, data } = full
    const small = sharp(data, { raw: { width, height, channels: 3 } }).resize(fitting(side))
    const picture = Math.max(width, height) > side ? await rgbOf(small) : full
    const planar = toPlanar(picture)
    // In place: `toPlanar` has made a copy.
    if (hasVideoRange(kind)) fromVideoRange(planar)
    return { width, height, planes: toI420(full), picture: { ...picture, data: planar } }
  } catch (cause) {
    throw ofSharp(kind, cause)
  }
}
