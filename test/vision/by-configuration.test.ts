import { afterEach, describe, expect, it } from 'vitest'
import { parseDescriptor } from '../../src/vision/descriptor.ts'
import { openDetector } from '../../src/vision/detector.ts'
import { openEmbedder } from '../../src/vision/embedder.ts'
import { modelDirectory } from './loading.ts'
import { type Constant, constantModel } from './onnx-graph.ts'

/**
 * SCRFD and ArcFace by configuration. Their public weights may not be used here, so these graphs have their shapes and
 * constant outputs worked out by hand.
 */
const settings = { providers: ['cpu'] as const, threads: 1, batchSizes: 'auto' as const, onFallback: () => undefined }

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const scrfd = {
  kind: 'scrfd',
  channels: 'rgb',
  mean: [127.5, 127.5, 127.5],
  std: [128, 128, 128],
  strides: [8, 16, 32],
  minScore: 0.5,
  nms: 0.4,
}

/** A 96×64 canvas: one face on stride 16, cell (column 2, row 1), second anchor; two overlapping ones on stride 8. */
const outputs = (landmarks: boolean, batch: readonly number[] = []): Constant[] =>
  [8, 16, 32].flatMap((stride) => {
    const rows = (96 / stride) * (64 / stride) * 2
    const scores = Array.from({ length: rows }, () => 0.01)
    const distances = Array.from({ length: rows * 4 }, () => 1)
    const points = Array.from({ length: rows * 10 }, () => 0)
    if (stride === 16) {
      const anchor = 2 * (1 * 6 + 2) + 1
      scores[anchor] = 0.9
      distances.splice(4 * anchor, 4, 1, 0.5, 1, 1.5)
      points.splice(10 * anchor, 10, -0.5, 0, 0.5, 0, 0, 0.5, -0.25, 1, 0.25, 1)
    }
    if (stride === 8) {
      scores[0] = 0.6
      scores[1] = 0.7
    }
    const of = (name: string, width: number, values: number[]): Constant => ({
      name: `${name}_${stride}`,
      dims: [...batch, rows, width],
      values,
    })
    return [of('score', 1, scores), of('bbox', 4, distances), ...(landmarks ? [of('kps', 10, points)] : [])]
  })

const openScrfd = async (model: Uint8Array) => {
  const directory = modelDirectory({ 'scrfd.onnx': model })
  cleanups.push(directory.remove)
  const descriptor = parseDescriptor(JSON.stringify(scrfd), 'scrfd.json')
  if (descriptor.kind === 'embedder') throw new Error('expected a detector')
  const detector = await openDetector(
    { file: `${directory.path}/scrfd.onnx`, name: 'scrfd', sha256: '', descriptor },
    { ...settings, side: 64, minScore: null, nms: null },
  )
  cleanups.push(() => detector.close())
  return detector
}

const picture = { width: 64, height: 60, data: new Uint8Array(64 * 60 * 3) }
const big = { width: 97, height: 60, data: new Uint8Array(97 * 60 * 3) }

describe('SCRFD by configuration', () => {
  it.each([
    ['with', 'flattened', []],
    ['with', 'kept', [1]],
    ['without', 'flattened', []],
  ] as const)('decodes a graph %s landmarks, its batch %s', async (landmarks, _, batch) => {
    const detector = await openScrfd(constantModel([1, 3, 64, 96], outputs(landmarks === 'with', batch)))
    const [found = []] = await detector.detect([picture])
    // The cell is at (32, 16): box from (16, 8) to (48, 40). At (0, 0) the better anchor wins: (−8, −8) to (8, 8).
    expect(found.map(({ score }) => Math.round(score * 100))).toEqual([90, 70])
    expect(found[0]?.box).toEqual({ x: 16 / 64, y: 8 / 60, width: 32 / 64, height: 32 / 60 })
    expect(found[1]?.box).toEqual({ x: -8 / 64, y: -8 / 60, width: 16 / 64, height: 16 / 60 })
    if (landmarks === 'with') {
      const [leftEye, rightEye, nose] = found[0]?.landmarks ?? []
      expect([leftEye, rightEye, nose]).toEqual([
        { x: 24 / 64, y: 16 / 60 },
        { x: 40 / 64, y: 16 / 60 },
        { x: 32 / 64, y: 24 / 60 },
      ])
    } else expect(found[0]?.landmarks[0]?.x).toBeCloseTo((16 + 0.31 * 32) / 64)
  })

  it('runs picture after picture when the graph takes one at a time', async () => {
    const detector = await openScrfd(constantModel([1, 3, 64, 96], outputs(true)))
    expect((await detector.detect([picture, picture, picture])).map((each) => each.length)).toEqual([2, 2, 2])
  })

  it('says which size a fixed input takes', async () => {
    const detector = await openScrfd(constantModel([1, 3, 64, 96], outputs(true)))
    await expect(detector.detect([big])).rejects.toMatchObject({
      code: 'MODEL_RUN',
      message: expect.stringMatching(/97×60.*96×64/),
    })
    expect((await detector.detect([picture]))[0]).toHaveLength(2)
  })
})

describe('ArcFace by configuration', () => {
  it('normalises what the graph does not', async () => {
    const values = Array.from({ length: 512 }, (_, i) => (i === 0 ? 3 : i === 511 ? -4 : 0))
    const directory = modelDirectory({
      'arcface.onnx': constantModel([1, 3, 112, 112], [{ name: '683', dims: [1, 512], values }]),
    })
    cleanups.push(directory.remove)
    const descriptor = parseDescriptor(
      JSON.stringify({
        kind: 'embedder',
        channels: 'rgb',
        mean: [127.5, 127.5, 127.5],
        std: [127.5, 127.5, 127.5],
        side: 112,
        template: [
          [38.2946, 51.6963],
          [73.5318, 51.5014],
          [56.0252, 71.7366],
          [41.5493, 92.3655],
          [70.7299, 92.2041],
        ],
        dimensions: 512,
        threshold: 0.3,
      }),
      'arcface.json',
    )
    if (descriptor.kind !== 'embedder') throw new Error('expected an embedder')
    const embedder = await openEmbedder(
      { file: `${directory.path}/arcface.onnx`, name: 'arcface', sha256: '', descriptor },
      { ...settings, scores: [0.5, 0.9] },
    )
    cleanups.push(() => embedder.close())
    const landmarks = descriptor.template.map(([x, y]) => ({ x: x / 112, y: y / 112 })) as never
    const flat = { stride: 112, data: new Uint8Array(112 * 112).fill(100) }
    const full = {
      format: 'I420',
      width: 112,
      height: 112,
      planes: [flat, flat, flat],
      matrix: 'bt601',
      fullRange: true,
    } as const
    const [first, second] = await embedder.embed(
      [0, 1].map(() => ({ full, landmarks, box: { x: 0, y: 0, width: 1, height: 1 }, score: 0.9 })),
    )
    expect(embedder.dimensions).toBe(512)
    expect([first?.embedding[0], first?.embedding[511]].map((value) => Math.round((value ?? 0) * 1e6) / 1e6)).toEqual([
      0.6, -0.8,
    ])
    expect(second).toEqual(first)
  })
})
