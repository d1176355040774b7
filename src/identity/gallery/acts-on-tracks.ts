import type { RollcallEvent } from '../../events/types.ts'
import type { PersonId, TrackId, WallMs } from '../../types.ts'
import type { HeldTrack } from '../clustering/taking-back.ts'
import type { TrackAssignments } from '../clustering/track-assignments.ts'
import type { Origins } from '../people/origins.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { GivenBack } from '../state/journal.ts'
import { type ActsParts, type Outcome, personOf } from './act-parts.ts'

/** The acts that are about some tracks of a person: each does what `Gallery` does, and says how it is taken back. */
export const actsOnTracks = (parts: Pick<ActsParts, 'gallery' | 'people' | 'assignments'>) => {
  const { gallery, people, assignments } = parts
  return {
    split(id: PersonId, tracks: readonly TrackId[], atMs: WallMs): Outcome {
      const person = personOf(parts, id)
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
        tracks: movedSince(before, [person, off], assignments),
      } as const
      return { events, people: [person.id, off.id], before: null, undo }
    },
    /** Of two different people, and not all that the first is known by. */
    move(from: PersonId, to: PersonId, tracks: readonly TrackId[], atMs: WallMs): Outcome {
      const [person, other] = [personOf(parts, from), personOf(parts, to)]
      const chosen = new Set(tracks)
      const before = assignments.heldBy(person).filter(({ track }) => chosen.has(track))
      const events = gallery.move(from, to, tracks, atMs)
      const undo = { kind: 'move', from: person.id, to: other.id, tracks: before } as const
      return { events, people: [other.id, person.id], before: null, undo }
    },
    /** Whether a move of these tracks to another person is all that `from` is known by: then it is a merge. */
    isMerge(from: PersonId, to: PersonId, tracks: readonly TrackId[]): boolean {
      const person = personOf(parts, from)
      return person !== personOf(parts, to) && gallery.isAllOf(person.id, tracks)
    },
  }
}

/** The tracks that are under another ID than before. */
const movedSince = (
  before: readonly HeldTrack[],
  now: readonly PersonRecord[],
  assignments: Pick<TrackAssignments, 'heldBy'>,
): HeldTrack[] => {
  const held = new Map(now.flatMap((one) => assignments.heldBy(one)).map((one) => [`${one.track} ${one.seq}`, one.as]))
  return before.filter(({ track, seq, as }) => held.get(`${track} ${seq}`) !== as)
}

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
