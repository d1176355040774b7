import type { Compared } from '../../events/types.ts'
import { dot } from '../../math/vector.ts'
import type { PersonId, TrackId } from '../../types.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import { directionOf, divide, knownBy } from '../people/exemplars.ts'
import {
  createGivingBack,
  type GivingBack,
  type GivingBackParts,
  sidesByLooks,
  sidesByTracks,
  sourcesOf,
} from '../people/giving-back.ts'
import type { Unmerged } from '../people/merging.ts'
import type { Contributor, PersonRecord } from '../people/person-record.ts'
import { nameOf } from '../state/settled-tracks.ts'
import type { Exemplar, SettledTrack } from '../state/state.ts'
import type { Tracklet } from '../tracklets/tracklet.ts'
import { createTakingBack, type TakingBack } from './taking-back.ts'
import { createTrackMoves, type TrackMoves } from './track-moves.ts'

/** Tracks of one person. */
export interface Chosen {
  readonly tracklets: ReadonlySet<Tracklet>
  readonly settled: readonly SettledTrack[]
}

/** Makes two people of one. */
export interface Splitting extends Pick<GivingBack, 'settledOf'>, TakingBack {
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
  /**
   * Takes what these tracks have added out, because somebody said so: the two are never one again. An old ID of which all
   * is chosen is given back and has the rest, too; else they are a new person.
   */
  takeOff(person: PersonRecord, chosen: Chosen, atMs: number): PersonRecord
  /** Gives what these tracks have added to another person, because somebody said so: the two are never one again. */
  moveTo(person: PersonRecord, chosen: Chosen, other: PersonRecord): void
}

/** What splits read and change. */
export interface SplittingParts extends GivingBackParts {
  readonly coOccurrence: CoOccurrence
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

const looksOf = (group: readonly Part[]): Exemplar[] =>
  group.flatMap(({ of, sum, weight }) => (of === null ? [{ sum, weight }] : []))

/** What the divisions below need beside what they change. */
interface Dividing extends SplittingParts, Pick<GivingBack, 'settledOf' | 'giveBack'> {
  readonly moves: TrackMoves
}

/** A new person beside `person`, for what is taken off it. */
const createOff = (person: PersonRecord, atMs: number, { people, note }: SplittingParts): PersonRecord => {
  // With the time: where a backup is in place the number may have been given before, to somebody else.
  const name: TrackId = `${person.id}/off/${people.created()}/${atMs}`
  const other = people.create(name, person.lastCamera, atMs)
  note({ type: 'created', person: other, first: null })
  return other
}

/** See `Splitting.takeOff`. */
const takeOff = (person: PersonRecord, chosen: Chosen, atMs: number, dividing: Dividing): PersonRecord => {
  const { people, coOccurrence, note, settledOf, giveBack, moves } = dividing
  const names = new Set(chosen.settled.map(nameOf))
  const isOff = (one: SettledTrack): boolean => names.has(nameOf(one))
  const sides = sidesByTracks(people, person, settledOf(person), {
    settled: isOff,
    contributor: (one) => chosen.tracklets.has(one as Tracklet),
  })
  const back = giveBack(person, sides, 'user', null)
  const other = back ?? createOff(person, atMs, dividing)
  const own = settledOf(person)
  const taken = own.filter(isOff)
  people.takeOut(
    person,
    taken,
    own.filter((one) => !isOff(one)),
  )
  for (const one of taken) {
    people.teach(other, one.look)
    moves.moveSettled(one, person, other)
  }
  moves.moveTracklets(person, other, chosen.tracklets)
  coOccurrence.add(person.id, other.id, Infinity)
  if (!back) note({ type: 'split', person, off: other, why: null })
  return other
}

/** See `Splitting.split`. */
const split = (person: PersonRecord, atMs: number, why: Compared | null, dividing: Dividing): PersonRecord | null => {
  const { people, coOccurrence, note, settledOf, giveBack, moves } = dividing
  const groups = divide(partsOf(person))
  if (!groups) return null
  const isOwnOff = person.origins.length > 0 && sidesByLooks(people, person, nearerTo(...groups)).get(person.id)
  const [kept, off] = isOwnOff ? [groups[1], groups[0]] : groups
  const isOff = nearerTo(kept, off)
  const settled = settledOf(person)
  const isKept = settled.length >= person.sources
  const back = giveBack(person, sidesByLooks(people, person, isOff), why === null ? 'user' : 'engine', why)
  const other = back ?? createOff(person, atMs, dividing)
  people.setLooks(person, looksOf(kept), (look) => !isOff(look))
  people.setLooks(other, looksOf(off), isOff)
  moves.moveTracklets(person, other, new Set(off.map(({ of }) => of)))
  moves.divideSettled(person, other, settled, isOff)
  for (const one of [person, other]) one.sources = sourcesOf(settledOf(one), isKept)
  if (why === null) coOccurrence.add(person.id, other.id, Infinity)
  if (!back) note({ type: 'split', person, off: other, why })
  return other
}

/** Divides people, for the engine and for users. It keeps no state of its own. */
export const createSplitting = (parts: SplittingParts): Splitting => {
  const { people, coOccurrence } = parts
  const { settledOf, takeBack, giveBack } = createGivingBack(parts)
  const moves = createTrackMoves(parts)
  const takingBack = createTakingBack({ ...parts, settledOf, takeBack, moves })
  const dividing: Dividing = { ...parts, settledOf, giveBack, moves }
  return {
    settledOf,
    ...takingBack,
    unmerge(id) {
      const into = people.intoOf(id)
      const unmerged = takingBack.takeMergeBack(id)
      // The ID that it was merged into may be an alias, and be given back later.
      if (unmerged) for (const other of [into, unmerged.from.id]) coOccurrence.add(id, other, Infinity)
      return unmerged
    },
    takeOff: (person, chosen, atMs) => takeOff(person, chosen, atMs, dividing),
    moveTo(person, chosen, other) {
      const names = new Set([...chosen.settled, ...chosen.tracklets].map(({ track }) => track))
      const held = takingBack.heldBy(person).filter(({ track }) => names.has(track))
      takingBack.giveTracks(
        person,
        other,
        held.map((one) => ({ ...one, as: other.id })),
      )
      coOccurrence.add(person.id, other.id, Infinity)
    },
    split: (person, atMs, why) => split(person, atMs, why, dividing),
  }
}
