import { describe, expect, it } from 'vitest'
import { openOn } from '../../bench/open-detector.ts'
import type { Detection, Picture } from '../../src/types.ts'
import { pixelsOf } from '../../src/vision/canvas.ts'
import { cutOf, regressed, squared, suppressInner } from '../../src/vision/mtcnn/boxes.ts'
import { type Cascade, type CascadeSettings, detectByCascade, scalesOf } from '../../src/vision/mtcnn/cascade.ts'
import { resample } from '../../src/vision/mtcnn/resample.ts'
import { overlap } from '../../src/vision/nms.ts'
import { loopFile } from '../support/footage.ts'
import { mtcnn } from '../support/material.ts'
import { canDecode, decodeFrames } from './footage.ts'
import { loadShippedModels, modelDirectory, shippedModel } from './loading.ts'

const plain = pixelsOf({ channels: 'rgb', mean: [0, 0, 0], std: [1, 1, 1] })
const settings: CascadeSettings = { minScores: [0.6, 0.7, 0.7], minFace: 20, factor: 0.5, nms: 0.7, pixels: plain }
const box = (left: number, top: number, right: number, bottom: number, score = 0.9) => ({
  left,
  top,
  right,
  bottom,
  score,
})
const nothing = [0, 0, 0, 0] as const

describe('the arithmetic of MTCNN', () => {
  it('moves a box by shares of its sides, with or without the last pixel', () => {
    const offsets = [0.1, -0.1, 0.2, 0] as const
    expect(regressed(box(10, 20, 29, 59), offsets, 1)).toEqual(box(12, 16, 33, 59))
    expect(regressed(box(10, 20, 30, 60), offsets, 0)).toEqual(box(12, 16, 34, 60))
  })

  it('makes squares as long as the longer side, around the middle', () => {
    expect(squared(box(10, 20, 30, 60))).toEqual(box(0, 20, 40, 60))
    expect(squared(box(20, 10, 60, 30))).toEqual(box(20, 0, 60, 40))
  })

  it('cuts what is inside the picture, counting pixels from 1', () => {
    const size = { width: 50, height: 40 }
    expect(cutOf(box(3.9, 4.2, 10.7, 12.1), size)).toEqual({ left: 2, top: 3, right: 10, bottom: 12 })
    expect(cutOf(box(-9.5, -0.5, 60, 41), size)).toEqual({ left: 0, top: 0, right: 50, bottom: 40 })
    expect([cutOf(box(-20, 0, -3, 9), size), cutOf(box(51.5, 0, 60, 9), size)]).toEqual([null, null])
  })

  it('leaves out what is inside a better box, by the area of the smaller one', () => {
    const [outer, inner, beside] = [box(0, 0, 99, 99, 0.9), box(10, 10, 29, 29, 0.8), box(90, 0, 189, 99, 0.95)]
    expect(suppressInner([inner, outer, beside], 0.7)).toEqual([beside, outer])
    expect(suppressInner([inner, { ...outer, score: 0.7 }], 0.7)).toEqual([inner])
  })

  it('takes means of all pixels that a value touches', () => {
    const picture: Picture = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i) }
    const planes = new Float32Array(6)
    resample(picture, { left: 0, top: 0, right: 3, bottom: 2 }, { width: 2, height: 1 }, planes, plain)
    // Columns 0–1 and 1–2 of both rows.
    expect([...planes]).toEqual([2, 3, 8, 9, 14, 15])
    const bgr = pixelsOf({ channels: 'bgr', mean: [1, 1, 1], std: [2, 2, 2] })
    resample(picture, { left: 2, top: 1, right: 3, bottom: 2 }, { width: 1, height: 1 }, planes, bgr)
    expect([...planes.subarray(0, 3)]).toEqual([8, 5, 2])
  })

  it('looks at steps down to pictures of twelve pixels', () => {
    expect(scalesOf({ width: 100, height: 80 }, settings)).toEqual([0.6, 0.3, 0.15])
    expect(scalesOf({ width: 100, height: 19 }, settings)).toEqual([])
  })
})

describe('the cascade', () => {
  const picture: Picture = { width: 100, height: 80, data: new Uint8Array(3 * 100 * 80) }
  /** P-Net proposes one square on the first step, others say what they are told. */
  const cascade = (refuse: number, decide: number, seen: string[] = []): Cascade => ({
    propose: async (_, { width, height }) => {
      seen.push(`P ${width}×${height}`)
      const places = { width: Math.floor((width - 10) / 2), height: Math.floor((height - 10) / 2) }
      const scores = new Float32Array(places.width * places.height)
      if (width === 61) scores[5 * places.width + 6] = 0.8
      return { scores, places, offsets: () => [0, 0, 0.5, 0.5] }
    },
    refuse: async (planes, count) => {
      seen.push(`R ${count} ${planes.length}`)
      return Array.from({ length: count }, () => ({ score: refuse, offsets: nothing, points: [] }))
    },
    decide: async (planes, count) => {
      seen.push(`O ${count} ${planes.length}`)
      const points = [0.25, 0.75, 0.5, 0.25, 0.75, 0.25, 0.25, 0.5, 0.75, 0.75]
      return Array.from({ length: count }, () => ({ score: decide, offsets: [0.1, 0, 0, 0], points }))
    },
  })

  it('gives box, score and landmarks in pixels of the picture', async () => {
    const seen: string[] = []
    const [face, ...rest] = await detectByCascade(picture, cascade(0.8, 0.9, seen), settings)
    expect(rest).toEqual([])
    // Place (6, 5) of scale .6: ⌊13 / .6⌋, ⌊11 / .6⌋ to ⌊24 / .6⌋, ⌊22 / .6⌋; half as large again: 21–49.5, 18–45; square.
    const [left, top, side] = [21, 17.25, 28.5]
    expect(face).toMatchObject({ score: 0.9, left: left + 0.1 * (side + 1), right: left + side, bottom: top + side })
    const points = [0.25, 0.25, 0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.75, 0.75]
    const expected = points.map((share, i) => (i % 2 === 0 ? left : top) - 1 + share * (side + 1))
    expect(Array.from(face?.points ?? []).map((each) => each.toFixed(3))).toEqual(
      expected.map((each) => each.toFixed(3)),
    )
    expect(seen).toEqual(['P 61×49', 'P 31×25', 'P 16×13', 'R 1 1728', 'O 1 6912'])
  })

  it('goes no further with what a stage refuses', async () => {
    const seen: string[] = []
    expect(await detectByCascade(picture, cascade(0.7, 0.9, seen), settings)).toEqual([])
    expect(seen.filter((each) => each.startsWith('O'))).toEqual([])
    expect(await detectByCascade(picture, cascade(0.8, 0.7), settings)).toEqual([])
    expect(await detectByCascade({ width: 8, height: 8, data: new Uint8Array(192) }, cascade(1, 1), settings)).toEqual(
      [],
    )
  })
})

const descriptor = JSON.stringify({
  kind: 'mtcnn',
  channels: 'rgb',
  mean: [127.5, 127.5, 127.5],
  std: [128, 128, 128],
  minScore: 0.7,
  nms: 0.7,
  refine: 'b.onnx',
  output: 'c.onnx',
})
const [shipped, part] = [{ copyOf: 'detector.onnx' }, { copyOf: 'embedder.onnx' }]

it('a graph that is no P-Net is refused, and what was expected is said', async () => {
  const files = { 'a.onnx': shipped, 'a.json': descriptor, 'b.onnx': part, 'c.onnx': part }
  const { path, remove } = modelDirectory({ ...files, ...shippedModel('embedder', 'e') })
  try {
    await expect(loadShippedModels({ directory: path, detector: 'a' })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('not a model of kind mtcnn: expected outputs [n, 2] and [n, 4]'),
    })
  } finally {
    remove()
  }
})

describe.skipIf(!mtcnn() || !canDecode)('MTCNN with the public weights', () => {
  it('finds the faces that the shipped detector finds in the lobby, with their landmarks', async () => {
    const frames = decodeFrames(loopFile('lobby'), { width: 640, height: 360 }, { keysOnly: true })
    const pictures = frames.slice(6, 12).map(({ picture }) => picture)
    const own = await loadShippedModels()
    const published = await openOn(mtcnn() ?? '', 'mtcnn')
    const [a, b] = [await own.detector.detect(pictures), await published.detect(pictures)]
    await Promise.all([own.close(), published.close()])
    const sides = ({ box: { x, y, width, height }, score }: Detection) => ({
      left: x,
      top: y,
      right: x + width,
      bottom: y + height,
      score,
    })
    const pairs = b.flatMap((faces, i) =>
      faces.filter(({ score }) => score > 0.95).map((face) => ({ face, others: a[i] ?? [] })),
    )
    expect(pairs.length).toBeGreaterThan(4)
    for (const { face, others } of pairs) {
      const [nearest] = others.toSorted((c, d) => overlap(sides(d), sides(face)) - overlap(sides(c), sides(face)))
      expect(nearest && overlap(sides(nearest), sides(face))).toBeGreaterThan(0.4)
      for (const [i, { x, y }] of face.landmarks.entries()) {
        const other = nearest?.landmarks[i] ?? { x: 0, y: 0 }
        expect(Math.hypot(x - other.x, y - other.y)).toBeLessThan(0.15 * face.box.height)
      }
    }
  })
})
