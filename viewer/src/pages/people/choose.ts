import type { CameraId, Person, PersonId } from '../../../../src/types.ts'
import { shortId } from '../../ui/person-look.ts'

/** Whom the page shows. */
export type Which = 'here' | 'today' | 'all'
/** In which order. */
export type Order = 'seen' | 'name' | 'new' | 'most'

/** What decides about the list. */
export interface Choice {
  readonly which: Which
  readonly query: string
  readonly order: Order
  /** Who is on a camera now. */
  readonly here: ReadonlyMap<PersonId, CameraId>
  /** The beginning of today, local time, Unix milliseconds. */
  readonly todayMs: number
}

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })
const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()

const isMeant = ({ id, name }: Person, query: string): boolean =>
  query === '' || id.toLowerCase().includes(query) || (name !== null && folded(name).includes(query))

/** Named people by name, then the others by ID. */
const byName = (a: Person, b: Person): number => {
  if (a.name !== null && b.name !== null) return collator.compare(a.name, b.name)
  if (a.name !== null || b.name !== null) return a.name === null ? 1 : -1
  return collator.compare(shortId(a.id), shortId(b.id))
}

const isOf = (person: Person, which: Which, { here, todayMs }: Pick<Choice, 'here' | 'todayMs'>): boolean =>
  which === 'all' || here.has(person.id) || (which === 'today' && !person.archived && person.lastSeenAtMs >= todayMs)

/** How many of each there are whom the search finds. */
export const countPeople = (
  people: readonly Person[],
  choice: Omit<Choice, 'which' | 'order'>,
): Record<Which, number> => {
  const words = folded(choice.query.trim())
  const counts = { here: 0, today: 0, all: 0 }
  for (const person of people) {
    if (!isMeant(person, words)) continue
    for (const which of ['here', 'today', 'all'] as const) if (isOf(person, which, choice)) counts[which]++
  }
  return counts
}

/**
 * The people to show, in order. Accents and case do not matter for the search, which also finds parts of IDs. Archived people
 * are only among all.
 */
export const choosePeople = (people: readonly Person[], { which, query, order, here, todayMs }: Choice): Person[] => {
  const words = folded(query.trim())
  const chosen = people.filter((person) => isMeant(person, words) && isOf(person, which, { here, todayMs }))
  const bySeen = (a: Person, b: Person): number =>
    Number(here.has(b.id)) - Number(here.has(a.id)) || b.lastSeenAtMs - a.lastSeenAtMs || byName(a, b)
  const orders = {
    seen: bySeen,
    name: byName,
    new: (a: Person, b: Person) => b.createdAtMs - a.createdAtMs || byName(a, b),
    most: (a: Person, b: Person) => b.tracks - a.tracks || byName(a, b),
  }
  return chosen.sort(orders[order])
}
