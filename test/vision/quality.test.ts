import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Landmarks } from '../../src/types.ts'
import { qualityOf, yawOf } from '../../src/vision/quality.ts'
import { clips, models } from '../support/material.ts'
import { canDecode, decodeFrames } from './footage.ts'
import { loadPublicModels } from './loading.ts'

const side = 112

/** Eyes at (±w, 0), the nose shifted, the mouth below; fractions of a square picture, turned by `angle`. */
const face = (nose: number, angle = 0): Landmarks => {
  const turn = (x: number, y: number) => ({
    x: 0.5 + x * Math.cos(angle) - y * Math.sin(angle),
    y: 0.5 + x * Math.sin(angle) + y * Math.cos(angle),
  })
  return [turn(-0.1, 0), turn(0.1, 0), turn(nose, 0.08), turn(-0.1, 0.18), turn(0.1, 0.18)]
}

const texture = (contrast: number, blur: number): Float32Array =>
  Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)]
    return 120 + contrast * (Math.sin(x / 9) + Math.cos(y / 7) + (Math.sin(x * 2.1) * Math.cos(y * 1.7)) / blur)
  })

describe('yawOf', () => {
  it('is 0 for a face turned to the camera, −1 and 1 for profiles', () => {
    expect(yawOf(face(0), 1)).toBeCloseTo(0)
    expect(yawOf(face(-0.1), 1)).toBeCloseTo(-1)
    expect(yawOf(face(0.05), 1)).toBeCloseTo(0.5)
    expect(yawOf(face(0.3), 1)).toBe(1)
  })

  it('does not depend on how the head is tilted or how wide the picture is', () => {
    expect(yawOf(face(0.05, 0.7), 1)).toBeCloseTo(0.5)
    const wide = face(0.05, 0.7).map(({ x, y }) => ({ x: x / 1.5, y })) as unknown as Landmarks
    expect(yawOf(wide, 1.5)).toBeCloseTo(0.5)
  })

  it('takes landmarks that fall together for a profile', () => {
    const point = { x: 0.5, y: 0.5 }
    expect(yawOf([point, point, point, point, point], 1)).toBe(1)
  })
})

describe('qualityOf', () => {
  const good = {
    box: { x: 0.3, y: 0.3, width: 0.3, height: 0.4 },
    landmarks: face(0),
    score: 0.95,
    luma: texture(40, 0.5),
    side,
    scale: 1,
    visible: 1,
    width: 400,
    height: 400,
  }
  const overall = (change: Partial<typeof good>): number => qualityOf({ ...good, ...change }, [0.65, 0.93]).overall

  it('is near 1 for a large, sharp, frontal face, and lower for each thing that is wrong', () => {
    expect(overall({})).toBeGreaterThan(0.8)
    expect(overall({ score: 0.75 })).toBeLessThan(0.5)
    expect(overall({ score: 0.6 })).toBe(0)
    expect(overall({ width: 90, height: 90 })).toBeLessThan(0.6)
    expect(overall({ width: 40, height: 40 })).toBe(0)
    expect(overall({ luma: texture(40, 40) })).toBeLessThan(0.3)
    expect(overall({ landmarks: face(0.1) })).toBeCloseTo(0.4 * overall({}), 5)
    expect(overall({ visible: 0.5 })).toBeLessThan(0.5)
    expect(overall({ visible: 0.2 })).toBe(0)
  })

  it('gives the shorter side in full-size pixels', () => {
    expect(qualityOf(good, [0, 1]).sizePx).toBeCloseTo(120)
  })
})

describe.skipIf(!models() || !clips() || !canDecode)('quality on real footage', () => {
  it('is clearly lower in whip-pans, behind a hand and at the edge than on a clear face', async () => {
    const loaded = await loadPublicModels()
    const frames = decodeFrames(join(clips() ?? '', 'three-people.mp4'), { width: 640, height: 480 }, { frames: 240 })
    /** The qualities of the faces in frame `number`, best first. */
    const qualities = async (number: number): Promise<number[]> => {
      const frame = frames[number]
      if (!frame) throw new Error(`no frame ${number}`)
      const [found = []] = await loaded.detector.detect([frame.picture])
      const embedded = await loaded.embedder.embed(found.map((each) => ({ full: frame.full, ...each })))
      return embedded.map(({ quality }) => quality.overall).sort((a, b) => b - a)
    }
    const best = async (number: number): Promise<number> => (await qualities(number))[0] ?? 0
    const clear = await Promise.all([30, 120, 144, 148].map(best))
    const smeared = await Promise.all([230, 232].map(best)) // 7.7 s: the camera swings from B to C.
    const hand = await Promise.all([158, 160].map(best)) // 5.3 s: a hand before A's face.
    expect(Math.min(...clear)).toBeGreaterThan(0.75)
    expect(Math.max(...smeared)).toBeLessThan(0.25)
    expect(Math.max(...hand)).toBeLessThan(0.6)
    await loaded.close()
  })
})
