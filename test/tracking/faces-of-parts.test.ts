import { expect, it } from 'vitest'
import { facesOfParts } from '../../src/tracking/faces-of-parts.ts'
import { detectionAt } from '../identity/support/faces.ts'

const [left, right] = [
  { x: 0, y: 0, width: 0.5, height: 1 },
  { x: 0.4, y: 0, width: 0.6, height: 1 },
]

it('gives each face once, best first, also one that another part cuts off', () => {
  const [a, b] = [detectionAt(0.1, 0.4, 0.1, 0.8), detectionAt(0.44, 0.4, 0.1, 0.9)]
  const half = detectionAt(0.43, 0.4, 0.08, 0.99)
  expect(facesOfParts([left, right], [[a, half], [b]])).toEqual([b, a])
  expect(facesOfParts([left], [[detectionAt(0)]])).toHaveLength(1)
  expect(facesOfParts([], [])).toEqual([])
})

it('is null where only a part shows a face that it cuts off', () => {
  expect(facesOfParts([left], [[detectionAt(0.42)]])).toBeNull()
  expect(facesOfParts([right], [[detectionAt(0.4)]])).toBeNull()
})
