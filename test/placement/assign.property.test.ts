import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign, type Member, type Slot } from '../../src/placement/assign.ts'
import { casesOf } from '../support/cases.ts'

const newcomer = (id: string, capacity: number): Member => ({ id, capacity, held: new Map(), refused: new Set() })
const numbered = (count: number): Slot[] => Array.from({ length: count }, (_, slot) => slot)

/** The same members, each with what it was given. */
const holding = (members: readonly Member[], placed: ReadonlyMap<string, readonly Slot[]>): Member[] =>
  members.map((member) => ({ ...member, held: new Map((placed.get(member.id) ?? []).map((slot) => [slot, 1])) }))

const owners = (placed: ReadonlyMap<string, readonly Slot[]>): Map<Slot, string> =>
  new Map([...placed].flatMap(([id, slots]) => slots.map((slot) => [slot, id] as const)))

const moved = (before: ReadonlyMap<string, readonly Slot[]>, after: ReadonlyMap<string, readonly Slot[]>) => {
  const had = owners(before)
  return [...owners(after)]
    .filter(([slot, id]) => had.get(slot) !== id)
    .map(([slot, to]) => ({ slot, to, from: had.get(slot) }))
}

const capacities = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 })
/** Members that came one after the other, so that what they have is what a group comes to. */
const grown = fc.tuple(capacities, fc.integer({ min: 0, max: 60 })).map(([each, count]) => {
  let members: Member[] = []
  for (const [i, capacity] of each.entries()) {
    const joined = [...members, newcomer(`w${i}`, capacity)]
    members = holding(joined, assign(joined, numbered(count)))
  }
  return { members, slots: numbered(count), placed: assign(members, numbered(count)) }
})
const cases = { numRuns: casesOf(600) }

describe('assign', () => {
  it('gives each slot to one member', () => {
    fc.assert(
      fc.property(grown, ({ slots, placed }) => {
        expect([...placed.values()].flat().toSorted((a, b) => a - b)).toEqual(slots)
      }),
      cases,
    )
  })

  it('is stable, and the same whatever the order of members and slots', () => {
    fc.assert(
      fc.property(grown, ({ members, slots, placed }) => {
        expect(assign(members.toReversed(), slots.toReversed())).toEqual(placed)
        expect(assign(holding(members, placed), slots)).toEqual(placed)
      }),
      cases,
    )
  })

  it('moves at most its share to a member that comes, and nothing else', () => {
    fc.assert(
      fc.property(grown, fc.integer({ min: 1, max: 8 }), ({ members, slots, placed }, capacity) => {
        const after = assign([...members, newcomer('new', capacity)], slots)
        const moves = moved(placed, after)
        expect(moves.filter(({ to }) => to !== 'new')).toEqual([])
        const total = members.reduce((sum, member) => sum + member.capacity, capacity)
        expect(moves.length).toBeLessThanOrEqual(Math.ceil((slots.length * capacity) / total))
      }),
      cases,
    )
  })

  it('moves only what a member had that goes', () => {
    fc.assert(
      fc.property(grown, fc.nat(), ({ members, slots, placed }, which) => {
        const gone = members[which % members.length]
        const after = assign(
          members.filter((member) => member !== gone),
          slots,
        )
        if (members.length > 1) expect(moved(placed, after).filter(({ from }) => from !== gone?.id)).toEqual([])
      }),
      cases,
    )
  })

  it('leaves nobody fuller than another would be with one more: twice the capacity has twice as many', () => {
    fc.assert(
      fc.property(grown, ({ members, placed }) => {
        const load = ({ id, capacity }: Member, more: number) => ((placed.get(id)?.length ?? 0) + more) / capacity
        for (const a of members) for (const b of members) expect(load(a, 0)).toBeLessThanOrEqual(load(b, 1))
      }),
      cases,
    )
  })

  it('gives a slot to somebody who gave it back only where all have', () => {
    const refusing = fc.tuple(grown, fc.array(fc.tuple(fc.nat(7), fc.nat(59)), { maxLength: 40 }))
    fc.assert(
      fc.property(refusing, ([{ members, slots }, pairs]) => {
        const given = members.map((member, i) => ({
          ...member,
          refused: new Set(pairs.flatMap(([who, slot]) => (who === i ? [slot] : []))),
        }))
        const placed = assign(given, slots)
        expect([...placed.values()].flat()).toHaveLength(slots.length)
        for (const { id, refused } of given)
          for (const slot of placed.get(id) ?? [])
            if (refused.has(slot)) expect(given.every((other) => other.refused.has(slot))).toBe(true)
      }),
      cases,
    )
  })
})
