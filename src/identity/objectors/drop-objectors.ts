import type { RollcallEvent } from '../../events/types.ts'
import type { TrackId } from '../../types.ts'
import type { TrackAssignments } from '../clustering/track-assignments.ts'
import type { DeletePerson } from '../gallery/deletion.ts'
import type { IdentityOptions } from '../options.ts'
import { knownBy } from '../people/exemplars.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { knownOf, type Tracklet } from '../tracklets/tracklet.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import type { DroppedTracks } from './dropped-tracks.ts'
import type { Objectors } from './objectors.ts'

/** Finds the tracks of objectors among others, and leaves nothing of them. */
export interface Dropping {
  /**
   * Forgets those of these tracklets that are an objector's and drops their tracks. Returns the tracklets, and the events of
   * people of whom nothing else is known: they were the objector under an ID.
   */
  drop(fresh: Iterable<Tracklet>, atMs: number): { readonly dropped: ReadonlySet<Tracklet>; events: RollcallEvent[] }
  /** Whether a track that is over, and nobody's, was an objector's: `create` is enough, since waiting shows no more. */
  wasTheirs(tracklet: Tracklet): boolean
  /**
   * Deletes people without a name who look like an objector as surely as two people who are merged: what a split left. Where the
   * unknown are ignored, all people without a name.
   */
  sweep(atMs: number): RollcallEvent[]
}

/** What dropping reads and changes; all are shared with the rest of the engine. */
export interface DroppingParts {
  readonly objectors: Objectors
  readonly droppedTracks: Pick<DroppedTracks, 'add' | 'addOver'>
  readonly people: People
  readonly tracklets: Tracklets
  readonly assignments: TrackAssignments
  readonly deletePerson: DeletePerson
  readonly options: IdentityOptions
  /** Is told of each track that is dropped. */
  readonly onDropped: (track: TrackId) => void
}

/** The people who are compared with one objector in a sweep. */
const mostSwept = 16

/** Makes the rules of `join`, `create` and `joinWeight` for objectors: a track is theirs as it would be a person's. */
export const createDropping = (parts: DroppingParts): Dropping => {
  const { objectors, droppedTracks, people, tracklets, assignments, deletePerson, options, onDropped } = parts
  /** Whether the track is an objector's and nobody's else who is known is more alike. */
  const isTheirs = (tracklet: Tracklet, isOver: boolean): boolean => {
    const { template, person } = tracklet
    if (!template || objectors.all().length === 0) return false
    // A few small faces match anybody. Once the track is over nobody can become known by them either.
    if (!isOver && template.weight < options.joinWeight) return false
    const known = knownOf(template)
    const score = objectors.scoreOf(known)
    const isSettled = isOver || template.faces >= options.settleFaces
    if (score < (person === null && isSettled ? options.create : options.join)) return false
    if (person === null) return score >= (people.nearest(known, 1, () => true)[0]?.score ?? -1)
    const own = assignments.own(tracklet)
    return own === null || score - options.join > own.score - options.leave
  }
  return {
    drop(fresh, atMs) {
      const dropped = new Set([...fresh].filter((tracklet) => isTheirs(tracklet, false)))
      const events: RollcallEvent[] = []
      for (const tracklet of dropped) {
        const { person, template } = tracklet
        droppedTracks.add(tracklet)
        onDropped(tracklet.track)
        // Its first faces may have been written.
        if ((template?.faces ?? 0) > 1) objectors.erase()
        tracklets.forget(tracklet)
        if (person && person.known === null) for (const event of deletePerson(person, 'user', atMs)) events.push(event)
      }
      return { dropped, events }
    },
    wasTheirs(tracklet) {
      const isIt = tracklet.person === null && isTheirs(tracklet, true)
      if (isIt) {
        droppedTracks.addOver(tracklet.track)
        onDropped(tracklet.track)
        objectors.erase()
      }
      return isIt
    },
    sweep(atMs) {
      const isUnnamed = ({ name }: PersonRecord): boolean => name === null
      if (options.unknown === 'ignore')
        return people
          .all()
          .filter(isUnnamed)
          .flatMap((person) => deletePerson(person, 'retention', atMs))
      return objectors.all().flatMap(({ looks }) => {
        const known = knownBy(looks)
        if (!known) return []
        return people
          .nearest(known, mostSwept, isUnnamed)
          .filter(({ score }) => score >= options.merge)
          .flatMap(({ person }) => deletePerson(person, 'user', atMs))
      })
    },
  }
}
