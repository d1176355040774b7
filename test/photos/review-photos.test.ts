import { describe, expect, it } from 'vitest'
import {
  type FoundFace,
  leastPx,
  leastSharpness,
  type MeasuredPhoto,
  mostYaw,
  reviewPhotos,
} from '../../src/photos/review-photos.ts'
import type { Quality } from '../../src/types.ts'

const limits = { minQuality: 0.15, threshold: 0.4 }

/** A unit vector in the plane, so that two have the cosine of the angle between them. */
const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180))

const face = (degrees: number, quality: Partial<Quality> = {}): FoundFace => ({
  embedding: at(degrees),
  box: { x: 0.3, y: 0.3, width: 0.2, height: 0.2 },
  quality: { overall: 0.8, sizePx: 90, sharpness: 0.9, yaw: 0, ...quality },
})
const photo = (file: string, ...faces: FoundFace[]): MeasuredPhoto => ({ file, faces })
const reasons = (...photos: MeasuredPhoto[]) =>
  reviewPhotos(photos, limits).map(({ refusal }) => refusal?.reason ?? 'ok')

describe('each photo for itself', () => {
  it('takes a good one, and gives its face', () => {
    const good = face(0)
    expect(reviewPhotos([photo('a.jpg', good)], limits)).toEqual([
      { file: 'a.jpg', turn: 0, face: good, refusal: null, boxes: [good.box] },
    ])
  })

  it('says what is wrong, with the measurement and the limit', () => {
    const bad: readonly (readonly [MeasuredPhoto, string, RegExp])[] = [
      [{ file: 'a', unreadable: 'there is no picture in it', faces: [] }, 'unreadable', /no picture/],
      [photo('a'), 'no-face', /no face/],
      [photo('a', face(0), face(90, { sizePx: 60 })), 'several-faces', /2 faces/],
      [photo('a', face(0), face(90), face(180)), 'several-faces', /3 faces/],
      [photo('a', face(0, { sizePx: leastPx - 0.1 })), 'too-small', /39 pixels wide, 40/],
      [photo('a', face(0, { sharpness: 0.3 })), 'blurred', /0\.30, 0\.5/],
      [photo('a', face(0, { yaw: -0.7 })), 'turned', /-0\.70/],
      [photo('a', face(0, { yaw: 0.7 })), 'turned', /0\.70/],
      [photo('a', face(0, { overall: 0.1 })), 'poor', /0\.10, 0\.15/],
    ]
    for (const [each, reason, why] of bad) {
      const [reviewed] = reviewPhotos([each], limits)
      expect(reviewed).toMatchObject({ file: 'a', face: null, refusal: { reason } })
      expect(reviewed?.refusal?.why).toMatch(why)
    }
  })

  it('takes what is just good enough', () => {
    const least = face(0, { sizePx: leastPx, sharpness: leastSharpness, yaw: mostYaw, overall: limits.minQuality })
    expect(reasons(photo('a', least))).toEqual(['ok'])
  })

  it('takes the large face when the others are far in the background, in whatever order they come', () => {
    const meant = face(0)
    const [reviewed] = reviewPhotos([photo('a', face(90, { sizePx: 20 }), meant)], limits)
    expect(reviewed?.face).toBe(meant)
  })
})

describe('all photos together', () => {
  it('refuses the one that shows somebody else, wherever it comes', () => {
    expect(reasons(photo('a', face(0)), photo('b', face(90)), photo('c', face(20)))).toEqual(['ok', 'unlike', 'ok'])
    expect(reasons(photo('a', face(90)), photo('b', face(0)), photo('c', face(20)))).toEqual(['unlike', 'ok', 'ok'])
  })

  it('refuses all when no more than half agree', () => {
    expect(reasons(photo('a', face(0)), photo('b', face(90)))).toEqual(['unlike', 'unlike'])
    const two = [photo('a', face(0)), photo('b', face(5)), photo('c', face(90)), photo('d', face(95))]
    expect(reasons(...two)).toEqual(['unlike', 'unlike', 'unlike', 'unlike'])
  })

  it('does not let a refused photo vote', () => {
    const blurred = { sharpness: 0.1 }
    expect(reasons(photo('a', face(90, blurred)), photo('b', face(90, blurred)), photo('c', face(0)))).toEqual([
      'blurred',
      'blurred',
      'ok',
    ])
  })
})
