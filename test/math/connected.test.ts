import { expect, test } from 'vitest'
import { around, takeComponent } from '../../src/math/connected.ts'

const size = { width: 4, height: 3 }
const marksOf = (rows: string): Uint8Array =>
  Uint8Array.from(rows.replaceAll(' ', ''), (cell) => (cell === '#' ? 1 : 0))

test('takes a component by sides and corners, not over the edge of a row, and leaves the others', () => {
  const marks = marksOf('#..# .#.. ...#')
  expect(takeComponent(marks, size, 0)).toEqual({ count: 2, extent: { x: 0, y: 0, width: 2, height: 2 } })
  expect(marks).toEqual(marksOf('...# .... ...#'))
  expect(takeComponent(marks, size, 3)).toEqual({ count: 1, extent: { x: 3, y: 0, width: 1, height: 1 } })
  expect(marks).toEqual(marksOf('.... .... ...#'))
})

test('the extent around two has both', () => {
  const extent = around({ x: 1, y: 2, width: 1, height: 1 }, { x: 3, y: 0, width: 2, height: 1 })
  expect(extent).toEqual({ x: 1, y: 0, width: 4, height: 3 })
})
