import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Detection, Picture } from '../../src/types.ts'
import type { Models } from '../../src/vision/models.ts'
import { loopFile } from '../support/footage.ts'
import { clips, faces, models } from '../support/material.ts'
import { canDecode, decodeFrames, montage } from './footage.ts'
import { loadPublicModels, loadShippedModels } from './loading.ts'

interface Golden {
  readonly width: number
  readonly height: number
  readonly places: number[][]
  readonly pictures: { readonly photos: string[]; readonly faces: number[][] }[]
}

/** What OpenCV 5.0's FaceDetectorYN found (score 0.6, NMS 0.4): x, y, width, height, 5 × (x, y), score; pixels. */
const golden: Golden = JSON.parse(readFileSync(new URL('yunet-golden.json', import.meta.url), 'utf8'))

const numbers = ({ box, landmarks, score }: Detection, { width, height }: Picture): number[] => [
  box.x * width,
  box.y * height,
  box.width * width,
  box.height * height,
  ...landmarks.flatMap(({ x, y }) => [x * width, y * height]),
  score,
]

/** The largest difference between two lists of detections, in pixels of the picture. */
const difference = (a: readonly Detection[], b: readonly Detection[], of: Picture): number => {
  expect(a).toHaveLength(b.length)
  const right = b.flatMap((each) => numbers(each, of))
  return Math.max(...a.flatMap((each) => numbers(each, of)).map((value, i) => Math.abs(value - (right[i] as number))))
}

const crop = (of: Picture, width: number, height: number): Picture => {
  const data = new Uint8Array(width * height * 3)
  for (const channel of [0, 1, 2])
    for (let y = 0; y < height; y++) {
      const from = (channel * of.height + y) * of.width
      data.set(of.data.subarray(from, from + width), (channel * height + y) * width)
    }
  return { width, height, data }
}

describe.skipIf(!models() || !faces())('YuNet on the ORL photos', () => {
  let loaded: Models
  // The body of a skipped `describe` runs all the same.
  const directory = faces()
  const pictures = golden.pictures.flatMap(({ photos }) =>
    directory === null ? [] : montage(join(directory, 'orl'), photos, golden.places, golden.width, golden.height),
  )
  beforeAll(async () => {
    loaded = await loadPublicModels()
  })
  afterAll(async () => loaded.close())

  it("finds OpenCV's boxes, landmarks and scores", async () => {
    const found = await loaded.detector.detect(pictures)
    for (const [i, { faces: wanted }] of golden.pictures.entries()) {
      expect(found[i]).toHaveLength(wanted.length)
      for (const [face, values] of wanted.entries()) {
        const mine = numbers(found[i]?.[face] as Detection, pictures[i] as Picture)
        for (const [k, value] of values.entries()) expect(mine[k]).toBeCloseTo(value, 2)
      }
    }
  })

  it('gives the same to the last bit, alone or among others, again and again', async () => {
    const together = await loaded.detector.detect(pictures)
    for (const [i, picture] of pictures.entries())
      expect(await loaded.detector.detect([picture])).toEqual([together[i]])
  })

  it('runs calls made at once in order, without mixing up their pictures', async () => {
    const alone = await loaded.detector.detect(pictures)
    const atOnce = await Promise.all(pictures.map((picture) => loaded.detector.detect([picture])))
    expect(atOnce.flat()).toEqual(alone)
  })

  it('forgets the picture that was in its memory before', async () => {
    const [first] = pictures as [Picture]
    const small = crop(first, 300, 244) // Same canvas of 320×256, less of it filled.
    const [before] = await loaded.detector.detect([small])
    await loaded.detector.detect([{ ...first, data: new Uint8Array(first.data.length).fill(255) }])
    expect(await loaded.detector.detect([small])).toEqual([before])
  })

  it('finds nothing in nothing', async () => {
    expect(await loaded.detector.detect([])).toEqual([])
    const grey = { width: 100, height: 60, data: new Uint8Array(18000).fill(128) }
    expect(await loaded.detector.detect([grey])).toEqual([[]])
    expect(await loaded.detector.detect([{ width: 1, height: 1, data: new Uint8Array(3) }])).toEqual([[]])
  })

  it('closes once, after what still runs', async () => {
    const other = await loadPublicModels()
    const running = other.detector.detect([pictures[0] as Picture])
    await Promise.all([other.close(), other.close()])
    expect((await running)[0]?.length).toBeGreaterThan(0)
    await expect(other.detector.detect([pictures[0] as Picture])).rejects.toMatchObject({ code: 'MODEL_RUN' })
  })

  it('obeys minScore', async () => {
    const strict = await loadPublicModels({ minScore: 0.95 })
    const [all, best] = [await loaded.detector.detect(pictures), await strict.detector.detect(pictures)]
    expect(best).toEqual(all.map((each) => each.filter(({ score }) => score >= 0.95)))
    expect(best.flat().length).toBeLessThan(all.flat().length)
    await strict.close()
  })
})

describe('the shipped detector on the lobby', () => {
  it('padding to a batch size and a common canvas changes nothing that matters', async () => {
    const frames = decodeFrames(loopFile('lobby'), { width: 640, height: 360 }, { keysOnly: true })
    const pictures = frames.slice(6, 12).map(({ picture }) => picture)
    const [single, batched] = [await loadShippedModels(), await loadShippedModels({ detectorBatchSizes: [4] })]
    const mixed = pictures.map((picture, i) => (i % 2 ? crop(picture, 608, 350) : picture))
    const [a, b] = [await single.detector.detect(mixed), await batched.detector.detect(mixed)]
    expect(a.flat().length).toBeGreaterThan(4)
    for (const [i, picture] of mixed.entries()) {
      // Where a larger canvas surrounds a picture with black, faces at its edge (150 pixels wide here) move a little.
      const tolerance = picture.width === 608 ? 6 : 0.01
      expect(difference(a[i] ?? [], b[i] ?? [], picture)).toBeLessThan(tolerance)
    }
    await Promise.all([single.close(), batched.close()])
  })
})

describe.skipIf(!models() || !clips() || !canDecode)('detectors on real footage', () => {
  const frames = clips()
    ? decodeFrames(join(clips() ?? '', 'three-people.mp4'), { width: 640, height: 480 }, { fps: '2/1' }).slice(0, 14)
    : []
  const pictures = frames.map(({ picture }) => picture)

  it('RetinaFace sees the clear faces that YuNet sees, in the same place', async () => {
    const yunet = await loadPublicModels()
    const retinaface = await loadPublicModels({ detector: 'retinaface_mnet025' })
    expect([yunet.detector.name, retinaface.detector.name]).toEqual(['yunet_n_dynamic', 'retinaface_mnet025'])
    const [a, b] = [await yunet.detector.detect(pictures), await retinaface.detector.detect(pictures)]
    let clear = 0
    for (const [i, found] of a.entries())
      for (const face of found.filter(({ score }) => score > 0.93)) {
        clear++
        const near = (b[i] ?? []).map((other) =>
          Math.max(
            ...face.landmarks.map(({ x, y }, k) =>
              Math.hypot(x - (other.landmarks[k]?.x ?? 9), y - (other.landmarks[k]?.y ?? 9)),
            ),
          ),
        )
        expect(Math.min(...near) / face.box.width).toBeLessThan(0.2)
      }
    expect(clear).toBeGreaterThan(6)
    await Promise.all([yunet.close(), retinaface.close()])
  })
})
