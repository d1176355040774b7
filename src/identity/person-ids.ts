import type { PersonId } from '../types.ts'

/** What IDs stand for: each is somebody's, an alias, or retired, and no chain of aliases is a circle. */
export interface PersonIds {
  /** Where the chain of aliases ends: the ID itself when it is none. */
  resolve(id: PersonId): PersonId
  /** `from` is an alias of `into` from now on. Throws when that would make a circle. */
  alias(from: PersonId, into: PersonId): void
  /** `id` is no alias any more; its own aliases stay its own. */
  unalias(id: PersonId): void
  /** Whom the ID was merged into, which may be an alias as well; the ID itself when it is none. */
  intoOf(id: PersonId): PersonId
  isAlias(id: PersonId): boolean
  /** Every alias that leads to `id`; what was merged first comes first. */
  aliasesOf(id: PersonId): PersonId[]
  /** Whether `id` is `via`, or its chain of aliases leads through it. */
  leadsThrough(id: PersonId, via: PersonId): boolean
  /** The ID may never be given again. */
  retire(id: PersonId): void
  isRetired(id: PersonId): boolean
}

/** Starts with none. */
export const createPersonIds = (): PersonIds => {
  const aliases = new Map<PersonId, PersonId>()
  /** The same the other way round, one step. */
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

  return {
    resolve(id) {
      let current = id
      for (let next = aliases.get(current); next !== undefined; next = aliases.get(current)) current = next
      return current
    },
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
    leadsThrough,
    retire(id) {
      unalias(id)
      former.delete(id)
      retired.add(id)
    },
    isRetired: (id) => retired.has(id),
  }
}
