import { of } from 'rxjs'
import { expect, test } from 'vitest'
import { detectFaces } from '../../src/operators/detect-faces.ts'
import { createRegions } from '../../src/tracking/regions.ts'
import type { Detection, Frame, Picture } from '../../src/types.ts'
import { createChanges } from '../../src/vision/changes.ts'
import { detectionAt, stampAt } from '../identity/support/faces.ts'
import { collect } from './collect.ts'

const picture: Picture = { width: 640, height: 360, data: new Uint8Array(3 * 640 * 360) }
/** Somebody comes in at the left. */
const changed: Picture = { ...picture, data: picture.data.map((_, i) => (i % 640 < 64 ? 99 : 0)) }
const frame = (seq: number, shown: Picture = picture): Frame => ({
  ...stampAt(40 * seq, seq),
  full: { format: 'I420', width: 640, height: 360, planes: [], matrix: 'bt601', fullRange: false },
  picture: shown,
  encodeJpeg: () => Promise.reject(new Error('not here')),
  close: () => {},
})

/** The widths of the pictures that the detector sees, of frames with a face where a track expects it. */
const looks = async (
  frames: readonly Frame[],
  { seesParts, inParts }: { seesParts: boolean; inParts: readonly Detection[] },
) => {
  const widths: number[] = []
  const whole = [detectionAt(0.5)]
  const detector = {
    seesParts,
    detect: async (pictures: readonly Picture[]) => {
      widths.push(...pictures.map(({ width }) => width))
      return pictures.map(({ width }) => (width === picture.width ? whole : inParts))
    },
  }
  const regions = createRegions({ expected: () => whole.map(({ box }) => ({ box, wasMissed: false })) }, 250)
  const changes = createChanges()
  const found: Detection[] = []
  for (const each of frames) {
    const detect = detectFaces(
      detector,
      undefined,
      () => regions,
      () => changes,
    )
    const [batch] = await collect(of([each]).pipe(detect))
    found.push(...(batch?.flatMap(({ faces }) => faces) ?? []))
  }
  return { widths, found }
}

/** The face of `detectionAt(0.5)` in the part around it: from (288, 96), 160 pixels wide. */
const inItsPart: Detection = {
  ...detectionAt(0),
  box: { x: (320 - 288) / 160, y: (144 - 96) / 160, width: 64 / 160, height: 36 / 160 },
}

const still = (count: number): readonly Frame[] => Array.from({ length: count }, (_, seq) => frame(seq))

test('between looks at the whole picture it looks at the part around a face', async () => {
  const { widths, found } = await looks(still(30), { seesParts: true, inParts: [inItsPart] })
  expect(widths).toEqual([640, ...Array(27).fill(160), 640, 160])
  for (const { box } of found) expect(box.x).toBeCloseTo(0.5, 9)
})

test('every quarter of a second it also looks at what has changed', async () => {
  const frames = Array.from({ length: 9 }, (_, seq) => frame(seq, seq > 6 ? changed : picture))
  const { widths } = await looks(frames, { seesParts: true, inParts: [inItsPart] })
  expect(widths).toEqual([640, ...Array(6).fill(160), 160, 128, 160])
})

test('it looks at what has changed after all where the part lacks the face', async () => {
  const { widths, found } = await looks(still(3), { seesParts: true, inParts: [] })
  expect(widths).toEqual([640, 160, 160, 160])
  expect(found).toHaveLength(1)
})

test('it looks at the whole picture where a part cuts off a face', async () => {
  const cutOff = { ...inItsPart, box: { ...inItsPart.box, x: 0 } }
  const { widths, found } = await looks(still(2), { seesParts: true, inParts: [cutOff] })
  expect(widths).toEqual([640, 160, 160, 640])
  expect(found).toHaveLength(2)
})

test('of a frame in which nobody is and nothing has moved it looks at nothing, and gives it where it is due', async () => {
  let seen = 0
  const detector = {
    seesParts: true,
    detect: async (pictures: readonly Picture[]) => {
      seen += pictures.length
      return pictures.map(() => [])
    },
  }
  const regions = createRegions({ expected: () => [] }, 250)
  regions.limit(8)
  const frames = [0, 1, 2, 3, 4].map((seq) => frame(seq))
  const given = await collect(of(...frames.map((each) => [each])).pipe(detectFaces(detector, undefined, () => regions)))
  expect(given.flat().map((each) => each.frame.seq)).toEqual([0, 3])
  expect(seen).toBe(1)
})

test('it always looks at the whole picture with a detector for which parts cost as much', async () => {
  const { widths } = await looks(still(3), { seesParts: false, inParts: [inItsPart] })
  expect(widths).toEqual([640, 640, 640])
})
