import { expect, test } from 'vitest'
import { colourOf, shortId } from '../../viewer/src/ui/person-look.ts'

test('a colour depends on the ID alone, and similar IDs look different', () => {
  const ids = Array.from({ length: 60 }, (_, i) => `p-aaaaaaaa${String(i).padStart(2, '0')}`)
  expect(ids.map(colourOf)).toEqual(ids.map(colourOf))
  expect(new Set(ids.map(colourOf)).size).toBeGreaterThan(55)
  const hue = (id: string) => Number(/(\d+)\)$/.exec(colourOf(id))?.[1])
  const sectors = new Set(ids.map((id) => Math.floor(hue(id) / 30)))
  expect(sectors.size).toBe(12)
})

test('a long ID is shown by its end', () => {
  expect(shortId('p-xk4d7f3k2m')).toBe('7f3k2m')
  expect(shortId('p-1')).toBe('p-1')
})
