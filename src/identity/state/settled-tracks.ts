import type { PersonId, TrackId } from '../../types.ts'
import type { Contributor } from '../people/person-record.ts'
import type { Exemplar, PastTrack, SettledTrack, StateChange } from './state.ts'

/** Settled tracks that are kept elsewhere, since they were saved. */
export interface SettledArchive {
  /** Those that were assigned to one of these IDs. */
  ofPeople(people: readonly PersonId[]): SettledTrack[]
  /** A track that was forgotten while it was seen, and began anew, may have settled more than once. */
  ofTrack(track: TrackId): SettledTrack[]
}

/** For runs and tests that keep no settled tracks: it finds none. */
export const noSettledArchive: SettledArchive = { ofPeople: () => [], ofTrack: () => [] }

/**
 * What settled tracks have added to people, so that somebody can still choose what comes off a person. Like a sighting
 * each keeps the ID that it was assigned to, and the aliases say whose it is: a merge changes none, and can be undone.
 */
export interface SettledTracks {
  /** The track settles; what it adds is rounded as it is kept, so that a restart changes nothing. */
  add(track: SettledTrack): void
  /** Those that were assigned to one of these IDs, in the order of their last frames. */
  of(people: readonly PersonId[]): SettledTrack[]
  ofTrack(track: TrackId): SettledTrack[]
  /** It was somebody else's. */
  assign(track: SettledTrack, person: PersonId): void
  /** Forgets all that was assigned to one of these IDs. */
  remove(people: readonly PersonId[]): void
  /** What has changed since the last call. */
  takeChanged(): Pick<StateChange, 'settled' | 'settledGone'>
}

/** Names it for ever. */
export const nameOf = ({ track, seq }: Pick<PastTrack, 'track' | 'seq'>): string => `${track} ${seq}`

const inOrder = (a: SettledTrack, b: SettledTrack): number =>
  a.lastMs - b.lastMs || (a.track < b.track ? -1 : a.track > b.track ? 1 : a.seq - b.seq)

/** To half precision, 11 bits: as it is kept. */
export const rounded = ({ sum, weight }: Exemplar): Exemplar => ({
  sum: Float32Array.from(Float16Array.from(sum)),
  weight,
})

/** Under which ID it came in, for what asks that of tracklets. */
export const contributorOf = ({ person }: SettledTrack): Contributor => ({ assignedAs: person })

/** Starts with none. Holds what has settled since the state was last taken; older tracks are read from the archive. */
export const createSettledTracks = (archive: SettledArchive): SettledTracks => {
  /** Those that have changed since they were saved. */
  const changed = new Map<string, SettledTrack>()
  let gone: StateChange['settledGone'] = []
  const found = (archived: readonly SettledTrack[], wanted: (one: SettledTrack) => boolean): SettledTrack[] =>
    [...archived.filter((one) => !changed.has(nameOf(one))), ...[...changed.values()].filter(wanted)].sort(inOrder)
  return {
    add: (track) => void changed.set(nameOf(track), { ...track, look: rounded(track.look) }),
    of(people) {
      const ids = new Set(people)
      return found(archive.ofPeople(people), ({ person }) => ids.has(person))
    },
    ofTrack: (track) => found(archive.ofTrack(track), (one) => one.track === track),
    assign: (track, person) => void changed.set(nameOf(track), { ...track, person }),
    remove(people) {
      const ids = new Set(people)
      for (const [key, { track, seq, person }] of changed) {
        if (!ids.has(person)) continue
        changed.delete(key)
        gone = [...gone, { track, seq }]
      }
    },
    takeChanged() {
      const taken = { settled: [...changed.values()], settledGone: gone }
      changed.clear()
      gone = []
      return taken
    },
  }
}
