import { describe, expect, it } from 'vitest'
import type { Yuv } from '../../src/types.ts'
import { apply, type SimilarityTransform } from '../../src/vision/align.ts'
import { createWarp } from '../../src/vision/warp.ts'
import { loopFile } from '../support/footage.ts'
import { decodeFrames } from './footage.ts'

const side = 112

/** I420 whose planes are given by functions of the plane's own sample positions. */
const paint = (
  width: number,
  height: number,
  luma: (x: number, y: number) => number,
  chroma: (x: number, y: number) => number = () => 128,
): Yuv => {
  const plane = (w: number, h: number, stride: number, value: (x: number, y: number) => number) => ({
    stride,
    data: Uint8Array.from({ length: stride * h }, (_, i) =>
      i % stride < w ? value(i % stride, Math.floor(i / stride)) : 99,
    ),
  })
  const [w, h] = [(width + 1) >> 1, (height + 1) >> 1]
  return {
    format: 'I420',
    width,
    height,
    planes: [
      plane(width, height, width + 16, luma),
      plane(w, h, w + 8, chroma),
      plane(w, h, w + 8, (x, y) => 255 - chroma(x, y)),
    ],
    matrix: 'bt601',
    fullRange: true,
  }
}

const interleaved = (yuv: Yuv): Yuv => {
  const [luma, u, v] = yuv.planes
  if (!luma || !u || !v) throw new Error('expected I420')
  const data = new Uint8Array(2 * u.data.length)
  for (const [i, value] of u.data.entries()) {
    data[2 * i] = value
    data[2 * i + 1] = v.data[i] as number
  }
  return { ...yuv, format: 'NV12', planes: [luma, { data, stride: 2 * u.stride }] }
}

const turn = (scale: number, angle: number, tx: number, ty: number): SimilarityTransform => ({
  a: scale * Math.cos(angle),
  b: scale * Math.sin(angle),
  tx,
  ty,
})

describe('warp', () => {
  it.each([
    ['enlarged', turn(0.6, 0.3, 100, 80)],
    ['of its own size, turned', turn(1, -0.5, 90, 160)],
    ['scaled down', turn(1.9, 0.1, 60, 40)],
    ['halved first', turn(2.4, 0.2, 80, 30)],
  ])('shows a luma gradient where it is, %s', (_, map) => {
    const warp = createWarp(side)
    warp.toLuma(
      paint(400, 400, (x, y) => 0.25 * x + 0.375 * y),
      map,
    )
    let worst = 0
    for (let i = 0; i < side * side; i++) {
      const { x, y } = apply(map, i % side, Math.floor(i / side))
      worst = Math.max(worst, Math.abs((warp.luma[i] as number) - (0.25 * x + 0.375 * y)))
    }
    // The gradient itself is stored in whole numbers, cut off: up to 1 too low.
    expect(worst).toBeLessThan(1.1)
  })

  it('gives the same pixels for NV12', () => {
    const yuv = paint(
      200,
      180,
      (x, y) => (x * y) % 251,
      (x, y) => (60 + 3 * x + 5 * y) % 256,
    )
    for (const map of [turn(1, 0.2, 30, 20), turn(3, 0, -60, -20), turn(0.7, 1, 150, 10)])
      expect(createWarp(side).toPicture(interleaved(yuv), map)).toEqual(createWarp(side).toPicture(yuv, map))
  })

  it.each([
    ['bt601', false, [81, 90, 240], [255, 0, 0]],
    ['bt601', true, [76, 85, 255], [254, 0, 0]],
    ['bt709', false, [63, 102, 240], [255, 0, 0]],
    ['bt709', false, [173, 42, 26], [0, 255, 0]],
    ['bt2020', false, [29, 240, 119], [0, 0, 255]],
    ['bt709', false, [235, 128, 128], [255, 255, 255]],
    ['bt709', false, [16, 128, 128], [0, 0, 0]],
  ] as const)('converts %s, full range %s, %o to %o', (matrix, fullRange, [y, u, v], rgb) => {
    const flat = paint(128, 128, () => y)
    const planes = flat.planes.map((plane, i) => ({ ...plane, data: plane.data.map(() => [y, u, v][i] as number) }))
    const { data } = createWarp(side).toPicture({ ...flat, planes, matrix, fullRange }, turn(1, 0, 4, 4))
    // The colour triplets are rounded in the standards' tables, hence a tolerance of 2 %.
    for (const [i, value] of rgb.entries())
      expect(Math.abs((data[i * side * side] as number) - value)).toBeLessThanOrEqual(5)
  })

  it('does not alias: a fine checkerboard on a large face becomes an even grey', () => {
    const warp = createWarp(side)
    warp.toLuma(
      paint(900, 900, (x, y) => ((x + y) % 2) * 200),
      turn(4.3, 0.4, 300, 20),
    )
    expect(Math.max(...warp.luma)).toBeLessThan(105)
    expect(Math.min(...warp.luma)).toBeGreaterThan(95)
  })

  it('is black beyond the picture and reads nothing there', () => {
    const { data } = createWarp(side).toPicture(
      paint(64, 64, () => 200),
      turn(1, 0, -24, -24),
    )
    const at = (x: number, y: number): number => data[y * side + x] as number
    expect([at(5, 5), at(60, 5), at(100, 100)]).toEqual([0, 0, 0])
    expect(at(56, 56)).toBeGreaterThan(197)
  })

  it('copes with a face of which nothing is visible, and with a picture of one pixel', () => {
    expect(
      createWarp(side)
        .toPicture(
          paint(64, 64, () => 200),
          turn(3, 0, 5000, 5000),
        )
        .data.every((v) => v === 0),
    ).toBe(true)
    expect(
      createWarp(side).toPicture(
        paint(1, 1, () => 200),
        turn(1, 0, -50, -50),
      ).data,
    ).toHaveLength(3 * side * side)
  })

  describe('on footage', () => {
    it("agrees with GStreamer's own conversion to RGB", () => {
      const frame = decodeFrames(loopFile('street'), { width: 640, height: 360 }, { keysOnly: true, frames: 7 })[6]
      if (!frame) throw new Error('no frame')
      const { data } = createWarp(side).toPicture(frame.full, turn(1, 0, 200, 100))
      let sum = 0
      for (const channel of [0, 1, 2])
        for (let y = 0; y < side; y++)
          for (let x = 0; x < side; x++) {
            const theirs = frame.picture.data[(channel * 360 + y + 100) * 640 + x + 200] as number
            sum += Math.abs((data[(channel * side + y) * side + x] as number) - theirs)
          }
      // GStreamer's fast path computes in 8 bits and comes out about 2.5 levels too dark.
      expect(sum / data.length).toBeLessThan(4)
    })
  })
})
