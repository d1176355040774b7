/**
 * Compares Rollcall's MTCNN with facenet-pytorch's on the pictures that `python -m training.mtcnn reference` wrote:
 * `node bench/mtcnn.ts DIR MODELS`. Exit code 1 where a face is missing, or off by a pixel or a hundredth of its score.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { openOn } from './open-detector.ts'

/** Pixels of the picture. */
interface ReferenceFace {
  readonly box: readonly [left: number, top: number, right: number, bottom: number]
  readonly score: number
  readonly points: readonly (readonly [x: number, y: number])[]
}
interface ReferencePhoto {
  readonly picture: string
  readonly photo: string
  readonly faces: readonly ReferenceFace[]
}

const [directory = '', models = ''] = process.argv.slice(2)
const photos = JSON.parse(readFileSync(join(directory, 'reference.json'), 'utf8')) as readonly ReferencePhoto[]
const detector = await openOn(models, 'mtcnn', { side: 640 })

const pictureOf = async (file: string) => {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const planes = new Uint8Array(data.length)
  for (let i = 0; i < width * height; i++)
    for (const channel of [0, 1, 2]) planes[channel * width * height + i] = data[3 * i + channel] ?? 0
  return { width, height, data: planes }
}

const most = { box: 0, points: 0, score: 0 }
let [faces, odd] = [0, 0]
for (const { picture: file, photo, faces: expected } of photos) {
  const picture = await pictureOf(join(directory, file))
  const [detections = []] = await detector.detect([picture])
  if (detections.length !== expected.length) {
    odd++
    console.log(`${photo}: ${detections.length} faces, facenet-pytorch ${expected.length}`)
  }
  for (const face of expected) {
    const corners = detections.map(({ box, landmarks, score }) => ({
      box: [box.x, box.y, box.x + box.width, box.y + box.height].map(
        (each, i) => each * (i % 2 === 0 ? picture.width : picture.height),
      ),
      points: landmarks.flatMap(({ x, y }) => [x * picture.width, y * picture.height]),
      score,
    }))
    const off = (a: readonly number[], b: readonly number[]): number =>
      Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))))
    const nearest = corners.toSorted((a, b) => off(face.box, a.box) - off(face.box, b.box))[0]
    if (!nearest) continue
    faces++
    most.box = Math.max(most.box, off(face.box, nearest.box))
    most.points = Math.max(most.points, off(face.points.flat(), nearest.points))
    most.score = Math.max(most.score, Math.abs(face.score - nearest.score))
  }
}
await detector.close()
console.log(
  `${photos.length} photos, ${faces} faces; largest differences: box ${most.box.toFixed(4)} px, landmarks ${most.points.toFixed(4)} px, score ${most.score.toFixed(6)}`,
)
process.exitCode = odd > 0 || most.box > 1 || most.points > 1 || most.score > 0.01 ? 1 : 0
