import { type CorrectionReason, isAboutPeople, type RollcallEvent } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { AssignmentChange, TrackAssignments } from '../clustering/track-assignments.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { sightedTrack } from '../sightings/sighting.ts'
import type { Sightings } from '../sightings/sightings.ts'
import type { LoggedEvent } from '../state/state.ts'
import type { StateChanges } from '../state/state-changes.ts'
import { isVisible, type Tracklet } from '../tracklets/tracklet.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import type { Events } from './events.ts'

/** What events are made from; all are shared with the rest of the engine. */
export interface TellParts {
  readonly events: Events
  readonly people: People
  readonly tracklets: Tracklets
  readonly assignments: TrackAssignments
  readonly sightings: Sightings
  readonly state: StateChanges
  /** `identity.join`: what events name that are about no comparison. */
  readonly threshold: number
}

/** Turns noted changes into events, and logs those about people, tracks and sightings. */
export interface Teller {
  /** The events of all changes since the last call, in order. `atMs` is the frame's capture time. */
  readonly tell: (atMs: number) => RollcallEvent[]
  /**
   * Adds the frames of late joins to sightings. Call it after the frame was counted, so that they join a sighting that the
   * frame has begun.
   */
  readonly countLate: (atMs: number) => RollcallEvent[]
  /** Logs events and returns them. */
  readonly log: (told: RollcallEvent[]) => RollcallEvent[]
}

/** Keeps late joins until `countLate`. */
export const createTeller = (parts: TellParts): Teller => {
  const { people, tracklets, assignments, sightings, state } = parts
  let late: Tracklet[] = []

  const toEvents = eventMaker(parts, (tracklet) => late.push(tracklet))
  const log = (told: RollcallEvent[]): RollcallEvent[] => {
    for (const event of told) if (isAboutPeople(event)) state.log(event as LoggedEvent)
    return told
  }
  return {
    log,
    tell(atMs) {
      const changes = assignments.takeChanges()
      const reasons = reasonsIn(changes)
      return log(changes.flatMap((change) => toEvents(change, reasons, atMs)))
    },
    countLate(atMs) {
      const counted = late
      late = []
      return log(
        counted.flatMap((tracklet) => {
          const { track, camera, uncounted, lastMs } = tracklet
          const person = tracklet.assignedAs ?? tracklet.person?.id
          if (!person || !people.find(person) || !uncounted) return []
          tracklet.uncounted = null
          tracklets.touch(tracklet)
          const part = sightedTrack({ track, ...uncounted }, lastMs, 0)
          return sightings.sawBefore({ person, camera, part }, atMs)
        }),
      )
    },
  }
}

type Reasons = ReadonlyMap<PersonRecord, CorrectionReason>

/** Why tracks that come to a person in these changes do: it was split off, or given back. */
const reasonsIn = (changes: readonly AssignmentChange[]): Reasons => {
  const reasons = new Map<PersonRecord, CorrectionReason>()
  for (const change of changes)
    if (change.type === 'split') reasons.set(change.off, 'split')
    else if (change.type === 'unmerged') reasons.set(change.person, 'unmerged')
  return reasons
}

/** Makes the events of one change. Calls `joinedLate` for a tracklet that is assigned once it is no longer visible. */
const eventMaker = ({ events, people, sightings, threshold }: TellParts, joinedLate: (tracklet: Tracklet) => void) => {
  const idsOf = (id: PersonId): PersonId[] => [id, ...people.aliasesOf(id)]
  const assigned = (tracklet: Tracklet, before: PersonId | null, why: CorrectionReason, atMs: number) => {
    const { person, track, camera, assignedAs } = tracklet
    if (!person) return []
    if (!isVisible(tracklet) && tracklet.uncounted) joinedLate(tracklet)
    const { provisional } = tracklet
    const decision = { ...tracklet.decision, person: person.id }
    const event = events.assigned(track, camera, decision, before, atMs, provisional)
    const moved = before === null ? [] : sightings.move([track], { before, person: assignedAs ?? person.id, why }, atMs)
    return [event, ...moved]
  }
  return (change: AssignmentChange, reasons: Reasons, atMs: number): RollcallEvent[] => {
    switch (change.type) {
      case 'created': {
        const { person, first } = change
        return [events.created(person, first, atMs)]
      }
      case 'provisional': {
        const { track, camera, provisional, template, bestQuality } = change.tracklet
        const told = provisional !== null && {
          track,
          camera,
          provisional,
          looks: template?.faces ?? 0,
          quality: bestQuality,
        }
        return told ? [events.provisional(told, atMs)] : []
      }
      case 'assigned': {
        const { tracklet, before } = change
        const why = tracklet.person && reasons.get(tracklet.person)
        return assigned(tracklet, before, why ?? 'reassigned', atMs)
      }
      case 'moved': {
        const { settled, before, person, as } = change
        const { track, camera } = settled
        const decision = { person: person.id, candidate: null, runnerUp: null, threshold, reason: 'moved' } as const
        const why = reasons.get(person) ?? (reasons.size > 0 ? 'split' : 'reassigned')
        const correction = { before, person: as, why } as const
        return [events.assigned(track, camera, decision, before, atMs), ...sightings.move([track], correction, atMs)]
      }
      case 'merged': {
        const { from, into, by, why, isRestored } = change
        const correction = { before: from.id, person: into.id, why: 'merged' } as const
        const told = [
          events.merged(from, into.id, by, why, atMs),
          ...sightings.rename(idsOf(from.id), correction, atMs),
        ]
        return isRestored ? [...told, events.restored(into, atMs)] : told
      }
      case 'unmerged': {
        const { person, from, by, why } = change
        const correction = { before: from.id, person: person.id, why: 'unmerged' } as const
        return [
          events.unmerged(person, from.id, by, why, atMs),
          ...sightings.rename(idsOf(person.id), correction, atMs),
        ]
      }
      case 'split': {
        const { person, off, why } = change
        return [events.split(person, off.id, why ? 'engine' : 'user', why, atMs)]
      }
    }
  }
}
