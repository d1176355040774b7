import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coarsened, meanOver, quantised, type Size } from '../../src/math/luma-plane.ts'
import { seededRandom } from '../../src/math/seeded-random.ts'
import type { Detection, Plane, Yuv } from '../../src/types.ts'
import { detailOf } from '../../src/vision/detail.ts'
import type { EmbeddedFace } from '../../src/vision/embedder.ts'
import { expectedCosine, sharpnessOf } from '../../src/vision/sharpness.ts'
import { canDecode, decodeFrames } from './footage.ts'
import { loadShippedModels } from './loading.ts'

const footage = resolve(import.meta.dirname, '../../footage')

type Change = (luma: Float32Array, size: Size) => Float32Array

const noisy =
  (deviation: number): Change =>
  (luma) => {
    const random = seededRandom(7)
    const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return luma.map((value) => value + deviation * gaussian())
  }
const dark =
  (share: number): Change =>
  (luma) =>
    luma.map((value) => Math.round(16 + share * (value - 16)))
const soft =
  (side: number): Change =>
  (luma, size) =>
    meanOver(meanOver(luma, size, side), size, side)
const coarse =
  (factor: number): Change =>
  (luma, size) =>
    coarsened(luma, size, factor)
const blocky =
  (step: number): Change =>
  (luma, size) =>
    quantised(luma, size, step)
const both =
  (first: Change, second: Change): Change =>
  (luma, size) =>
    second(first(luma, size), size)

/** Kinds and strengths of bad pictures. The fit has seen some of them, never in these strengths. */
const changes: readonly Change[] = [
  noisy(4),
  noisy(9),
  noisy(18),
  dark(0.3),
  dark(0.12),
  soft(5),
  soft(9),
  coarse(3),
  coarse(6),
  blocky(30),
  blocky(80),
  both(
    dark(0.35),
    both(
      noisy(6),
      both((luma, size) => meanOver(luma, size, 3), blocky(14)),
    ),
  ),
]

/** The picture with that change around these faces, half a face more on each side: nobody looks at the rest. */
const changed = (full: Yuv, faces: readonly Detection[], change: Change): Yuv => {
  const { data, stride } = full.planes[0] as Plane
  const bytes = Uint8Array.from(data)
  for (const { box } of faces) {
    const left = Math.max(0, Math.floor((box.x - box.width / 2) * full.width))
    const top = Math.max(0, Math.floor((box.y - box.height / 2) * full.height))
    const width = Math.min(full.width - left, Math.ceil(2 * box.width * full.width))
    const height = Math.min(full.height - top, Math.ceil(2 * box.height * full.height))
    const at = (i: number): number => (top + Math.floor(i / width)) * stride + left + (i % width)
    const luma = Float32Array.from({ length: width * height }, (_, i) => data[at(i)] as number)
    for (const [i, value] of new Uint8ClampedArray(change(luma, { width, height })).entries()) bytes[at(i)] = value
  }
  return { ...full, planes: [{ data: bytes, stride }, ...full.planes.slice(1)] }
}

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0)

const ranks = (values: readonly number[]): number[] => {
  const order = [...values.keys()].toSorted((i, j) => (values[i] as number) - (values[j] as number))
  const result = values.map(() => 0)
  for (const [rank, i] of order.entries()) result[i] = rank
  return result
}

/** Spearman's rank correlation. */
const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [x, y] = [ranks(a), ranks(b)]
  const middle = (a.length - 1) / 2
  const sum = (f: (i: number) => number): number => a.reduce((total, _, i) => total + f(i), 0)
  const of = (i: number, r: readonly number[]): number => (r[i] as number) - middle
  return sum((i) => of(i, x) * of(i, y)) / sum((i) => of(i, x) ** 2)
}

describe.skipIf(!canDecode)('sharpness of faces in bad pictures', () => {
  it('says how much of the face the embedding still shows', async () => {
    const loaded = await loadShippedModels()
    const { detector, embedder } = loaded
    const sharpness: number[] = []
    const cosines: number[] = []
    // One picture every four seconds.
    for (const loop of ['cafe', 'lobby'])
      for (const { full, picture } of decodeFrames(
        join(footage, `${loop}.mp4`),
        { width: 960, height: 540 },
        { keysOnly: true },
      ).filter((_, i) => i % 2 === 0)) {
        const [found = []] = await detector.detect([picture])
        const embed = (yuv: Yuv): Promise<EmbeddedFace[]> =>
          embedder.embed(found.map((face: Detection) => ({ full: yuv, ...face })))
        const clear = await embed(full)
        for (const change of changes)
          for (const [i, { embedding, quality }] of (await embed(changed(full, found, change))).entries()) {
            if ((clear[i] as EmbeddedFace).quality.overall < 0.4) continue
            sharpness.push(quality.sharpness)
            cosines.push(cosine(embedding, (clear[i] as EmbeddedFace).embedding))
          }
      }
    await loaded.close()
    expect(sharpness.length).toBeGreaterThan(40)
    expect(correlation(sharpness, cosines)).toBeGreaterThan(0.5)
    // Whoever counts as sharp is recognisable, and whoever does not is not.
    const trusted = cosines.filter((_, i) => (sharpness[i] as number) >= 0.8).toSorted((a, b) => a - b)
    expect(trusted[trusted.length >> 1]).toBeGreaterThan(0.6)
    const distrusted = cosines.filter((_, i) => (sharpness[i] as number) < 0.2).toSorted((a, b) => a - b)
    expect(distrusted[distrusted.length >> 1]).toBeLessThan(0.45)
  }, 300_000)
})

const side = 112
/** Like a face: structure at every scale, less at finer ones. */
const scene = Float32Array.from({ length: side * side }, (_, i) => {
  const [x, y] = [i % side, Math.floor(i / side)]
  const wave = (length: number): number => Math.sin(x / length + y / 50) + Math.cos(y / length - x / 70)
  return 120 + 1.2 * (wave(11) * 12 + wave(5) * 7 + wave(2.3) * 4 + wave(1.1) * 2)
})
const size = { width: side, height: side }

describe('expectedCosine', () => {
  const expected = (luma: Float32Array): number => expectedCosine(detailOf(luma, side))

  it.each([
    ['noise', noisy(4), noisy(12), noisy(30)],
    ['darkness', dark(0.4), dark(0.12), dark(0.05)],
    ['blur', soft(3), soft(5), soft(9)],
    ['blocks', blocky(20), blocky(60), blocky(150)],
  ])('falls with %s', (_, little, more, much) => {
    const values = [scene, ...[little, more, much].map((change) => change(scene, size))].map(expected)
    expect(values).toEqual(values.toSorted((a, b) => b - a))
    expect(values[3]).toBeLessThan((values[0] as number) - 0.2)
  })

  it('is finite for crops that show nothing', () => {
    for (const luma of [new Float32Array(side * side), new Float32Array(side * side).fill(255)])
      expect(sharpnessOf(detailOf(luma, side))).toBe(0)
  })

  it('takes any side and step', () => {
    for (const [side, step] of [
      [16, 3],
      [160, 1],
      [112, 8],
    ] as const)
      expect(
        expectedCosine(detailOf(noisy(20)(new Float32Array(side * side).fill(90), size), side, step)),
      ).toBeLessThan(0.75)
  })
})
