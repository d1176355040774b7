import type { CameraId, MediaMs, PersonId } from '../../types.ts'
import { contributorOf } from '../state/settled-tracks.ts'
import type { Exemplar, SettledTrack } from '../state/state.ts'
import type { Known } from './evidence.ts'
import { knownBy, withExemplar } from './exemplars.ts'
import { lessened, remade, type Without } from './exemplars-without.ts'
import { countedOrigins, type LookOf, laterSeen, originsWithout, seenOrigins, taughtOrigins } from './origins.ts'
import type { PeopleList } from './people-list.ts'
import type { PersonIds } from './person-ids.ts'
import type { Contributor, PersonRecord } from './person-record.ts'

/** What people are known by and where they were seen; each part is kept with the ID that it came in under. */
export interface PersonLooks {
  /** Sets what the track adds to the person; null takes it away. */
  contribute(person: PersonRecord, track: Contributor, part: Exemplar | null): void
  /** The track's contribution can change no more. */
  settle(person: PersonRecord, track: Contributor): void
  /** The person without one track's contribution; null when nothing is left. */
  without(person: PersonRecord, track: Contributor): Known | null
  /** The person's own ID, or the one before a merge, under which the track came in and can be given back. */
  originOf(person: PersonRecord, track: Contributor): PersonId
  /** Adds a look that is no track's, under the person's own ID. */
  teach(person: PersonRecord, look: Exemplar): void
  /** Adds the look of a track that has settled, under the ID that it came in under. */
  teachAs(person: PersonRecord, track: Contributor, look: Exemplar): void
  /** What the person would be known by, of tracks that have settled, without `off`; `stay` are the others that are kept. */
  remainder(person: PersonRecord, off: readonly SettledTrack[], stay: readonly SettledTrack[]): readonly Exemplar[]
  /** Takes what settled tracks have added away, here and where an unmerge would give it back; `stay` as in `remainder`. */
  takeOut(person: PersonRecord, off: readonly SettledTrack[], stay: readonly SettledTrack[]): void
  /** Counts the track; −1: it has left. */
  addTrack(person: PersonRecord, track: Contributor, by: 1 | -1): void
  addFaces(person: PersonRecord, track: Contributor, by: number): void
  /** The person was seen on this track at `atMs`, which may be long ago: a file's time, or a camera's that was ahead. */
  saw(person: PersonRecord, track: Contributor, atMs: MediaMs, camera: CameraId): void
}

const lookOf = ({ look }: SettledTrack): Exemplar => look

/** Changes what people are known by, and refreshes the search with each change. */
export const createPersonLooks = (list: PeopleList, ids: PersonIds): PersonLooks => {
  const originOf = ({ id, origins }: PersonRecord, { assignedAs }: Contributor): PersonId => {
    if (!assignedAs || origins.length === 0) return id
    return origins.find((origin) => ids.leadsThrough(assignedAs, origin.id))?.id ?? id
  }
  const learn = (person: PersonRecord, id: PersonId, look: Exemplar): void => {
    person.exemplars = withExemplar(person.exemplars, look)
    person.sources++
    person.origins = taughtOrigins(person.origins, id, look)
    list.refresh(person)
  }
  const withoutFor = ({ sources }: PersonRecord, kept: number): Without => (sources <= kept ? remade : lessened)
  const remainder: PersonLooks['remainder'] = (person, off, stay) =>
    withoutFor(person, off.length + stay.length)(person.exemplars, off.map(lookOf), stay.map(lookOf))
  return {
    originOf,
    remainder,
    takeOut(person, off, stay) {
      const named = (tracks: readonly SettledTrack[]): LookOf[] =>
        tracks.map((one) => ({ id: originOf(person, contributorOf(one)), look: one.look }))
      const without = withoutFor(person, off.length + stay.length)
      person.exemplars = remainder(person, off, stay)
      person.origins = originsWithout(person.origins, named(off), named(stay), without)
      person.sources -= off.length
      list.refresh(person)
    },
    contribute(person, track, part) {
      if (part) person.contributions.set(track, part)
      else person.contributions.delete(track)
      list.refresh(person)
    },
    settle(person, track) {
      const part = person.contributions.get(track)
      if (!part) return
      person.contributions.delete(track)
      learn(person, originOf(person, track), part)
    },
    without(person, track) {
      const part = person.contributions.get(track)
      if (!part) return person.known
      const rest = [...person.contributions.values()].filter((other) => other !== part)
      return knownBy([...person.exemplars, ...rest])
    },
    teach: (person, look) => learn(person, person.id, look),
    teachAs: (person, track, look) => learn(person, originOf(person, track), look),
    addTrack(person, track, by) {
      person.tracks += by
      person.origins = countedOrigins(person.origins, originOf(person, track), by, 0)
      list.touch(person)
    },
    addFaces(person, track, by) {
      person.faces += by
      person.origins = countedOrigins(person.origins, originOf(person, track), 0, by)
      list.touch(person)
    },
    saw(person, track, atMs, camera) {
      const seen = { lastSeenAtMs: atMs, unseenSinceMs: null, lastCamera: camera }
      person.origins = seenOrigins(person.origins, originOf(person, track), person, seen)
      Object.assign(person, laterSeen(seen, person))
      list.touch(person)
    },
  }
}
