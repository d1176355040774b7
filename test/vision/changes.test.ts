import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { facesOfParts } from '../../src/tracking/faces-of-parts.ts'
import type { Detection, Picture } from '../../src/types.ts'
import { blocksOf, createChanges, type Look } from '../../src/vision/changes.ts'
import type { Models } from '../../src/vision/models.ts'
import { boxOf, cutOut, inWhole, type Part } from '../../src/vision/parts.ts'
import { detectionAt } from '../identity/support/faces.ts'
import { loopFile } from '../support/footage.ts'
import { canDecode, decodeFrames } from './footage.ts'
import { loadShippedModels } from './loading.ts'

const size = { width: 640, height: 360 }
const whole: Part = { x: 0, y: 0, ...size }

/** A grey picture with lighter places. */
const pictureWith = (places: readonly Part[], by = 60, { width, height } = size): Picture => {
  const data = new Uint8Array(3 * width * height).fill(90)
  for (const place of places)
    for (let plane = 0; plane < 3; plane++)
      for (let y = place.y; y < place.y + place.height; y++) {
        const row = (plane * height + y) * width
        data.fill(90 + by, row + place.x, row + place.x + place.width)
      }
  return { width, height, data }
}

/** A frame that shows them; `atMs` is its time. */
const lookAt = (places: readonly Part[], { by = 60, atMs = 40, ...stamp }: LookParts = {}): Look => ({
  stream: 's1',
  capturedAtMs: atMs,
  ...stamp,
  blocks: blocksOf(pictureWith(places, by, stamp.size)),
})
interface LookParts extends Partial<Pick<Look, 'stream' | 'damaged'>> {
  readonly by?: number
  readonly atMs?: number
  readonly size?: typeof size
}
const face: Part = { x: 300, y: 200, width: 20, height: 20 }

const afterEmpty = () => {
  const changes = createChanges()
  changes.saw(lookAt([], { atMs: 0 }), null)
  return changes
}

test('all is looked at first, then after a second, with another stream, a damaged frame, another size, and a clock that goes back', () => {
  const changes = afterEmpty()
  expect(createChanges().since(lookAt([]))).toBeNull()
  for (const [atMs, parts] of [
    [960, []],
    [1000, null],
    [-40, null],
  ] as const)
    expect(changes.since(lookAt([], { atMs }))).toEqual(parts)
  expect(changes.since(lookAt([], { stream: 's2' }))).toBeNull()
  expect(changes.since(lookAt([], { damaged: true }))).toBeNull()
  expect(changes.since(lookAt([], { size: { width: 320, height: 180 } }))).toBeNull()
  changes.saw(lookAt([], { atMs: 960 }), [])
  expect(changes.since(lookAt([], { atMs: 1000 }))).toBeNull()
  changes.saw(lookAt([], { atMs: 1000 }), null)
  expect(changes.since(lookAt([], { atMs: 1040 }))).toEqual([])
})

test('nothing is where nothing has changed, but around the faces', () => {
  const changes = afterEmpty()
  expect(changes.since(lookAt([]))).toEqual([])
  expect(changes.since(lookAt([face], { by: 3 }))).toEqual([])
  changes.found([detectionAt(0.5).box])
  expect(changes.since(lookAt([]))).toEqual([{ x: 288, y: 96, width: 160, height: 160 }])
})

test('what has changed is looked at once, until it changes again', () => {
  const changes = afterEmpty()
  const now = lookAt([face])
  const parts = changes.since(now)
  expect(parts).toEqual([{ x: 256, y: 160, width: 128, height: 128 }])
  expect(changes.since(now)).toEqual(parts)
  changes.saw(now, parts)
  expect(changes.since(now)).toEqual([])
  expect(changes.since(lookAt([]))).toEqual(parts)
})

test('what changes slowly is looked at in the end', () => {
  const changes = afterEmpty()
  for (const by of [2, 4]) {
    const now = lookAt([face], { by })
    expect(changes.since(now)).toEqual([])
    changes.saw(now, [{ x: 0, y: 0, width: 128, height: 128 }])
  }
  expect(changes.since(lookAt([face], { by: 6 }))).toHaveLength(1)
})

test('where most has changed, all is looked at', () => {
  expect(afterEmpty().since(lookAt([{ ...whole, width: 560 }]))).toBeNull()
  expect(afterEmpty().since(lookAt([{ ...whole, width: 160 }]))).toHaveLength(1)
})

test('changes side by side are one part, those far apart are two', () => {
  const at = (x: number): Part => ({ ...face, x })
  expect(afterEmpty().since(lookAt([at(300), at(340)]))).toHaveLength(1)
  expect(afterEmpty().since(lookAt([at(60), at(540)]))).toHaveLength(2)
})

test('every change lies in a part, a cell of the grid from its edges, which are on the grid or at the edge of the picture', () => {
  const place = fc.record({
    x: fc.integer({ min: 0, max: 600 }),
    y: fc.integer({ min: 0, max: 330 }),
    width: fc.integer({ min: 16, max: 40 }),
    height: fc.integer({ min: 16, max: 30 }),
  })
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 5 }), (places) => {
      const parts = afterEmpty().since(lookAt(places)) ?? [whole]
      for (const { x, y, width, height } of parts) {
        expect([x % 32, y % 32, x + width === 640 ? 0 : width % 32, y + height === 360 ? 0 : height % 32]).toEqual([
          0, 0, 0, 0,
        ])
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(104)
      }
      const holds = (part: Part, { x, y, width, height }: Part): boolean =>
        part.x <= Math.max(0, x - 24) &&
        part.y <= Math.max(0, y - 24) &&
        part.x + part.width >= Math.min(640, x + width + 24) &&
        part.y + part.height >= Math.min(360, y + height + 24)
      for (const each of places) expect(parts.some((part) => holds(part, each))).toBe(true)
    }),
    { numRuns: 50 },
  )
})

describe.skipIf(!canDecode)('what has changed in real pictures', () => {
  let models: Models
  let pictures: readonly Picture[]
  beforeAll(async () => {
    models = await loadShippedModels()
    pictures = decodeFrames(loopFile('lobby'), size, { keysOnly: true }).map(({ picture }) => picture)
  })
  afterAll(async () => models.close())

  it('is less than half of them, and shows the faces that the whole picture shows', async () => {
    const changes = createChanges()
    let [seen, faces, found] = [0, 0, 0]
    for (const [i, picture] of pictures.entries()) {
      const look: Look = { stream: 's1', capturedAtMs: 40 * i, blocks: blocksOf(picture) }
      const parts = changes.since(look)
      const [all = []] = await models.detector.detect([picture])
      const shown = parts ? await facesIn(models, picture, parts) : null
      changes.saw(look, shown ? parts : null)
      changes.found((shown ?? all).map(({ box }) => box))
      seen += parts ? parts.reduce((sum, { width, height }) => sum + width * height, 0) / (640 * 360) : 1
      faces += all.length
      found += all.filter((one) => !shown || shown.some((other) => isSame(one, other))).length
    }
    expect(seen / pictures.length).toBeLessThan(0.5)
    expect(faces).toBeGreaterThan(15)
    expect(found).toBeGreaterThanOrEqual(faces - 1)
  })
})

const facesIn = async (models: Models, picture: Picture, parts: readonly Part[]) => {
  const found = await models.detector.detect(parts.map((part) => cutOut(picture, part)))
  const areas = parts.map((part) => boxOf(part, picture))
  return facesOfParts(
    areas,
    parts.map((part, i) => (found[i] ?? []).map((one) => inWhole(one, part, picture))),
  )
}

const isSame = (a: Detection, b: Detection): boolean =>
  Math.hypot((a.box.x - b.box.x) / a.box.width, (a.box.y - b.box.y) / a.box.height) < 0.2
