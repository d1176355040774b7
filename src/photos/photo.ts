import type { Picture, Yuv } from '../types.ts'

/**
 * A decoded photo: upright as its EXIF orientation says, sRGB as BT.601 I420 (full range, but see `hasVideoRange`),
 * transparency on white. At most
 * `mostSide` pixels long and wide. Plain memory, nothing to close.
 */
export interface Photo extends Yuv {
  /** The same for the detector: its longest side is at most what was asked for. */
  readonly picture: Picture
}

/** Larger photos are scaled down to this many pixels: a face in them is still far larger than an embedder's crop. */
export const mostSide = 4096

/** What one photo may cost. */
export interface PhotoLimits {
  /** From the bytes to the pixels, wall time. The slowest, HEIC of 48 megapixels, takes 4 s of a core. */
  readonly decodeMs: number
  /** Memory of the decoding process, bytes, beyond what it has at rest: 100 megapixels of WebP take 400 MB. */
  readonly memoryBytes: number
}

/** The limits of every decoder that says nothing else. */
export const photoLimits: PhotoLimits = { decodeMs: 30_000, memoryBytes: 640 * 1024 ** 2 }

/** The largest photo file, bytes: a scan of 40 megapixels as uncompressed TIFF has 120 MB. */
export const mostPhotoBytes = 128 * 1024 ** 2

/** Pixels of the largest photo that is decoded; JPEG is scaled down while it is decoded, so phones' 200 megapixels work. */
export const mostPixels = (kind: string): number => (kind === 'jpeg' ? 256e6 : 100e6)

/**
 * Whether the luma of such photos is taken for video range, 16 black and 235 white. PGM is, because GStreamer read it so
 * when the shipped embedder was calibrated and the committed figures on ORL, which is PGM, were measured.
 */
export const hasVideoRange = (kind: string): boolean => kind === 'pgm'
