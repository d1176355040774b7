import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Cells, cellsAcross, cellsDown, cellsOf, createMovement } from '../../src/tracking/movement.ts'
import type { Box } from '../../src/types.ts'
import { gaussianFrom, randomFrom } from '../identity/support/faces.ts'

const grey = (level: number): Cells => new Float32Array(cellsAcross * cellsDown).fill(level)

/** These cells brighter by so many levels. */
const lit = (cells: Cells, { x, y, width, height }: Box, by = 60): Cells =>
  cells.map((level, i) => {
    const [column, row] = [i % cellsAcross, Math.floor(i / cellsAcross)]
    return column >= x && column < x + width && row >= y && row < y + height ? level + by : level
  })

const person: Box = { x: 20, y: 10, width: 4, height: 12 }
const whole: Box = { x: 0, y: 0, width: 1, height: 1 }
const inPicture = ({ x, y, width, height }: Box): Box => ({
  x: x / cellsAcross,
  y: y / cellsDown,
  width: width / cellsAcross,
  height: height / cellsDown,
})

/** A camera whose picture was looked at as a whole. */
const sawWhole = (cells: Cells) => {
  const movement = createMovement()
  expect(movement.next(cells, [])).toEqual([whole])
  movement.saw([whole])
  return movement
}

describe('cellsOf', () => {
  it('are the means of the green of a picture of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 700 }), fc.integer({ min: 36, max: 700 }), (width, height) => {
        const data = new Uint8Array(3 * width * height)
        data.fill(7, 0, width * height)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) data[(height + y) * width + x] = x < width / 2 ? 50 : 150
        const cells = cellsOf({ width, height, data })
        expect(cells).toHaveLength(cellsAcross * cellsDown)
        expect([cells[0], cells[cellsAcross - 1], cells[cells.length - 1]]).toEqual([50, 150, 150])
      }),
      { numRuns: 20 },
    )
  })
})

describe('movement', () => {
  it('is the box around somebody who has come, until they were looked at', () => {
    const movement = sawWhole(grey(100))
    const now = lit(grey(100), person)
    expect(movement.next(now, [])).toEqual([inPicture(person)])
    expect(movement.next(now, [])).toEqual([inPicture(person)])
    movement.saw([inPicture(person)])
    expect(movement.next(now, [])).toEqual([])
    expect(movement.next(grey(100), [])).toEqual([inPicture(person)])
  })

  it('is a box for each of those who are apart', () => {
    const movement = sawWhole(grey(100))
    const other: Box = { x: 50, y: 0, width: 3, height: 3 }
    expect(movement.next(lit(lit(grey(100), person), other), [])).toEqual([other, person].map(inPicture))
  })

  it('is not the body below a face that is known, but whoever stands beside it', () => {
    const movement = sawWhole(grey(100))
    const known = inPicture({ x: 21, y: 10, width: 2, height: 3 })
    expect(movement.next(lit(grey(100), person), [known])).toEqual([])
    const beside: Box = { x: 30, y: 12, width: 4, height: 12 }
    expect(movement.next(lit(lit(grey(100), person), beside), [known])).toEqual([inPicture(beside)])
  })

  it('is not the light, nor a speck', () => {
    const movement = sawWhole(grey(100))
    expect(movement.next(grey(140), [])).toEqual([])
    expect(movement.next(lit(grey(100), { x: 5, y: 5, width: 2, height: 1 }), [])).toEqual([])
  })
})

test('noise is no movement, nor leaves once they are known; who comes before them is', () => {
  const [gaussian, random] = [gaussianFrom(randomFrom(1)), randomFrom(2)]
  const movement = sawWhole(grey(100))
  const tree: Box = { x: 40, y: 5, width: 10, height: 10 }
  const scene = (): Cells => lit(grey(100), tree, 24 * random() - 12).map((level) => level + gaussian())
  let stirred = 0
  for (let i = 0; i < 200; i++) {
    if (movement.next(scene(), []).length > 0 && i >= 100) stirred++
    movement.saw([whole])
  }
  expect(stirred).toBe(0)
  expect(movement.next(lit(scene(), { x: 42, y: 5, width: 4, height: 12 }, 80), []).length).toBe(1)
})
