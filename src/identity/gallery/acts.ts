import type { RollcallEvent } from '../../events/types.ts'
import type { PersonId, TrackId, WallMs } from '../../types.ts'
import type { HeldTrack } from '../clustering/taking-back.ts'
import type { TrackAssignments } from '../clustering/track-assignments.ts'
import type { Teller } from '../events/tell.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { Origins } from '../people/origins.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { ApartChange, GivenBack, Undo } from '../state/journal.ts'
import type { Gallery } from './gallery.ts'
import { undoing } from './undo.ts'

/** What somebody does with people, of what can be taken back. */
export type Act =
  | { readonly kind: 'name'; readonly person: PersonId; readonly name: string | null }
  | { readonly kind: 'merge'; readonly a: PersonId; readonly b: PersonId; readonly force: boolean }
  | { readonly kind: 'unmerge'; readonly id: PersonId }
  /** Without tracks along the person's two most different parts. */
  | { readonly kind: 'split'; readonly person: PersonId; readonly tracks: readonly TrackId[] }
  | { readonly kind: 'move'; readonly from: PersonId; readonly to: PersonId; readonly tracks: readonly TrackId[] }
  | { readonly kind: 'separate'; readonly a: PersonId; readonly b: PersonId }

/** What came of an act. */
export interface Done {
  readonly events: RollcallEvent[]
  /** Whom it was about, by the IDs that they have now. */
  readonly people: readonly PersonId[]
  /** Of `name`: the name until now. */
  readonly before: string | null
  /** How it is taken back; null when nothing has changed. */
  readonly undo: Undo | null
}

/** Acts that can be taken back. Throws what the actions of `Gallery` throw. */
export interface Acts {
  /** Does it, and says how it is taken back. A move of all that a person has is a merge. */
  act(act: Act, atMs: WallMs): Done
  /**
   * Takes an act back: people and assignments are as before it, and what has come in since is kept. IDs that it made stay
   * valid as aliases. Throws PERSON_CONFLICT, with the reason, when later changes do not allow it; nothing has changed then.
   */
  undo(undo: Undo, atMs: WallMs): RollcallEvent[]
}

/** What acts read and change; all are shared with the rest of the engine. */
export interface ActsParts {
  readonly gallery: Gallery
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly assignments: TrackAssignments
  readonly teller: Teller
}

/** How an act is taken back, but for what keeps people apart: that is compared for all acts alike. */
type Reverse = Undo extends infer Kind ? (Kind extends Undo ? Omit<Kind, 'apart'> : never) : never

type Outcome = Omit<Done, 'undo'> & { readonly undo: Reverse | null }

/** Does what `Gallery` does, and works out how it is taken back: it compares before and after. */
export const createActs = (parts: ActsParts): Acts => {
  const { gallery, people, coOccurrence, assignments } = parts
  const need = (id: PersonId): PersonRecord => {
    gallery.idsOf(id)
    return people.find(id) as PersonRecord
  }

  const name = (id: PersonId, wanted: string | null, atMs: WallMs): Outcome => {
    const person = need(id)
    const before = person.name
    const events = gallery.name(id, wanted, atMs)
    const undo = events.length === 0 ? null : ({ kind: 'name', person: person.id, name: person.name, before } as const)
    return { events, people: [person.id], before, undo }
  }
  const merge = (a: PersonId, b: PersonId, force: boolean, atMs: WallMs): Outcome => {
    const [one, other] = [need(a), need(b)]
    const events = gallery.merge(a, b, atMs, { force })
    const [into, from] = people.find(one.id) === one ? [one, other] : [other, one]
    const undo = { kind: 'merge', from: from.id, into: into.id } as const
    return { events, people: [into.id, from.id], before: null, undo }
  }
  const unmerge = (id: PersonId, atMs: WallMs): Outcome => {
    const whole = need(id)
    const origin = whole.origins.find((one) => one.id === id)
    const events = gallery.unmerge(id, atMs)
    const undo = origin ? ({ kind: 'unmerge', person: id, into: origin.into, by: origin.by } as const) : null
    return { events, people: [id, whole.id], before: null, undo }
  }
  /** The tracks that are under another ID than before. */
  const movedSince = (before: readonly HeldTrack[], now: readonly PersonRecord[]): HeldTrack[] => {
    const held = new Map(
      now.flatMap((one) => assignments.heldBy(one)).map((one) => [`${one.track} ${one.seq}`, one.as]),
    )
    return before.filter(({ track, seq, as }) => held.get(`${track} ${seq}`) !== as)
  }
  const split = (id: PersonId, tracks: readonly TrackId[], atMs: WallMs): Outcome => {
    const person = need(id)
    const [before, origins] = [assignments.heldBy(person), person.origins]
    const events = gallery.split(id, atMs, { tracks })
    const off = people.find(offIn(events)) as PersonRecord
    const origin = origins.find((one) => one.id === off.id)
    const given = givenIn(events, origins)
    const undo = {
      kind: 'split',
      person: person.id,
      off: off.id,
      into: origin?.into ?? person.id,
      by: origin?.by ?? 'user',
      ...(given.length > 1 && { given }),
      tracks: movedSince(before, [person, off]),
    } as const
    return { events, people: [person.id, off.id], before: null, undo }
  }
  const move = (from: PersonId, to: PersonId, tracks: readonly TrackId[], atMs: WallMs): Outcome => {
    const [person, other] = [need(from), need(to)]
    if (person !== other && gallery.isAllOf(person.id, tracks)) return merge(from, to, true, atMs)
    const chosen = new Set(tracks)
    const before = assignments.heldBy(person).filter(({ track }) => chosen.has(track))
    const events = gallery.move(from, to, tracks, atMs)
    const undo = { kind: 'move', from: person.id, to: other.id, tracks: before } as const
    return { events, people: [other.id, person.id], before: null, undo }
  }
  const separate = (one: PersonId, other: PersonId, atMs: WallMs): Outcome => {
    const [a, b] = [need(one).id, need(other).id]
    const before = coOccurrence.of(a).get(b)
    const events = gallery.separate(a, b, atMs)
    const undo = before === Infinity ? null : ({ kind: 'separate', a, b } as const)
    return { events, people: [a, b], before: null, undo }
  }
  const does = (act: Act, atMs: WallMs): Outcome => {
    switch (act.kind) {
      case 'name':
        return name(act.person, act.name, atMs)
      case 'merge':
        return merge(act.a, act.b, act.force, atMs)
      case 'unmerge':
        return unmerge(act.id, atMs)
      case 'split':
        return split(act.person, act.tracks, atMs)
      case 'move':
        return move(act.from, act.to, act.tracks, atMs)
      case 'separate':
        return separate(act.a, act.b, atMs)
    }
  }

  return {
    act(act, atMs) {
      const ids = namedBy(act).flatMap((id) => [people.resolve(id), ...people.aliasesOf(people.resolve(id))])
      const before = pairsOf(coOccurrence, ids)
      const done = does(act, atMs)
      if (done.undo === null || done.undo.kind === 'name') return { ...done, undo: done.undo as Undo | null }
      const after = pairsOf(coOccurrence, [...ids, ...done.people])
      return { ...done, undo: { ...done.undo, apart: changedPairs(before, after) } as Undo }
    },
    undo: undoing(parts),
  }
}

const namedBy = (act: Act): PersonId[] =>
  Object.entries(act).flatMap(([key, value]) =>
    key !== 'kind' && key !== 'name' && typeof value === 'string' ? value : [],
  )

/** What was counted of these IDs and others; the two of a pair are in order. */
const pairsOf = (coOccurrence: CoOccurrence, ids: readonly PersonId[]): Map<string, number> => {
  const pairs = new Map<string, number>()
  for (const id of ids)
    for (const [other, frames] of coOccurrence.of(id))
      pairs.set(id < other ? `${id} ${other}` : `${other} ${id}`, frames)
  return pairs
}

/** Infinity as JSON can say it. */
const finite = (frames: number): number | null => (frames === Infinity ? null : frames)

const changedPairs = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): ApartChange[] =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((pair) => {
    const [was, is] = [before.get(pair) ?? 0, after.get(pair) ?? 0]
    const [a = '', b = ''] = pair.split(' ')
    return was === is ? [] : [[a, b, finite(was), finite(is)] as const]
  })

/** The IDs that a split gave back, of a person who had these origins. */
const givenIn = (events: readonly RollcallEvent[], origins: Origins): GivenBack[] => {
  const given: GivenBack[] = []
  for (const { type, data, subject } of events) {
    const last = given.at(-1)
    if (type === 'rollcall.person.unmerged.v1') {
      const origin = origins.find(({ id }) => id === data.person)
      if (origin) given.push({ id: origin.id, into: origin.into, by: origin.by, merged: null })
    } else if (type === 'rollcall.person.merged.v1' && last)
      given[given.length - 1] = { ...last, merged: { from: subject, into: data.into } }
  }
  return given
}

/** Who was taken out by a split: somebody new, or somebody whose ID is given back. */
const offIn = (events: readonly RollcallEvent[]): PersonId => {
  let off = ''
  for (const { type, data } of events)
    if (type === 'rollcall.person.split.v1') off = data.off
    else if (type === 'rollcall.person.unmerged.v1') off = data.person
  return off
}
