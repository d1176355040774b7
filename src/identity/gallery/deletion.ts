import type { Cause, RollcallEvent } from '../../events/types.ts'
import type { WallMs } from '../../types.ts'
import type { Recluster } from '../clustering/recluster.ts'
import type { Events } from '../events/events.ts'
import type { Teller } from '../events/tell.ts'
import type { IdentityOptions } from '../options.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { Known } from '../people/evidence.ts'
import { directionOf } from '../people/exemplars.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { Sightings } from '../sightings/sightings.ts'
import type { SettledTracks } from '../state/settled-tracks.ts'
import type { StateChanges } from '../state/state-changes.ts'
import type { UnassignedTracks } from '../state/unassigned-tracks.ts'
import { knownOf } from '../tracklets/tracklet.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'

/** Everything that may hold a vector or an ID of a person. */
export interface DeletionParts {
  readonly people: People
  readonly tracklets: Tracklets
  readonly coOccurrence: CoOccurrence
  readonly recluster: Recluster
  readonly sightings: Sightings
  readonly settled: Pick<SettledTracks, 'remove'>
  readonly unassigned: Pick<UnassignedTracks, 'remove'>
  readonly state: StateChanges
  readonly events: Events
  readonly teller: Teller
  readonly options: IdentityOptions
}

/** Deletes a person at `atMs`, wall time; returns the events. */
export type DeletePerson = (person: PersonRecord, by: Cause, atMs: WallMs) => RollcallEvent[]

/** Forgets tracklets and past tracks without a person that are alike. */
export const forgetAlike = (
  { tracklets, unassigned }: Pick<DeletionParts, 'tracklets' | 'unassigned'>,
  isAlike: (known: Known) => boolean,
): void => {
  for (const tracklet of tracklets.all())
    if (!tracklet.person && tracklet.template && isAlike(knownOf(tracklet.template))) tracklets.forget(tracklet)
  unassigned.remove(({ look }) => isAlike({ mean: directionOf(look), evidence: look.weight }))
}

/**
 * Returns the only function that deletes people. It forgets the person's tracklets, tracklets without a person that look
 * like it, and every mention of its IDs. A live track begins a new tracklet with its next frame.
 */
export const createDeletion = (parts: DeletionParts): DeletePerson => {
  const { people, tracklets, coOccurrence, recluster, sightings, settled } = parts
  const { state, events, teller, options } = parts

  return (person, by, atMs) => {
    const ended = sightings.end((sighting) => sighting.person === person.id, atMs)
    const ids = [person.id, ...people.aliasesOf(person.id)]
    sightings.remove(ids)
    settled.remove(ids)
    // Those without a person may be this one.
    forgetAlike(parts, (known) => (people.compare(known, person)?.score ?? -1) >= options.create)
    tracklets.forgetPerson(person, new Set(ids))
    recluster.forget(person)
    coOccurrence.remove(ids)
    state.removed(people.remove(person))
    return [...ended, ...teller.log([events.deleted(person.id, by, atMs)])]
  }
}
