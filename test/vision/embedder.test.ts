import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Landmarks } from '../../src/types.ts'
import type { FaceToEmbed } from '../../src/vision/embedder.ts'
import type { Models } from '../../src/vision/models.ts'
import { loopFile } from '../support/footage.ts'
import { faces, models } from '../support/material.ts'
import { canDecode, type Decoded, decodeFrames, jpegSize } from './footage.ts'
import { loadPublicModels, loadShippedModels } from './loading.ts'

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0)

/** The best face of each of these pictures. */
const bestFaces = async (detector: Models['detector'], frames: readonly Decoded[]): Promise<FaceToEmbed[]> => {
  const found = await Promise.all(frames.map(({ picture }) => detector.detect([picture])))
  return frames.flatMap(({ full }, i) => {
    const [best] = found[i]?.[0] ?? []
    return best ? [{ full, ...best }] : []
  })
}

describe.skipIf(!models() || !faces() || !canDecode)('MobileFaceNet on family photos', () => {
  it('says who is who', async () => {
    const loaded = await loadPublicModels()
    onTestFinished(() => loaded.close())
    const directory = join(faces() ?? '', 'families')
    const people: { readonly person: string; readonly face: FaceToEmbed }[] = []
    for (const person of readdirSync(directory))
      for (const photo of readdirSync(join(directory, person))) {
        const file = join(directory, person, photo)
        for (const face of await bestFaces(loaded.detector, decodeFrames(file, jpegSize(file))))
          people.push({ person, face })
      }
    const embedded = await loaded.embedder.embed(people.map(({ face }) => face))
    const same: number[] = []
    const different: number[] = []
    for (const [i, a] of embedded.entries())
      for (const [j, b] of embedded.entries())
        if (i < j) (people[i]?.person === people[j]?.person ? same : different).push(cosine(a.embedding, b.embedding))
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(people.length).toBeGreaterThanOrEqual(14)
    expect(same.length).toBeGreaterThanOrEqual(8)
    expect(mean(same)).toBeGreaterThan(0.6)
    expect(mean(different)).toBeLessThan(0.15)
    const { threshold } = loaded.embedder
    expect(same.filter((value) => value < threshold)).toEqual([])
    // Relatives look alike; the threshold is LFW's, where nobody is related.
    expect(different.filter((value) => value >= threshold).length / different.length).toBeLessThan(0.1)
  })
})

describe('the shipped embedder on the street', () => {
  /** One second apart, so that several people are among them. */
  const street = (format: 'I420' | 'NV12', frames?: number): Decoded[] =>
    decodeFrames(loopFile('street'), { width: 640, height: 360 }, { keysOnly: true, format, frames })
  let decoded: readonly Decoded[] = []
  let loaded: Models
  let people: FaceToEmbed[] = []
  beforeAll(async () => {
    loaded = await loadShippedModels()
    decoded = street('I420')
    people = await bestFaces(loaded.detector, decoded)
  })
  afterAll(async () => loaded.close())

  it('gives unit length and the dimensions it promises', async () => {
    const { embedder } = loaded
    expect([embedder.name, embedder.dimensions, embedder.provider]).toEqual(['embedder', 128, 'cpu'])
    expect(people.length).toBeGreaterThan(10)
    for (const { embedding, quality } of await embedder.embed(people)) {
      expect(embedding).toHaveLength(128)
      expect(cosine(embedding, embedding)).toBeCloseTo(1, 5)
      expect(quality.overall).toBeGreaterThan(0)
      expect(quality.overall).toBeLessThanOrEqual(1)
    }
  })

  it('gives each face the same, to the last bit, whatever else is embedded', async () => {
    const all = people
    const together = await loaded.embedder.embed(all)
    const atOnce = await Promise.all(all.map((face) => loaded.embedder.embed([face])))
    expect(atOnce.flat()).toEqual(together)
    expect(await loaded.embedder.embed([])).toEqual([])
  })

  it('pads batches without changing anything that matters', async () => {
    const padded = await loadShippedModels({ embedderBatchSizes: [4] })
    const all = people.slice(0, 7)
    const [a, b] = [await loaded.embedder.embed(all), await padded.embedder.embed(all)]
    // On a busy machine one of the two may calculate in int8 and the other in floating point.
    for (const [i, { embedding }] of a.entries())
      expect(cosine(embedding, b[i]?.embedding ?? new Float32Array())).toBeGreaterThan(0.98)
    expect(b.map(({ quality }) => quality)).toEqual(a.map(({ quality }) => quality))
    await padded.close()
  })

  it('does not care whether the decoder gives I420 or NV12', async () => {
    const pair = await bestFaces(
      loaded.detector,
      [decoded[8], street('NV12', 9)[8]].filter((frame) => frame !== undefined),
    )
    expect(pair).toHaveLength(2)
    const [a, b] = await loaded.embedder.embed(pair)
    expect(a?.embedding).toEqual(b?.embedding)
  })

  it('trusts a face without landmarks not at all, and embeds the others', async () => {
    const [face] = people as [FaceToEmbed]
    const nowhere = { x: 0.5, y: 0.5 }
    const collapsed: Landmarks = [nowhere, nowhere, nowhere, nowhere, nowhere]
    const [bad, good] = await loaded.embedder.embed([{ ...face, landmarks: collapsed }, face])
    expect(bad?.quality.overall).toBe(0)
    expect(cosine(bad?.embedding as Float32Array, bad?.embedding as Float32Array)).toBeCloseTo(1, 5)
    expect(good).toEqual((await loaded.embedder.embed([face]))[0])
  })
})
