import { expect, it } from 'vitest'
import type { Photo } from '../../src/photos/photo.ts'
import { turnPhoto, turnPicture, turns } from '../../src/photos/turn.ts'

/** 3×2: the bytes of R are 1–6, those of G and B 10 and 20 more. */
const picture = {
  width: 3,
  height: 2,
  data: Uint8Array.from([1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26]),
}

it('turns a picture clockwise', () => {
  const red = turns.map((turn) => [...turnPicture(picture, turn).data.subarray(0, 6)])
  expect(red).toEqual([
    [1, 2, 3, 4, 5, 6],
    [4, 1, 5, 2, 6, 3],
    [6, 5, 4, 3, 2, 1],
    [3, 6, 2, 5, 1, 4],
  ])
  expect(turnPicture(picture, 90)).toMatchObject({ width: 2, height: 3 })
  expect([...turnPicture(picture, 90).data.subarray(12)]).toEqual([24, 21, 25, 22, 26, 23])
})

it('turns a photo with its chroma', () => {
  const photo: Photo = {
    format: 'I420',
    width: 3,
    height: 2,
    matrix: 'bt601',
    fullRange: true,
    planes: [
      { data: Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 0), stride: 4 },
      { data: Uint8Array.of(7, 8), stride: 2 },
      { data: Uint8Array.of(9, 10), stride: 2 },
    ],
    picture,
  }
  const { width, height, planes } = turnPhoto(photo, 270)
  expect({ width, height, planes: planes.map(({ data, stride }) => [stride, ...data]) }).toEqual({
    width: 2,
    height: 3,
    planes: [
      [2, 3, 6, 2, 5, 1, 4],
      [1, 8, 7],
      [1, 10, 9],
    ],
  })
  expect(turnPhoto(photo, 0)).toBe(photo)
})
