/** A slot: the number of a partition, in which at most one camera is wanted. */
export type Slot = number

/** A worker as the policy sees it. */
export interface Member {
  /** No two are the same. Members in the same place are told apart by it, so that the same input gives the same result. */
  readonly id: string
  /** Above 0: one of twice the capacity gets twice as many cameras. */
  readonly capacity: number
  /** The slots that it has, with the epoch at which it got each: of two who have one, the later epoch counts. */
  readonly held: ReadonlyMap<Slot, number>
  /** Slots that it gave back, because it does not reach their cameras. It gets one only where every member gave it back. */
  readonly refused: ReadonlySet<Slot>
}

interface Share {
  readonly member: Member
  readonly slots: Set<Slot>
}

/**
 * Divides `slots` between the members by capacity and moves as little as it can. What a member has it keeps, unless another is so
 * much emptier that taking one more it would still be less loaded. So a member that comes only receives, and one that goes
 * moves only what it had. Empty without members.
 *
 *   a: 12  + b          ▶  a: 6  b: 6         6 move
 *   a: 6   b: 6   + c:2 ▶  a: 3  b: 3  c: 6   6 move, all to c
 */
export const assign = (members: readonly Member[], slots: readonly Slot[]): ReadonlyMap<string, readonly Slot[]> => {
  const shares = members
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((member): Share => ({ member, slots: new Set() }))
  const takers = takersOf(shares)
  for (const slot of slots.toSorted((a, b) => a - b)) holderOf(slot, takers(slot))?.slots.add(slot)
  const placed = new Set(shares.flatMap((share) => [...share.slots]))
  for (const slot of slots.toSorted((a, b) => a - b)) if (!placed.has(slot)) emptiest(takers(slot))?.slots.add(slot)
  while (moveOne(shares, takers));
  return new Map(shares.map((share) => [share.member.id, [...share.slots].toSorted((a, b) => a - b)]))
}

/** Who may have a slot: those who have not given it back, or everybody where all have. */
const takersOf =
  (shares: readonly Share[]) =>
  (slot: Slot): readonly Share[] => {
    const willing = shares.filter(({ member }) => !member.refused.has(slot))
    return willing.length > 0 ? willing : shares
  }

const holderOf = (slot: Slot, takers: readonly Share[]): Share | undefined =>
  takers
    .filter(({ member }) => member.held.has(slot))
    .toSorted((a, b) => (b.member.held.get(slot) ?? 0) - (a.member.held.get(slot) ?? 0))[0]

/** How full a member is, as part of its capacity, with so many more slots. */
const load = ({ member, slots }: Share, more: number): number => (slots.size + more) / member.capacity

const emptiest = (shares: readonly Share[]): Share | undefined => shares.toSorted((a, b) => load(a, 1) - load(b, 1))[0]

/** Moves one slot from the fullest member that can give one to somebody emptier. False when none has to move. */
const moveOne = (shares: readonly Share[], takers: (slot: Slot) => readonly Share[]): boolean => {
  for (const from of shares.toSorted((a, b) => load(b, 0) - load(a, 0)))
    for (const slot of [...from.slots].toSorted((a, b) => b - a)) {
      const to = emptiest(takers(slot))
      if (to === undefined || to === from || load(to, 1) >= load(from, 0)) continue
      from.slots.delete(slot)
      to.slots.add(slot)
      return true
    }
  return false
}
