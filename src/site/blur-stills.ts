import type { FramePicture } from '../sinks/websocket/protocol.ts'
import type { Box, CameraId } from '../types.ts'

/** A face is left in so many points each way: nobody is recognised by that. */
const points = 5
/** The box of a detector ends at the chin and the brows: so much more, of its size, is blurred on each side. */
const margin = 0.25

/** Whole pixels around a box; null when it lies outside of the picture. */
const coverOf = ({ x, y, width, height }: Box, size: { readonly width: number; readonly height: number }) => {
  const within = (share: number, pixels: number): number => Math.min(1, Math.max(0, share)) * pixels
  const left = Math.floor(within(x - margin * width, size.width))
  const top = Math.floor(within(y - margin * height, size.height))
  const right = Math.ceil(within(x + (1 + margin) * width, size.width))
  const bottom = Math.ceil(within(y + (1 + margin) * height, size.height))
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : null
}

/** The JPEG with these boxes blurred in its pixels. Rejects when it cannot be read. */
export const blurredJpeg = async (jpeg: Uint8Array, boxes: readonly Box[]): Promise<Uint8Array> => {
  const { default: sharp } = await import('sharp')
  const { width, height } = await sharp(jpeg).metadata()
  const covers = boxes.flatMap((box) => coverOf(box, { width, height }) ?? [])
  const blurred = await Promise.all(
    covers.map(async (cover) => {
      const few = await sharp(jpeg).extract(cover).resize(points, points, { fit: 'fill' }).png().toBuffer()
      const { left, top } = cover
      return { input: await sharp(few).resize(cover.width, cover.height, { fit: 'fill' }).png().toBuffer(), left, top }
    }),
  )
  return sharp(jpeg).composite(blurred).jpeg({ quality: 85 }).toBuffer()
}

/**
 * Passes stills on; in those that show somebody who is never to be recognised the face is blurred first. Of these one of each
 * camera is worked on at a time, and what comes meanwhile is left out, as is one that cannot be read.
 */
export const blurStills = (publish: (picture: FramePicture) => void): ((picture: FramePicture) => void) => {
  const busy = new Set<CameraId>()
  return (picture) => {
    const { frame, jpeg } = picture
    if (busy.has(frame.camera)) return
    if (!frame.blur) {
      publish(picture)
      return
    }
    busy.add(frame.camera)
    void blurredJpeg(jpeg, frame.blur)
      .then((blurred) => publish({ frame, jpeg: blurred }))
      .catch(() => undefined)
      .finally(() => busy.delete(frame.camera))
  }
}
