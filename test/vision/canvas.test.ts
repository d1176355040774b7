import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Picture } from '../../src/types.ts'
import { canvasFor, clearBehind, fillBlack, pack, pixelsOf } from '../../src/vision/canvas.ts'

const picture = (width: number, height: number, misaligned = false): Picture => {
  const bytes = Uint8Array.from({ length: width * height * 3 + 1 }, (_, i) => (i * 37 + 11) % 256)
  const data = misaligned ? bytes.subarray(1) : bytes.subarray(0, -1)
  return { width, height, data }
}

/** The plain definition, one value at a time. */
const expected = (of: Picture, width: number, height: number, order: 'rgb' | 'bgr', mean: number[], std: number[]) =>
  Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const plane = Math.floor(i / (width * height))
    const y = Math.floor((i % (width * height)) / width)
    const x = i % width
    const inside = x < of.width && y < of.height
    const channel = order === 'rgb' ? plane : 2 - plane
    const value = inside ? (of.data[(channel * of.height + y) * of.width + x] as number) : 0
    return (value - (mean[plane] as number)) / (std[plane] as number)
  })

const worst = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0)

describe('canvasFor', () => {
  it('is the smallest multiple of 32 into which all pictures fit', () => {
    const sizes = [
      { width: 640, height: 360 },
      { width: 300, height: 400 },
    ]
    expect(canvasFor(sizes, 32)).toEqual({ width: 640, height: 416 })
    expect(canvasFor([{ width: 32, height: 1 }], 32)).toEqual({ width: 32, height: 32 })
  })
})

describe('pack', () => {
  it.each(['rgb', 'bgr'] as const)(
    'writes %s planes, whatever the size and the alignment of the memory',
    (channels) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 40 }),
          fc.integer({ min: 1, max: 9 }),
          fc.boolean(),
          (w, h, misaligned) => {
            const of = picture(w, h, misaligned)
            const canvas = canvasFor([of], 32)
            const [mean, std] = [
              [1, 2, 3],
              [2, 4, 8],
            ] as unknown as [[number, number, number], [number, number, number]]
            const pixels = pixelsOf({ channels, mean, std })
            const planes = new Float32Array(3 * canvas.width * canvas.height)
            fillBlack(planes, canvas.width * canvas.height, pixels)
            pack(of, planes, canvas, pixels)
            expect(worst(planes, expected(of, canvas.width, canvas.height, channels, mean, std))).toBeLessThan(1e-5)
          },
        ),
      )
    },
  )

  it('leaves raw values exact for a model without normalisation', () => {
    const of = picture(64, 32)
    const planes = new Float32Array(3 * 64 * 32)
    pack(of, planes, of, pixelsOf({ channels: 'bgr', mean: [0, 0, 0], std: [1, 1, 1] }))
    expect(planes).toEqual(expected(of, 64, 32, 'bgr', [0, 0, 0], [1, 1, 1]))
  })
})

describe('clearBehind', () => {
  it('leaves nothing of the picture before, whatever the two sizes', () => {
    const size = fc.record({ width: fc.integer({ min: 1, max: 64 }), height: fc.integer({ min: 1, max: 64 }) })
    const canvas = { width: 64, height: 64 }
    const pixels = pixelsOf({ channels: 'rgb', mean: [10, 20, 30], std: [1, 1, 1] })
    fc.assert(
      fc.property(size, size, (first, second) => {
        const planes = new Float32Array(3 * 64 * 64)
        fillBlack(planes, 64 * 64, pixels)
        pack(picture(first.width, first.height), planes, canvas, pixels)
        clearBehind(planes, canvas, first, second, pixels)
        const next = picture(second.width, second.height)
        pack(next, planes, canvas, pixels)
        expect(worst(planes, expected(next, 64, 64, 'rgb', [10, 20, 30], [1, 1, 1]))).toBeLessThan(1e-4)
      }),
    )
  })
})
