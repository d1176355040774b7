import { describe, expect, it } from 'vitest'
import { findFace } from '../../src/evaluate/find-face.ts'
import type { Detection, Landmarks, Picture } from '../../src/types.ts'

const picture: Picture = { width: 20, height: 40, data: new Uint8Array(3 * 20 * 40).fill(7) }
const at = (x: number, y: number, size: number): Detection => {
  const point = { x, y }
  const landmarks: Landmarks = [point, point, point, point, point]
  return { box: { x, y, width: size, height: size }, landmarks, score: 0.9 }
}

/** Answers one call after another, and keeps what it was given. */
const answering = (...answers: Detection[][]) => {
  const given: Picture[] = []
  return {
    given,
    detect: async (pictures: readonly Picture[]) => {
      given.push(...pictures)
      return [answers[given.length - 1] ?? []]
    },
  }
}

describe('findFace', () => {
  it('takes the large face in the middle, not the larger one at the edge', async () => {
    const [middle, edge] = [at(0.3, 0.3, 0.4), at(0.8, 0.9, 0.42)]
    expect(await findFace(picture, answering([edge, middle]))).toEqual({ face: middle, how: 'found' })
  })

  it('looks again with a margin, and gives places in the photo itself', async () => {
    const detector = answering([], [at(0.25, 0.25, 0.5)])
    const { face, how } = await findFace(picture, detector)
    expect(how).toBe('padded')
    expect(face.box).toEqual({ x: 0, y: 0, width: 1, height: 1 })
    const [, wide] = detector.given
    expect([wide?.width, wide?.height]).toEqual([40, 80])
    // The photo lies in the middle of grey, in each of the three planes.
    for (const plane of [0, 1, 2]) {
      expect(wide?.data[plane * 3200 + 20 * 40 + 10]).toBe(7)
      expect(wide?.data[plane * 3200 + 59 * 40 + 29]).toBe(7)
      expect(wide?.data[plane * 3200 + 19 * 40 + 10]).toBe(128)
      expect(wide?.data[plane * 3200 + 60 * 40 + 29]).toBe(128)
    }
    expect(wide?.data.filter((value) => value === 7)).toHaveLength(picture.data.length)
  })

  it('takes the middle square for an aligned crop where there is no face', async () => {
    const { face, how } = await findFace(picture, answering())
    expect(how).toBe('centred')
    expect(face.box).toEqual({ x: 0, y: 0.25, width: 1, height: 0.5 })
    expect(face.landmarks[0].y).toBeCloseTo(0.25 + (51.6963 / 112) * 0.5, 6)
  })
})
