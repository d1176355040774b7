import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTurns } from '../../src/operators/turns.ts'

/** How many turns each key has had, and the order of them, when `ready` says who has something in each round. */
const play = (rounds: number, ready: (round: number) => readonly string[]) => {
  const turns = createTurns<string>()
  const order: string[] = []
  for (let round = 0; round < rounds; round++) {
    const [first] = turns.order(ready(round))
    if (first === undefined) continue
    turns.served(first)
    order.push(first)
  }
  const counts = new Map<string, number>()
  for (const key of order) counts.set(key, (counts.get(key) ?? 0) + 1)
  return { order, counts }
}

test('keys that always have something take turns', () => {
  expect(play(9, () => ['a', 'b', 'c']).order.join('')).toBe('abcabcabc')
})

test('one that has something half of the time has as many turns', () => {
  const { counts } = play(400, (round) =>
    Math.floor(round / 4) % 2 === 0 ? ['a', 'b', 'c'] : ['a', 'b', 'c', 'burst'],
  )
  expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(4)
})

test('one that comes back after long has no more than eight turns in a row, and those that stayed go on', () => {
  const { order } = play(2000, (round) => (round < 1000 ? ['a', 'b'] : ['a', 'b', 'late']))
  const after = order.slice(1000).join('')
  expect(/^(late)+/.exec(after)?.[0].length).toBeLessThanOrEqual(9 * 4)
  expect(order.slice(1900).filter((key) => key === 'late').length).toBeGreaterThanOrEqual(33)
  expect(order.slice(1900).filter((key) => key === 'a').length).toBeGreaterThanOrEqual(33)
})

test('no key that always has something waits for longer than the credit of all others', () => {
  const keys = ['a', 'b', 'c', 'd']
  const other = fc.array(fc.subarray(keys.slice(1)), { minLength: 50, maxLength: 200 })
  fc.assert(
    fc.property(other, (rounds) => {
      const { order } = play(rounds.length, (round) => ['a', ...(rounds[round] ?? [])])
      const gaps = order
        .join('')
        .split('a')
        .map((gap) => gap.length)
      expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * 9)
    }),
  )
})
