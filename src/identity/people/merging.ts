import type { Cause } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { Exemplar } from '../state/state.ts'
import { withExemplar } from './exemplars.ts'
import { laterSeen, leftOf, mergedOrigins, originsWith, type Taken, takeOrigin } from './origins.ts'
import type { PeopleList } from './people-list.ts'
import type { PersonIds } from './person-ids.ts'
import type { PersonRecord } from './person-record.ts'

/** What makes one person of two, and two of one. */
export interface Merging {
  /** Makes `from` an alias of `into`; who did it is kept for `unmerge`. */
  merge(from: PersonRecord, into: PersonRecord, by: Cause): void
  /**
   * Takes the merge of `id` back. Null when it is no alias, or what came in under it can no longer be told. How many
   * `sources` each of the two has must be counted anew.
   */
  unmerge(id: PersonId): Unmerged | null
  /** Replaces what is settled; of the looks that an unmerge would give back only those stay that `isKept` says. */
  setLooks(person: PersonRecord, exemplars: readonly Exemplar[], isKept: (look: Exemplar) => boolean): void
  /** Forgets the person and its aliases; their IDs are never given again. Returns the IDs. */
  remove(person: PersonRecord): PersonId[]
}

/** Two people after their merge was taken back: the one whose ID is back, and the one it was part of. */
export interface Unmerged {
  readonly back: PersonRecord
  readonly from: PersonRecord
}

/** The person that an origin was; what its tracks contribute comes from `from`. */
const personAgain = (
  { origin, inner }: Taken,
  from: PersonRecord,
  isItsOwn: (id: PersonId) => boolean,
): PersonRecord => {
  const { into: _, by: __, rest: ___, ...own } = origin
  const contributions = new Map(
    [...from.contributions].filter(([{ assignedAs }]) => assignedAs && isItsOwn(assignedAs)),
  )
  // Events say nothing else; whoever is still away is archived again, by an event.
  return { ...own, archived: false, sources: 0, origins: inner, contributions, known: null }
}

/** Works on the people of `list` and the aliases of `ids`, which both stay consistent after each call. */
export const createMerging = (list: PeopleList, ids: PersonIds): Merging => ({
  merge(from, into, by) {
    into.origins = mergedOrigins(from, into, by)
    for (const exemplar of from.exemplars) into.exemplars = withExemplar(into.exemplars, exemplar)
    for (const [track, part] of from.contributions) into.contributions.set(track, part)
    into.sources += from.sources
    into.tracks += from.tracks
    into.faces += from.faces
    into.archived &&= from.archived
    Object.assign(into, laterSeen(into, from))
    list.refresh(into)
    list.remove(from)
    ids.alias(from.id, into.id)
  },
  unmerge(id) {
    const from = list.get(ids.resolve(id))
    const taken = from && takeOrigin(from.origins, id, from)
    if (!taken) return null
    const back = personAgain(taken, from, (assignedAs) => ids.leadsThrough(assignedAs, id))
    for (const track of back.contributions.keys()) from.contributions.delete(track)
    Object.assign(from, {
      ...taken.lastSeen,
      origins: taken.others,
      exemplars: taken.exemplars,
      ...leftOf(from, taken.origin),
    })
    ids.unalias(id)
    list.add(back)
    list.refresh(back)
    list.refresh(from)
    return { back, from }
  },
  setLooks(person, exemplars, isKept) {
    person.exemplars = exemplars
    person.origins = originsWith(person.origins, isKept)
    list.refresh(person)
  },
  remove(person) {
    const gone = [person.id, ...ids.aliasesOf(person.id)]
    list.remove(person)
    for (const id of gone) ids.retire(id)
    return gone
  },
})
