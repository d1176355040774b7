import type { PersonId } from '../../types.ts'

/** The aliases and retired IDs of people. An ID is a person's, an alias, or retired. Aliases form no circle. */
export interface PersonIds {
  /** The end of the chain of aliases; the ID itself when it is no alias. */
  resolve(id: PersonId): PersonId
  /** Makes `from` an alias of `into`. Throws an Error when that closes a circle. */
  alias(from: PersonId, into: PersonId): void
  /** Makes `id` no alias. Its own aliases stay. */
  unalias(id: PersonId): void
  /** One step of the chain: the ID that this one was merged into. The ID itself when it is no alias. */
  intoOf(id: PersonId): PersonId
  isAlias(id: PersonId): boolean
  /** All aliases that lead to `id`, the first merged first. */
  aliasesOf(id: PersonId): PersonId[]
  /** Every alias, and whom it leads to in the end. */
  allAliases(): ReadonlyMap<PersonId, PersonId>
  /** True when `via` is `id` or on its chain of aliases. */
  leadsThrough(id: PersonId, via: PersonId): boolean
  /** Makes sure that the ID is never used again. */
  retire(id: PersonId): void
  isRetired(id: PersonId): boolean
}

/** Starts empty. */
export const createPersonIds = (): PersonIds => {
  const aliases = new Map<PersonId, PersonId>()
  /** The direct aliases of each ID. */
  const former = new Map<PersonId, PersonId[]>()
  const retired = new Set<PersonId>()

  const leadsThrough = (id: PersonId, via: PersonId): boolean => {
    for (let at: PersonId | undefined = id; at !== undefined; at = aliases.get(at)) if (at === via) return true
    return false
  }
  const unalias = (id: PersonId): void => {
    const into = aliases.get(id)
    if (into === undefined) return
    aliases.delete(id)
    former.set(
      into,
      (former.get(into) ?? []).filter((one) => one !== id),
    )
  }
  const aliasesOf = (id: PersonId): PersonId[] => (former.get(id) ?? []).flatMap((from) => [...aliasesOf(from), from])

  const resolve = (id: PersonId): PersonId => {
    let current = id
    for (let next = aliases.get(current); next !== undefined; next = aliases.get(current)) current = next
    return current
  }

  return {
    resolve,
    alias(from, into) {
      if (leadsThrough(into, from)) throw new Error(`${from} cannot be an alias of ${into}, which is one of ${from}`)
      unalias(from)
      aliases.set(from, into)
      const others = former.get(into)
      if (others) others.push(from)
      else former.set(into, [from])
    },
    unalias,
    intoOf: (id) => aliases.get(id) ?? id,
    isAlias: (id) => aliases.has(id),
    aliasesOf,
    allAliases: () => new Map([...aliases.keys()].map((id) => [id, resolve(id)])),
    leadsThrough,
    retire(id) {
      unalias(id)
      former.delete(id)
      retired.add(id)
    },
    isRetired: (id) => retired.has(id),
  }
}
