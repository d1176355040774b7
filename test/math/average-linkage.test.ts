import { describe, expect, it } from 'vitest'
import { averageLinkage, never } from '../../src/math/average-linkage.ts'

/** Similarities of items on a line: 1 less their distance. */
const onLine =
  (...places: readonly number[]) =>
  (i: number, j: number): number =>
    1 - Math.abs((places[i] ?? 0) - (places[j] ?? 0))

const groups = (names: Int32Array): number[][] => [...Map.groupBy(names.keys(), (i) => names[i]).values()]

// At every threshold against the definition: test/evaluate/average-linkage.test.ts.
describe('averageLinkage', () => {
  it('is cut at a threshold, or into as many clusters as wanted', () => {
    const tree = averageLinkage(5, onLine(0, 0.1, 0.5, 0.9, 1))
    expect(groups(tree.at(0.85))).toEqual([[0, 1], [2], [3, 4]])
    expect(groups(tree.into(3))).toEqual([[0, 1], [2], [3, 4]])
    expect(groups(tree.into(1))).toEqual([[0, 1, 2, 3, 4]])
    expect(groups(tree.into(9))).toHaveLength(5)
  })

  it('joins what must never be together at no threshold, nor for any number of clusters', () => {
    const similarity = (i: number, j: number): number => (i + j === 1 ? never : onLine(0, 0, 0.2, 0.3)(i, j))
    const tree = averageLinkage(4, similarity)
    expect(groups(tree.at(-1))).toHaveLength(2)
    const [first, second] = groups(tree.into(1))
    expect([first?.includes(0), first?.includes(1), second?.includes(1)]).toEqual([true, false, true])
  })

  it('counts an item for as many as it stands for', () => {
    // The mean of 0 and nine at 0.1 is .09; it is nearer to 0.3 than to −0.15.
    const similarity = onLine(0, 0.1, 0.3, -0.15)
    const last = (sizes: readonly number[]): number[] | undefined =>
      groups(averageLinkage(4, similarity, sizes).into(2)).find((group) => group.length === 1)
    expect(last([1, 9, 1, 1])).toEqual([3])
    expect(last([9, 1, 1, 1])).toEqual([2])
  })

  it('ends with none and with one', () => {
    expect([...averageLinkage(0, () => 0).at(0)]).toEqual([])
    expect([...averageLinkage(1, () => 0).into(1)]).toEqual([0])
  })
})
