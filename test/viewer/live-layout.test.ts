import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layoutGrid } from '../../viewer/src/pages/live/grid-layout.ts'
import { inOrder, nextInCycle } from '../../viewer/src/pages/live/order.ts'

const room = (width: number, height: number) => ({ width, height, gap: 12, captionHeight: 38 })

describe('the grid', () => {
  test.each([
    [1, 1200, 700, 1],
    [2, 1200, 700, 2],
    [2, 600, 900, 1],
    [4, 1200, 760, 2],
    [9, 1200, 760, 3],
    [16, 1600, 900, 4],
    [1, 330, 600, 1],
    [5, 330, 600, 1],
  ])('%d cameras in %d × %d are in %d columns', (count, width, height, columns) =>
    expect(layoutGrid(count, room(width, height)).columns).toBe(columns),
  )

  test('tiles never are wider than there is room, and never too small to see somebody', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 300, max: 4000 }),
        fc.integer({ min: 200, max: 2200 }),
        (count, width, height) => {
          const { columns, tileWidth } = layoutGrid(count, room(width, height))
          expect(columns * tileWidth + 12 * (columns - 1)).toBeLessThanOrEqual(width)
          expect(tileWidth).toBeGreaterThanOrEqual(Math.min(250, width))
        },
      ),
    )
  })
})

describe('the order', () => {
  test('pinned cameras come first as they were pinned, then by name; numbers count', () => {
    expect(inOrder(['cam10', 'cam2', 'attic', 'yard'], ['yard', 'gone', 'cam10'])).toEqual([
      'yard',
      'cam10',
      'attic',
      'cam2',
    ])
  })

  test('the cycle leaves out who sends nothing, and shows two pinned cameras or more alone', () => {
    const order = ['a', 'b', 'c', 'd']
    const next = (now: string | null, pinned: string[] = [], dead: string[] = []) =>
      nextInCycle(now, order, pinned, (camera) => !dead.includes(camera))
    expect([next(null), next('a'), next('d')]).toEqual(['a', 'b', 'a'])
    expect(next('a', [], ['b'])).toBe('c')
    expect([next('a', ['b', 'd']), next('b', ['b', 'd'])]).toEqual(['b', 'd'])
    expect(next('a', ['b'])).toBe('b')
    expect(next(null, [], order)).toBe(null)
  })
})
