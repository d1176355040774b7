import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { readTruth } from '../../../src/demo/truth.ts'
import { partOf } from '../../support/footage.ts'
import { gstLaunch } from '../../support/gst.ts'
import { scene } from '../site.ts'

/** A photo as a user would choose it. */
export interface Photo {
  readonly name: string
  readonly mimeType: 'image/jpeg'
  readonly buffer: Buffer
}

const fps = 25

/** A picture of the footage as JPEG: number `frame` of the loop, from 0. */
const pictureOf = async (loop: 'cafe' | 'street', frame: number): Promise<Buffer> => {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-photo-'))
  const fromS = 2 * Math.floor(frame / fps / 2)
  try {
    const part = await partOf(loop, fromS, fromS + 2, join(directory, 'part.mp4'))
    await gstLaunch(
      `filesrc location=${part} ! decodebin ! videoconvert ! jpegenc quality=92 ! multifilesink location=${directory}/%d.jpg`,
    )
    return await readFile(join(directory, `${frame - fromS * fps}.jpg`))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Somebody of the footage in a photo of 600 × 720, head and shoulders. `blur` makes it a bad one, in pixels. */
export const portraitOf = async (person: string, loop: 'cafe' | 'street', frame: number, blur = 0): Promise<Photo> => {
  const { facesOf } = await readTruth(scene(loop).replace(/mp4$/, 'truth.jsonl'))
  const face = facesOf[frame]?.find((each) => each.person === person)
  if (face === undefined) throw new Error(`${person} is not in picture ${frame} of ${loop}`)
  const picture = sharp(await pictureOf(loop, frame))
  const { width, height } = await picture.metadata()
  const { x, y, width: w, height: h } = face.box
  const half = 1.25 * w * width
  const left = Math.max(0, Math.round((x + w / 2) * width - half))
  const top = Math.max(0, Math.round((y - 0.7 * h) * height))
  const cut = picture.extract({
    left,
    top,
    width: Math.min(Math.round(2 * half), width - left),
    height: Math.min(Math.round(2.4 * half), height - top),
  })
  const portrait = cut.resize(600, 720, { fit: 'cover', position: 'top' })
  const buffer = await (blur > 0 ? portrait.blur(blur) : portrait).jpeg({ quality: 88 }).toBuffer()
  return { name: `${person}.jpg`, mimeType: 'image/jpeg', buffer }
}

/** A photo with nobody in it: the empty cafe. */
export const emptyRoom = async (): Promise<Photo> => ({
  name: 'room.jpg',
  mimeType: 'image/jpeg',
  buffer: await sharp(await pictureOf('cafe', 20))
    .resize(900)
    .jpeg()
    .toBuffer(),
})
