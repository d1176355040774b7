import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/math/seeded-random.ts'
import type { Picture, Yuv } from '../../src/types.ts'
import { type EmbedderDescriptor, parseDescriptor } from '../../src/vision/descriptor.ts'
import { openDetector } from '../../src/vision/detector.ts'
import { type Embedder, type FaceToEmbed, openEmbedder } from '../../src/vision/embedder.ts'
import { knownModels } from '../../src/vision/known-models.ts'
import { faces, models } from '../support/material.ts'
import { readPgm } from '../vision/footage.ts'

const shipped = resolve(import.meta.dirname, '../../models')
const onnx = join(shipped, 'embedder.onnx')
const descriptorFile = join(shipped, 'embedder.json')

const cpu = { providers: ['cpu'], threads: 1, batchSizes: 'auto', onFallback: () => undefined } as const

const shippedDescriptor = (): EmbedderDescriptor => {
  const descriptor = parseDescriptor(readFileSync(descriptorFile, 'utf8'), descriptorFile)
  if (descriptor.kind !== 'embedder') throw new Error(`${descriptorFile} describes a ${descriptor.kind}`)
  return descriptor
}

const open = (file: string, descriptor: EmbedderDescriptor): Promise<Embedder> =>
  openEmbedder({ file, name: 'embedder', sha256: '', descriptor }, { ...cpu, scores: [0.6, 0.9] })

/** Grey, with as many pixels on each side of the photo again: a face that fills its picture is not found. */
const asFrame = (grey: Uint8Array, width: number, height: number): Yuv => {
  const [wide, high] = [width * 2, height * 2]
  const luma = new Uint8Array(wide * high)
  for (let y = 0; y < height; y++)
    luma.set(grey.subarray(y * width, (y + 1) * width), (y + height / 2) * wide + width / 2)
  const chroma = new Uint8Array((wide / 2) * (high / 2)).fill(128)
  const planes = [
    { data: luma, stride: wide },
    { data: chroma, stride: wide / 2 },
    { data: chroma, stride: wide / 2 },
  ]
  return { format: 'I420', width: wide, height: high, planes, matrix: 'bt601', fullRange: true }
}

const asPicture = ({ width, height, planes: [luma] }: Yuv): Picture => {
  const data = new Uint8Array(width * height * 3)
  for (const channel of [0, 1, 2]) data.set(luma?.data ?? [], channel * width * height)
  return { width, height, data }
}

/** A face's landmarks on pixels that are none: what the model makes of them only has to be well-formed. */
const noiseFace = (seed: number): FaceToEmbed => {
  const random = seededRandom(seed)
  const grey = Uint8Array.from({ length: 92 * 112 }, () => random() * 256)
  const at = (x: number, y: number) => ({ x, y })
  return {
    full: asFrame(grey, 92, 112),
    landmarks: [at(0.4, 0.45), at(0.6, 0.45), at(0.5, 0.53), at(0.42, 0.6), at(0.58, 0.6)],
    box: { x: 0.3, y: 0.3, width: 0.4, height: 0.4 },
    score: 0.9,
  }
}

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0)

describe('the shipped embedder', () => {
  let embedder: Embedder
  beforeAll(async () => {
    embedder = await open(onnx, shippedDescriptor())
  })
  afterAll(async () => embedder.close())

  it('is small', () => {
    expect(statSync(onnx).size).toBeLessThanOrEqual(1.6e6)
  })

  it('has a descriptor and a model card', () => {
    const { dimensions, side, threshold } = shippedDescriptor()
    expect([dimensions, side]).toEqual([128, 112])
    expect(threshold).toBeGreaterThan(0.1)
    expect(threshold).toBeLessThan(0.5)
    expect(readFileSync(join(shipped, 'embedder.md'), 'utf8')).toContain('Apache')
  })

  it('gives unit length, and the same to the last bit in any batch', async () => {
    const several = [1, 2, 3].map(noiseFace)
    const together = await embedder.embed(several)
    for (const { embedding } of together) {
      expect(embedding).toHaveLength(128)
      expect(cosine(embedding, embedding)).toBeCloseTo(1, 5)
    }
    const alone = await Promise.all(several.map((face) => embedder.embed([face])))
    expect(alone.flat()).toEqual(together)
    expect(together[0]?.embedding).not.toEqual(together[1]?.embedding)
  })
})

const teacher = knownModels.find(({ fileName }) => fileName === 'mobilefacenet_foamliu.onnx')
const detector = knownModels.find(({ fileName }) => fileName === 'yunet_n_dynamic.onnx')
const there = (name: string): boolean => existsSync(join(models() ?? '', name))
const photos = join(faces() ?? '', 'orl')
const people = Array.from({ length: 40 }, (_, index) => `s${index + 1}`)
const photosEach = 5

/** Share of pairs on the right side of the best threshold; as many pairs of two people as of one. */
const bestAccuracy = (embeddings: readonly (readonly Float32Array[])[]): number => {
  const random = seededRandom(7)
  const pick = () => Math.floor(random() * photosEach)
  const pairs: { readonly score: number; readonly same: boolean }[] = []
  for (const [index, person] of embeddings.entries())
    for (const [i, a] of person.entries())
      for (const b of person.slice(i + 1)) {
        pairs.push({ score: cosine(a, b), same: true })
        const step = 1 + Math.floor(random() * (embeddings.length - 1))
        const other = embeddings[(index + step) % embeddings.length] as readonly Float32Array[]
        pairs.push({ score: cosine(person[pick()] as Float32Array, other[pick()] as Float32Array), same: false })
      }
  pairs.sort((a, b) => b.score - a.score)
  let right = pairs.filter(({ same }) => !same).length
  let best = right
  for (const { same } of pairs) {
    right += same ? 1 : -1
    best = Math.max(best, right)
  }
  return best / pairs.length
}

describe.skipIf(!faces() || !teacher || !detector || !there(teacher.fileName) || !there(detector.fileName))(
  'the shipped embedder and its teacher on 200 photos of 40 people',
  () => {
    it('tell them apart equally well, within 1.5 points', { timeout: 60_000 }, async () => {
      if (teacher?.descriptor.kind !== 'embedder' || detector?.descriptor.kind !== 'yunet')
        throw new Error('unreachable')
      const found = await openDetector(
        { file: join(models() ?? '', detector.fileName), name: 'yunet', sha256: '', descriptor: detector.descriptor },
        { ...cpu, side: 640, minScore: null, nms: null },
      )
      const both = [
        await open(onnx, shippedDescriptor()),
        await open(join(models() ?? '', teacher.fileName), teacher.descriptor),
      ]
      const embedded: Float32Array[][][] = both.map(() => people.map(() => []))
      for (const [index, person] of people.entries())
        for (let photo = 1; photo <= photosEach; photo++) {
          const { grey, width, height } = readPgm(join(photos, person, `${photo}.pgm`))
          const full = asFrame(grey, width, height)
          const [[face] = []] = await found.detect([asPicture(full)])
          expect(face, `${person}/${photo}`).toBeDefined()
          if (!face) continue
          for (const [which, each] of both.entries())
            embedded[which]?.[index]?.push((await each.embed([{ full, ...face }]))[0]?.embedding as Float32Array)
        }
      const [ours = 0, theirs = 0] = embedded.map(bestAccuracy)
      expect(theirs).toBeGreaterThan(0.98)
      expect(ours).toBeGreaterThanOrEqual(theirs - 0.015)
      for (const each of [found, ...both]) await each.close()
    })
  },
)
