import { of } from 'rxjs'
import { expect, test } from 'vitest'
import { detectFaces } from '../../src/operators/detect-faces.ts'
import { createRegions } from '../../src/tracking/regions.ts'
import type { Detection, Frame, Picture } from '../../src/types.ts'
import { detectionAt, stampAt } from '../identity/support/faces.ts'
import { collect } from './collect.ts'

const picture: Picture = { width: 640, height: 360, data: new Uint8Array(3 * 640 * 360) }
const frame = (seq: number): Frame => ({
  ...stampAt(40 * seq, seq),
  full: { format: 'I420', width: 640, height: 360, planes: [], matrix: 'bt601', fullRange: false },
  picture,
  encodeJpeg: () => Promise.reject(new Error('not here')),
  close: () => {},
})

/** The widths of the pictures that the detector sees, of frames with a face where a track expects it. */
const looks = async (frames: number, { seesParts, inParts }: { seesParts: boolean; inParts: readonly Detection[] }) => {
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
  const found: Detection[] = []
  for (let seq = 0; seq < frames; seq++) {
    const [batch] = await collect(of([frame(seq)]).pipe(detectFaces(detector, undefined, () => regions)))
    found.push(...(batch?.flatMap(({ faces }) => faces) ?? []))
  }
  return { widths, found }
}

/** The face of `detectionAt(0.5)` in the part around it: from (288, 96), 160 pixels wide. */
const inItsPart: Detection = {
  ...detectionAt(0),
  box: { x: (320 - 288) / 160, y: (144 - 96) / 160, width: 64 / 160, height: 36 / 160 },
}

test('between looks at the whole picture it looks at the part around a face', async () => {
  const { widths, found } = await looks(9, { seesParts: true, inParts: [inItsPart] })
  expect(widths).toEqual([640, 160, 160, 160, 160, 160, 160, 640, 160])
  for (const { box } of found) expect(box.x).toBeCloseTo(0.5, 9)
})

test('it looks at the whole picture after all where the part lacks the face, and then does not have to again', async () => {
  const { widths, found } = await looks(3, { seesParts: true, inParts: [] })
  expect(widths).toEqual([640, 160, 640, 160, 640])
  expect(found).toHaveLength(3)
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
  const frames = [0, 1, 2, 3, 4].map(frame)
  const given = await collect(of(...frames.map((each) => [each])).pipe(detectFaces(detector, undefined, () => regions)))
  expect(given.flat().map((each) => each.frame.seq)).toEqual([0, 3])
  expect(seen).toBe(1)
})

test('it always looks at the whole picture with a detector for which parts cost as much', async () => {
  const { widths } = await looks(3, { seesParts: false, inParts: [inItsPart] })
  expect(widths).toEqual([640, 640, 640])
})
