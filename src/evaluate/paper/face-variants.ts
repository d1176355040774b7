import sharp, { type Sharp } from 'sharp'
import type { Detection, Landmarks, Picture } from '../../types.ts'

/** One way to make a face worse. */
export interface Variant {
  readonly kind: 'plain' | 'jpeg' | 'size'
  /** JPEG quality, or the longer side of the face's box in pixels; 0 for the plain one. */
  readonly value: number
}

/** Of FaceNet's table 4; the plain one comes first. */
export const variants: readonly Variant[] = [
  { kind: 'plain', value: 0 },
  ...[10, 20, 30, 50, 70, 90].map((value) => ({ kind: 'jpeg', value }) as const),
  ...[40, 80, 120, 160, 256].map((value) => ({ kind: 'size', value }) as const),
]

/** The part of a photo around its face, and where the face is in it, in fractions of the part. */
export interface FacePart {
  /** Interleaved RGB. */
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
  readonly face: Detection
}

/** Sides of the part over those of the box: what alignment and detection of a face need. */
const around = 2.2

/** Cuts out the part around the face. Planar RGB in. */
export const partAround = ({ width, height, data }: Picture, { box, landmarks, score }: Detection): FacePart => {
  const half = (around * Math.max(box.width * width, box.height * height)) / 2
  const [middleX, middleY] = [(box.x + box.width / 2) * width, (box.y + box.height / 2) * height]
  const clamp = (value: number, most: number): number => Math.min(Math.max(Math.round(value), 0), most)
  const [left, top] = [clamp(middleX - half, width - 1), clamp(middleY - half, height - 1)]
  const [right, bottom] = [clamp(middleX + half, width), clamp(middleY + half, height)]
  const [w, h] = [Math.max(1, right - left), Math.max(1, bottom - top)]
  const part = new Uint8Array(3 * w * h)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let channel = 0; channel < 3; channel++)
        part[3 * (y * w + x) + channel] = data[(channel * height + y + top) * width + x + left] ?? 0
  const at = (point: { readonly x: number; readonly y: number }) => ({
    x: (point.x * width - left) / w,
    y: (point.y * height - top) / h,
  })
  const [a, b, c, d, e] = landmarks.map(at) as unknown as Landmarks
  const size = { width: (box.width * width) / w, height: (box.height * height) / h }
  return { width: w, height: h, data: part, face: { score, box: { ...at(box), ...size }, landmarks: [a, b, c, d, e] } }
}

/**
 * The face as a file: PNG, or JPEG of a quality. A face that is no larger than the size asked for stays as it is, because pixels that
 * were never there would say nothing. The smallest part has 16 pixels a side.
 */
export const variantOf = async (part: FacePart, { kind, value }: Variant): Promise<Uint8Array> => {
  const { width, height, data, face } = part
  const picture: Sharp = sharp(data, { raw: { width, height, channels: 3 } })
  if (kind === 'jpeg') return picture.jpeg({ quality: value }).toBuffer()
  const scale = kind === 'size' ? value / Math.max(face.box.width * width, face.box.height * height) : 1
  const to = (side: number): number => Math.max(16, Math.round(scale * side))
  const sized = scale < 1 ? picture.resize(to(width), to(height), { fit: 'fill' }) : picture
  return sized.png({ compressionLevel: 1 }).toBuffer()
}
