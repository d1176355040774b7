import type { PersonId } from '../../types.ts'
import type { GivingBackParts } from '../people/giving-back.ts'
import type { Contributor, PersonRecord } from '../people/person-record.ts'
import { contributorOf } from '../state/settled-tracks.ts'
import type { Exemplar, SettledTrack } from '../state/state.ts'

/** Gives tracks of one person to another, and says so. */
export interface TrackMoves {
  /** Of the tracklets of the two those in `off` are `other`'s, the rest `person`'s. */
  moveTracklets(person: PersonRecord, other: PersonRecord, off: ReadonlySet<Contributor | null>): void
  /**
   * The track is counted with `into`, under `as`, which defaults to its ID; what both are known by is for whoever calls.
   */
  moveSettled(settled: SettledTrack, from: PersonRecord, into: PersonRecord, as?: PersonId): void
  /** Of settled tracks of the two those are `other`'s whose look is off, the rest `person`'s. */
  divideSettled(
    person: PersonRecord,
    other: PersonRecord,
    settled: readonly SettledTrack[],
    isOff: (look: Exemplar) => boolean,
  ): void
}

/** Notes each move as an assignment change, so that events and sightings follow. It keeps no state of its own. */
export const createTrackMoves = ({
  people,
  tracklets,
  settled,
  note,
}: Pick<GivingBackParts, 'people' | 'tracklets' | 'settled' | 'note'>): TrackMoves => {
  const moveSettled: TrackMoves['moveSettled'] = (one, from, into, as = into.id) => {
    people.addTrack(from, contributorOf(one), -1)
    people.addTrack(into, { assignedAs: as }, 1)
    settled.assign(one, as)
    note({ type: 'moved', settled: one, before: from.id, person: into, as })
  }
  return {
    moveSettled,
    moveTracklets(person, other, off) {
      for (const tracklet of tracklets.changeable()) {
        if (tracklet.person !== person && tracklet.person !== other) continue
        const whose = off.has(tracklet) ? other : person
        const isMoved = tracklet.person !== whose
        if (isMoved) tracklets.assign(tracklet, whose)
        if (whose === other) note({ type: 'assigned', tracklet, before: person.id })
        else if (isMoved) note({ type: 'assigned', tracklet, before: other.id })
      }
    },
    divideSettled(person, other, all, isOff) {
      for (const one of all) {
        const [from, into] = [people.find(one.person), isOff(one.look) ? other : person]
        if (from && from !== into) moveSettled(one, from, into)
      }
    },
  }
}
