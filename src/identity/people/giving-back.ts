import type { Cause, Compared } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { AssignmentChange } from '../clustering/track-assignments.ts'
import { contributorOf, type SettledTracks } from '../state/settled-tracks.ts'
import type { Exemplar, SettledTrack } from '../state/state.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import type { Unmerged } from './merging.ts'
import { ownExemplars } from './origins.ts'
import type { People } from './people.ts'
import type { Contributor, PersonRecord } from './person-record.ts'

/** For the person's own ID and each that can be given back: whether what came in under it comes off. */
export type Sides = ReadonlyMap<PersonId, boolean>

/** Takes merges back. */
export interface GivingBack {
  /** Null when `id` is no alias, or what came in under it can no longer be told. */
  readonly takeBack: (id: PersonId, by: Cause, why: Compared | null) => Unmerged | null
  /** Gives IDs back so that none of the person's comes off; the person who has those that do, or null. */
  readonly giveBack: (person: PersonRecord, sides: Sides, by: Cause, why: Compared | null) => PersonRecord | null
  /** All settled tracks of the person that are kept, whatever ID they came in under. */
  readonly settledOf: (person: PersonRecord) => SettledTrack[]
}

/** What giving an ID back reads and changes. */
export interface GivingBackParts {
  readonly people: People
  readonly tracklets: Tracklets
  readonly settled: SettledTracks
  readonly note: (change: AssignmentChange) => void
  readonly mergeInto: (from: PersonRecord, into: PersonRecord, by: Cause) => void
  /** Whose merge is taken back. */
  readonly older: (a: PersonRecord, b: PersonRecord) => { readonly from: PersonRecord; readonly into: PersonRecord }
}

/** Decides whether a split gives a former ID back instead of making a new person. */
export const createGivingBack = (parts: GivingBackParts): GivingBack => {
  const { people, tracklets, settled, note, mergeInto } = parts
  const settledOf = ({ id }: PersonRecord): SettledTrack[] => settled.of([id, ...people.aliasesOf(id)])

  const takeBack: GivingBack['takeBack'] = (id, by, why) => {
    const whole = people.find(id)
    const isKept = whole !== null && settledOf(whole).length >= whole.sources
    const unmerged = people.unmerge(id)
    if (!unmerged) return null
    const { back, from } = unmerged
    for (const person of [back, from]) person.sources = sourcesOf(settledOf(person), isKept)
    tracklets.follow(from, back, (tracklet) => back.contributions.has(tracklet))
    note({ type: 'unmerged', person: back, from, by, why })
    return unmerged
  }
  return {
    settledOf,
    takeBack,
    giveBack(person, sides, by, why) {
      const cut = person.origins.filter(({ id, into }) => sides.get(id) !== sides.get(into))
      let off: PersonRecord | null = null
      for (const { id } of cut) {
        const back = takeBack(id, by, why)?.back
        if (!back) continue
        if (!sides.get(id)) mergeInto(back, person, by)
        else if (off === null) off = back
        else {
          const two = parts.older(off, back)
          mergeInto(two.from, two.into, by)
          off = two.into
        }
      }
      return off
    },
  }
}

/** How many looks a part of a person is made of; `isKept`: all that the whole was made of is among those that are kept. */
export const sourcesOf = (kept: readonly SettledTrack[], isKept: boolean): number => kept.length + (isKept ? 0 : 1)

/** Off is what has most of its looks off; of which nothing is known goes with whom it was merged into. */
export const sidesByLooks = (people: People, person: PersonRecord, isOff: (look: Exemplar) => boolean): Sides => {
  const weightOf = (some: readonly Exemplar[]): number => some.reduce((sum, { weight }) => sum + weight, 0)
  return sidesOf(person, (id) => {
    const live = [...person.contributions].flatMap(([track, part]) =>
      people.originOf(person, track) === id ? part : [],
    )
    const looks = [...ownExemplars(person.origins, id, person.exemplars), ...live]
    const [all, off] = [weightOf(looks), weightOf(looks.filter(isOff))]
    return all > 0 ? off > all / 2 : null
  })
}

/** Off is an old ID of whose tracks, as far as they are kept, all are chosen; never the person's own. */
export const sidesByTracks = (
  people: People,
  person: PersonRecord,
  settled: readonly SettledTrack[],
  isChosen: { readonly settled: (one: SettledTrack) => boolean; readonly contributor: (one: Contributor) => boolean },
): Sides =>
  sidesOf(person, (id) => {
    if (id === person.id) return false
    const cameUnder = ({ assignedAs }: Contributor): boolean => !!assignedAs && people.leadsThrough(assignedAs, id)
    const live = [...person.contributions.keys()].filter(cameUnder)
    const over = settled.filter((one) => cameUnder(contributorOf(one)))
    if (live.length + over.length === 0) return null
    return live.every(isChosen.contributor) && over.every(isChosen.settled)
  })

/** `isOff` gives null when nothing is known of an ID. Outer origins come before those that were merged into them. */
const sidesOf = ({ id: ownId, origins }: PersonRecord, isOff: (id: PersonId) => boolean | null): Sides => {
  const sides = new Map<PersonId, boolean>()
  sides.set(ownId, isOff(ownId) ?? false)
  for (const { id, into } of origins.toReversed()) sides.set(id, isOff(id) ?? sides.get(into) ?? false)
  return sides
}
