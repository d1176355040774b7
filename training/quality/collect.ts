/**
 * Prints what `fit.py` fits: a line of JSON for each face of a clear picture that is found again in a worse one, with the
 * features of its crop and the cosine between the two embeddings.
 *
 *   node training/quality/collect.ts VIDEO:WIDTHxHEIGHT:FPS … > faces.jsonl
 */

import { iou } from '../../src/math/boxes.ts'
import { coarsened, meanOver, quantised, type Size } from '../../src/math/luma-plane.ts'
import { seededRandom } from '../../src/math/seeded-random.ts'
import { dot } from '../../src/math/vector.ts'
import { silent } from '../../src/silent-log.ts'
import type { Picture, Plane, Yuv } from '../../src/types.ts'
import { cropToPicture } from '../../src/vision/align.ts'
import { detailOf } from '../../src/vision/detail.ts'
import { arcfaceTemplate } from '../../src/vision/known-models.ts'
import { loadModels } from '../../src/vision/models.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { featuresOf } from '../../src/vision/sharpness.ts'
import { createWarp } from '../../src/vision/warp.ts'
import { decodeFrames } from '../../test/vision/footage.ts'

type Luma = Float32Array
type Change = (luma: Luma, size: Size, random: () => number) => Luma

const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const noise =
  (deviation: number): Change =>
  (luma, _, random) =>
    luma.map((value) => value + deviation * gaussian(random))
const smooth =
  (side: number): Change =>
  (luma, size) =>
    meanOver(luma, size, side)
const light =
  (share: number, black = 16): Change =>
  (luma) =>
    luma.map((value) => Math.round(black + share * (value - black)))
const few =
  (factor: number): Change =>
  (luma, size) =>
    coarsened(luma, size, factor)
const blocks =
  (step: number): Change =>
  (luma, size) =>
    quantised(luma, size, step)
const all =
  (...changes: readonly Change[]): Change =>
  (luma, size, random) =>
    changes.reduce((from, change) => change(from, size, random), luma)

/** Lengths are in pixels of a picture that is 1280 wide. */
const changesFor = (width: number): readonly Change[] => {
  const f = Math.max(0.5, width / 1280)
  return [
    ...[6, 12, 24].map(noise),
    ...[0.33, 0.15, 0.07].map((share) => light(share)),
    light(0.2, 110),
    ...[5, 9, 15].map((side) => all(smooth(side * f), smooth((side * f) / 2))),
    ...[3, 5].map((factor) => few(Math.max(1.5, factor * f))),
    ...[20, 50, 100].map(blocks),
    all(light(0.33), noise(5)),
    all(light(0.4), noise(6), smooth(3), blocks(16)),
    all(light(0.2), noise(8), smooth(3), blocks(16)),
    all(smooth(7 * f), noise(10)),
    all(few(Math.max(1.5, 3 * f)), blocks(40)),
  ]
}

const lumaOf = ({ planes: [plane], width, height }: Yuv): Luma => {
  const { data, stride } = plane as Plane
  return Float32Array.from(
    { length: width * height },
    (_, i) => data[Math.floor(i / width) * stride + (i % width)] as number,
  )
}
const withLuma = (full: Yuv, luma: Luma): Yuv => {
  const data = new Uint8Array(new Uint8ClampedArray(luma).buffer)
  return { ...full, planes: [{ data, stride: full.width }, ...full.planes.slice(1)] }
}
/** The detector sees shape more than colour: grey is enough. */
const greyOf = ({ width, height }: Yuv, luma: Luma): Picture => {
  const grey = new Uint8ClampedArray(luma.map((value) => (value - 16) * (255 / 219)))
  const data = new Uint8Array(3 * grey.length)
  for (const channel of [0, 1, 2]) data.set(grey, channel * grey.length)
  return { width, height, data }
}

const side = 112
const warp = createWarp(side)
const options = modelOptions.parse({ providers: ['cpu'] })
const models = await loadModels(options, { log: silent, onFallback: () => undefined })
const { detector, embedder } = models
const look = async (full: Yuv, luma: Luma) => {
  const [found = []] = await detector.detect([greyOf(full, luma)])
  const embedded = await embedder.embed(found.map((face) => ({ full, ...face })))
  return found.map((face, i) => ({ face, ...(embedded[i] as (typeof embedded)[number]) }))
}

for (const [number, argument] of process.argv.slice(2).entries()) {
  const [file = '', size = '', fps = '1/1'] = argument.split(':')
  const [width = 0, height = 0] = size.split('x').map(Number)
  const random = seededRandom(number + 1)
  for (const { full } of decodeFrames(file, { width, height }, { fps })) {
    const clear = await look(full, lumaOf(full))
    for (const change of changesFor(width)) {
      const changed = withLuma(full, change(lumaOf(full), full, random))
      for (const { face, embedding, quality } of await look(changed, lumaOf(changed))) {
        const same = clear.find((other) => iou(other.face.box, face.box) > 0.35)
        const map = cropToPicture(face.landmarks, arcfaceTemplate, changed)
        if (!same || !map || quality.sizePx < 20 || Math.abs(same.quality.yaw) > 0.8) continue
        warp.toLuma(changed, map)
        const step = Math.min(Math.max(Math.round(1 / Math.hypot(map.a, map.b)), 1), 8)
        const features = featuresOf(detailOf(warp.luma, side, step))
        console.log(JSON.stringify({ set: file, features, cosine: dot(embedding, same.embedding) }))
      }
    }
  }
}
await models.close()
