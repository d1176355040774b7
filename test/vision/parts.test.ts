import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { facesAsExpected } from '../../src/tracking/regions.ts'
import type { Box, Detection, Picture } from '../../src/types.ts'
import type { Size } from '../../src/vision/canvas.ts'
import type { Models } from '../../src/vision/models.ts'
import { costOf, cutOut, inWhole, partsOf, seenBy } from '../../src/vision/parts.ts'
import { detectionAt } from '../identity/support/faces.ts'
import { loopFile } from '../support/footage.ts'
import { canDecode, decodeFrames } from './footage.ts'
import { loadShippedModels } from './loading.ts'

const size = { width: 640, height: 360 }

const partsAround = (boxes: readonly Box[], picture: Size) =>
  partsOf({ expected: boxes.map((box) => ({ box })), moved: [] }, picture)

test('a part holds its face with half a face around it, on the grid of the detector', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(share, share, fc.integer({ min: 8, max: 120 }), (x, y, face) => {
      const [width, height] = [face / size.width, face / size.height]
      const box = { x: x * (1 - width), y: y * (1 - height), width, height }
      const [part] = partsAround([box], size) ?? []
      if (!part) throw new Error('no part')
      expect([part.x % 32, part.y % 32]).toEqual([0, 0])
      const around = 0.5 * face - 8
      const within = (from: number, length: number, whole: number, partFrom: number, partLength: number): void => {
        expect(partFrom).toBeLessThanOrEqual(Math.max(0, from - around))
        expect(partFrom + partLength).toBeGreaterThanOrEqual(Math.min(whole, from + length + around))
      }
      within(box.x * size.width, face, size.width, part.x, part.width)
      within(box.y * size.height, face, size.height, part.y, part.height)
    }),
  )
})

test('parts of many or large faces do not pay', () => {
  const boxes = Array.from({ length: 7 }, (_, i) => detectionAt(0.12 * i, 0.4, 0.05).box)
  expect(partsAround(boxes.slice(0, 5), size)).toHaveLength(5)
  expect(partsAround(boxes, size)).toBeNull()
  expect(partsAround([detectionAt(0.3, 0.1, 0.6).box], size)).toBeNull()
})

test('a part over what has moved holds all of it but for half a cell at its edges, on the grid of the detector', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(share, share, fc.double({ min: 0.01, max: 0.3, noNaN: true }), (x, y, side) => {
      const box = { x: x * (1 - side), y: y * (1 - side), width: side, height: side }
      const [part] = partsOf({ expected: [], moved: [box] }, size) ?? []
      if (!part) throw new Error('no part')
      expect([part.x % 32, part.y % 32]).toEqual([0, 0])
      expect(part.x + part.width).toBeLessThanOrEqual(size.width)
      expect(part.y + part.height).toBeLessThanOrEqual(size.height)
      expect(Math.min(part.width, part.height)).toBeGreaterThanOrEqual(104)
      const wanted = { expected: [], moved: [box] }
      const [{ x: left, y: top, width, height } = box] = seenBy([part], wanted, size)
      const [acrossCell, downCell] = [8.001 / size.width, 8.001 / size.height]
      expect(left).toBeLessThanOrEqual(box.x + acrossCell)
      expect(top).toBeLessThanOrEqual(box.y + downCell)
      expect(left + width).toBeGreaterThanOrEqual(box.x + side - acrossCell)
      const reach = Math.min(side, Math.max(1.5 * side * (size.width / size.height), 96 / size.height))
      expect(top + height).toBeGreaterThanOrEqual(box.y + reach - downCell)
    }),
  )
})

test('of what is tall and has moved the upper part is looked at, and all of it counts as seen', () => {
  const wanted = { expected: [], moved: [{ x: 0.3, y: 0.2, width: 0.1, height: 0.8 }] }
  const parts = partsOf(wanted, size) ?? []
  expect(parts).toEqual([{ x: 160, y: 64, width: 128, height: 128 }])
  expect(seenBy(parts, wanted, size)).toEqual([
    { x: 0.25, y: 64 / 360, width: 0.2, height: 128 / 360 },
    ...wanted.moved,
  ])
})

test('where much has moved, those who are known are looked at alone, and the whole where nobody is', () => {
  const [known, large] = [detectionAt(0.1), { x: 0.3, y: 0, width: 0.7, height: 1 }]
  expect(partsOf({ expected: [known], moved: [large] }, size)).toHaveLength(1)
  expect(partsOf({ expected: [], moved: [large] }, size)).toBeNull()
  expect(partsOf({ expected: [], moved: [] }, size)).toEqual([])
  expect(costOf([{ x: 0, y: 0, ...size }], size)).toBe(1)
})

test('a part is cut out of each plane, and what is found in it is where it was', () => {
  const data = Uint8Array.from({ length: 3 * 8 * 4 }, (_, i) => i)
  const part = { x: 2, y: 1, width: 2, height: 2 }
  expect([...cutOut({ width: 8, height: 4, data }, part).data]).toEqual([
    10, 11, 18, 19, 42, 43, 50, 51, 74, 75, 82, 83,
  ])
  const found = inWhole(detectionAt(0.5, 0.5, 0.5), part, { width: 8, height: 4 })
  expect(found.box).toEqual({ x: 3 / 8, y: 2 / 4, width: 1 / 8, height: 1 / 4 })
  expect(found.landmarks[2].x).toBeCloseTo((2 + 2 * 0.75) / 8, 12)
})

describe.skipIf(!canDecode)('parts of real pictures', () => {
  let models: Models
  let pictures: readonly Picture[]
  beforeAll(async () => {
    models = await loadShippedModels()
    pictures = decodeFrames(loopFile('street'), size, { keysOnly: true }).map(({ picture }) => picture)
  })
  afterAll(async () => models.close())

  it('show the faces that the whole picture shows, at the same place', async () => {
    expect(models.detector.seesParts).toBe(true)
    const pairs: (readonly [Detection, Detection])[] = []
    let missed = 0
    for (const [i, whole] of (await models.detector.detect(pictures)).entries()) {
      const picture = pictures[i] as Picture
      const parts =
        partsAround(
          whole.map(({ box }) => box),
          picture,
        ) ?? []
      const found = await models.detector.detect(parts.map((part) => cutOut(picture, part)))
      const mapped = parts.map((part, j) => (found[j] ?? []).map((face) => inWhole(face, part, picture)))
      const faces = facesAsExpected(
        whole.map(({ box }) => ({ box, wasMissed: false })),
        mapped,
      )
      if (faces === null) missed++
      for (const [j, face] of whole.entries()) {
        const same = faces?.toSorted((a, b) => apart(a, face) - apart(b, face))[0]
        if (same && j < parts.length) pairs.push([face, same])
      }
    }
    expect(pairs.length).toBeGreaterThan(15)
    expect(missed).toBeLessThanOrEqual(2)
    for (const [face, same] of pairs) expect(apart(face, same)).toBeLessThan(0.1)
  })
})

/** The mean distance of two faces' landmarks, in sizes of the first one's box. */
const apart = (a: Detection, b: Detection): number =>
  a.landmarks.reduce((sum, { x, y }, i) => {
    const to = b.landmarks[i] ?? { x: Infinity, y: Infinity }
    return sum + Math.hypot((to.x - x) / a.box.width, (to.y - y) / a.box.height) / 5
  }, 0)
