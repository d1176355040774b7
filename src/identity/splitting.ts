import { dot } from '../math/vector.ts'
import type { Cause, Compared, PersonId, TrackId } from '../types.ts'
import type { CoOccurrence } from './co-occurrence.ts'
import { directionOf, divide, knownBy } from './exemplars.ts'
import type { Unmerged } from './merging.ts'
import { ownExemplars } from './origins.ts'
import type { People } from './people.ts'
import type { Contributor, PersonRecord } from './person-record.ts'
import type { Exemplar } from './state.ts'
import type { AssignmentChange } from './track-assignments.ts'
import type { Tracklets } from './tracklets.ts'

/** Makes two people of one. */
export interface Splitting {
  /**
   * Takes the merge of `id` back because somebody said so: it has again what was assigned under it, and the two are
   * never one again. Null when `id` is no alias or what came in under it can no longer be told.
   */
  unmerge(id: PersonId): Unmerged | null
  /**
   * Takes the smaller of a person's two most different parts out; null when it has only one. A part that had an ID before
   * a merge gets that ID back, and the part that the person's own ID came in with keeps it; else the part is a new person.
   * `why`: how alike the parts are; null when somebody said so, then the two are never one again.
   */
  split(person: PersonRecord, atMs: number, why: Compared | null): PersonRecord | null
  /** Takes what these tracks contribute out as a new person, because somebody said so: the two are never one again. */
  takeOff(person: PersonRecord, tracks: ReadonlySet<Contributor>, atMs: number): PersonRecord
}

export interface SplittingParts {
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly tracklets: Tracklets
  readonly note: (change: AssignmentChange) => void
  readonly mergeInto: (from: PersonRecord, into: PersonRecord, by: Cause) => void
  /** Whose merge is taken back. */
  readonly older: (a: PersonRecord, b: PersonRecord) => { readonly from: PersonRecord; readonly into: PersonRecord }
}

/** A settled look, or what a track contributes. */
type Part = Exemplar & { readonly of: Contributor | null }
type IsOff = (look: Exemplar) => boolean

const partsOf = ({ exemplars, contributions }: PersonRecord): Part[] => [
  ...exemplars.map((exemplar) => ({ ...exemplar, of: null })),
  ...[...contributions].map(([of, exemplar]) => ({ ...exemplar, of })),
]

/** Which of the two groups a look is more like. */
const nearerTo = (kept: readonly Exemplar[], off: readonly Exemplar[]): IsOff => {
  const [a, b] = [knownBy(kept)?.mean, knownBy(off)?.mean]
  return (look) => a !== undefined && b !== undefined && dot(directionOf(look), b) > dot(directionOf(look), a)
}

const settledOf = (group: readonly Part[]): Exemplar[] =>
  group.flatMap(({ of, sum, weight }) => (of === null ? [{ sum, weight }] : []))

export const createSplitting = (parts: SplittingParts): Splitting => {
  const { people, coOccurrence, tracklets, note, mergeInto } = parts

  /** What only the merge had said about the two and others is taken back. */
  const separateCoOccurrences = ({ back, from, apart }: Unmerged): void => {
    for (const [id, frames, framesOfFrom] of apart) {
      const other = people.find(id)
      if (!other || other === back || other === from) continue
      coOccurrence.add(back.id, other.id, frames)
      const isFromMerge = coOccurrence.frames(from.id, other.id) === coOccurrence.sum(frames, framesOfFrom)
      if (!isFromMerge) continue
      coOccurrence.lift(from.id, other.id)
      coOccurrence.add(from.id, other.id, framesOfFrom)
    }
  }
  const takeBack = (id: PersonId, by: Cause, why: Compared | null): Unmerged | null => {
    const unmerged = people.unmerge(id)
    if (!unmerged) return null
    const { back, from } = unmerged
    separateCoOccurrences(unmerged)
    tracklets.follow(from, back, (tracklet) => back.contributions.has(tracklet))
    note({ type: 'unmerged', person: back, from, by, why })
    return unmerged
  }

  /** For the person's own ID and each that can be given back: whether most of what came in under it is off. */
  const sidesOf = (person: PersonRecord, isOff: IsOff): Map<PersonId, boolean> => {
    const { id: ownId, origins, exemplars } = person
    const sides = new Map<PersonId, boolean>()
    for (const [id, into] of [
      [ownId, ownId] as const,
      ...origins.map((one) => [one.id, one.into] as const).reverse(),
    ]) {
      const live = [...person.contributions].flatMap(([track, part]) =>
        people.originOf(person, track) === id ? part : [],
      )
      const looks = [...ownExemplars(origins, id, exemplars), ...live]
      const weightOf = (some: readonly Exemplar[]): number => some.reduce((sum, { weight }) => sum + weight, 0)
      const [all, off] = [weightOf(looks), weightOf(looks.filter(isOff))]
      sides.set(id, all > 0 ? off > all / 2 : (sides.get(into) ?? false))
    }
    return sides
  }
  /** Gives IDs back so that none of the person's is off; the person who has those that are off, or null. */
  const giveBack = (person: PersonRecord, isOff: IsOff, by: Cause, why: Compared | null): PersonRecord | null => {
    const sides = sidesOf(person, isOff)
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
  }
  const createOff = (person: PersonRecord, atMs: number): PersonRecord => {
    const name: TrackId = `${person.id}/off/${people.created()}`
    const other = people.create(name, person.lastCamera, atMs)
    note({ type: 'created', person: other, first: null })
    return other
  }
  const moveTracks = (person: PersonRecord, other: PersonRecord, off: readonly Part[]): void => {
    const isOff = new Set(off.map(({ of }) => of))
    for (const tracklet of tracklets.changeable()) {
      if (tracklet.person !== person && tracklet.person !== other) continue
      const whose = isOff.has(tracklet) ? other : person
      const isMoved = tracklet.person !== whose
      if (isMoved) tracklets.assign(tracklet, whose)
      if (whose === other) note({ type: 'assigned', tracklet, before: person.id })
      else if (isMoved) note({ type: 'assigned', tracklet, before: other.id })
    }
  }

  return {
    unmerge(id) {
      const unmerged = takeBack(id, 'user', null)
      if (!unmerged) return null
      const { back, from } = unmerged
      coOccurrence.add(back.id, from.id, Infinity)
      for (const tracklet of tracklets.of(back)) note({ type: 'assigned', tracklet, before: from.id })
      return unmerged
    },
    takeOff(person, tracks, atMs) {
      const other = createOff(person, atMs)
      moveTracks(
        person,
        other,
        partsOf(person).filter(({ of }) => of !== null && tracks.has(of)),
      )
      coOccurrence.add(person.id, other.id, Infinity)
      note({ type: 'split', person, off: other, why: null })
      return other
    },
    split(person, atMs, why) {
      const groups = divide(partsOf(person))
      if (!groups) return null
      const isOwnOff = person.origins.length > 0 && sidesOf(person, nearerTo(...groups)).get(person.id)
      const [kept, off] = isOwnOff ? [groups[1], groups[0]] : groups
      const isOff = nearerTo(kept, off)
      const by = why === null ? 'user' : 'engine'
      const back = giveBack(person, isOff, by, why)
      const other = back ?? createOff(person, atMs)
      people.setLooks(person, settledOf(kept), (look) => !isOff(look))
      people.setLooks(other, settledOf(off), isOff)
      moveTracks(person, other, off)
      if (why === null) coOccurrence.add(person.id, other.id, Infinity)
      if (!back) note({ type: 'split', person, off: other, why })
      return other
    },
  }
}
