import { describe, expect, it } from 'vitest'
import { drawSpoilt } from '../../src/evaluate/spoilt/draw.ts'
import { spoilt } from '../../src/evaluate/spoilt/spoilt-photo.ts'
import { seededRandom } from '../../src/math/seeded-random.ts'
import type { Photo } from '../../src/photos/photo.ts'
import { fromRgbOf } from '../../src/vision/yuv.ts'

const colours = { matrix: 'bt601', fullRange: true } as const
const [width, height] = [160, 120]

/** Left red, right blue; the colours differ little in luma. */
const photo = ((): Photo => {
  const of = fromRgbOf(colours)
  const [left, right] = [of([200, 60, 60]), of([60, 60, 200])]
  const plane = (c: 0 | 1 | 2, columns: number, rows: number) => ({
    stride: columns,
    data: Uint8Array.from({ length: columns * rows }, (_, i) => (i % columns < columns / 2 ? left[c] : right[c])),
  })
  const planes = [plane(0, width, height), plane(1, width / 2, height / 2), plane(2, width / 2, height / 2)]
  const picture = { width, height, data: new Uint8Array(3 * width * height) }
  return { format: 'I420', width, height, planes, ...colours, picture }
})()
const dataOf = ({ planes }: Photo, plane: number): Uint8Array => planes[plane]?.data ?? new Uint8Array()
const mean = (values: Iterable<number>): number => {
  const all = [...values]
  return all.reduce((sum, value) => sum + value, 0) / all.length
}

describe('spoilt', () => {
  it('gives a grey photo no colours, and the light of red', () => {
    const grey = spoilt(photo, { grey: true, poor: false }, seededRandom(1))
    expect([grey.width, grey.height]).toEqual([width, height])
    for (const plane of [1, 2]) expect(new Set(dataOf(grey, plane))).toEqual(new Set([128]))
    const row = dataOf(grey, 0).subarray(0, width)
    expect(Math.abs((row[10] as number) - 200)).toBeLessThan(3)
    expect(Math.abs((row[width - 10] as number) - 60)).toBeLessThan(3)
    // The detector sees the same, in three equal planes.
    const [red, green, blue] = [0, 1, 2].map((c) => grey.picture.data[c * width * height + 10])
    expect([red, green, blue]).toEqual([row[10], row[10], row[10]])
  })

  it('makes a poor photo small, dim and noisy, in colour still, the same for the same seed', () => {
    const poor = spoilt(photo, { grey: false, poor: true }, seededRandom(1))
    expect(spoilt(photo, { grey: false, poor: true }, seededRandom(1))).toEqual(poor)
    expect(spoilt(photo, { grey: false, poor: true }, seededRandom(2))).not.toEqual(poor)
    expect(poor.width / width).toBeGreaterThanOrEqual(0.4)
    expect(poor.width / width).toBeLessThan(0.82)
    expect([poor.picture.width, poor.picture.height]).toEqual([poor.width, poor.height])
    expect(dataOf(poor, 1)).toHaveLength(Math.ceil(poor.width / 2) * Math.ceil(poor.height / 2))
    expect(Math.abs(mean(dataOf(poor, 0)) - 70)).toBeLessThan(4)
    const red = dataOf(poor, 2)
    const colour = (plane: Uint8Array) => (plane[0] as number) - 128
    expect(colour(red) / colour(dataOf(photo, 2))).toBeCloseTo(0.4, 1)
    expect(new Set(dataOf(poor, 0)).size).toBeGreaterThan(4)
  })
})

describe('drawSpoilt', () => {
  const list = Array.from({ length: 60 }, (_, i) => ({ person: `${i % 7}`, file: `${i}.jpg` }))

  it('draws the shares exactly, each for itself, by the seed', () => {
    const draw = (seed: number) => drawSpoilt(list, { grey: 0.5, poor: 1 / 3 }, seed)
    const found = list.map((photo, i) => ({ ...photo, how: i % 2 ? ('found' as const) : ('centred' as const) }))
    const kinds = draw(1).kinds(found)
    const count = (...names: string[]) =>
      kinds.filter(({ kind }) => names.includes(kind)).reduce((sum, { photos }) => sum + photos, 0)
    expect(count('grey', 'grey and poor')).toBe(30)
    expect(count('poor', 'grey and poor')).toBe(20)
    expect(count('as they are', 'grey', 'poor', 'grey and poor')).toBe(60)
    expect(count('grey and poor')).toBeGreaterThan(0)
    expect(kinds.reduce((sum, { found: faces }) => sum + faces, 0)).toBe(30)
    const spoiltBy = (seed: number) => list.filter(draw(seed).isSpoilt)
    expect(spoiltBy(1)).toEqual(spoiltBy(1))
    expect(spoiltBy(2)).not.toEqual(spoiltBy(1))
  })

  it('leaves the other photos as they are', () => {
    const drawn = drawSpoilt(list, { grey: 0.5, poor: 0 }, 1)
    for (const of of list) expect(drawn.change(photo, of) === photo).toBe(!drawn.isSpoilt(of))
  })
})
