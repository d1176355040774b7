import { type PersonEvent, type RollcallEvent, type TrackEvent, topicOf } from '../types.ts'
import type { Events } from './events.ts'
import type { Sightings } from './sightings.ts'
import type { StateChanges } from './state-changes.ts'
import type { AssignmentChange, TrackAssignments } from './track-assignments.ts'

export interface TellParts {
  readonly events: Events
  readonly assignments: TrackAssignments
  readonly sightings: Sightings
  readonly state: StateChanges
}

/** Makes events of what was decided, and puts those about people and tracks into the log. */
export interface Teller {
  /** The events of all that has been decided since the last call, in order. `atMs`: the frame's capture time. */
  readonly tell: (atMs: number) => RollcallEvent[]
  /** Puts events into the log; returns them. */
  readonly log: (told: RollcallEvent[]) => RollcallEvent[]
}

export const createTeller = ({ events, assignments, sightings, state }: TellParts): Teller => {
  const eventsOf = (change: AssignmentChange, atMs: number): RollcallEvent[] => {
    switch (change.type) {
      case 'created': {
        const { person, first } = change
        return [events.created(person, first, atMs)]
      }
      case 'assigned': {
        const { tracklet, before } = change
        if (!tracklet.person) return []
        const decision = { ...tracklet.decision, person: tracklet.person.id }
        return [events.assigned(tracklet.track, tracklet.camera, decision, before, atMs)]
      }
      case 'merged': {
        const { from, into, by, why } = change
        const over = sightings.end(({ person }) => person === from.id)
        return [...over, events.merged(from, into.id, by, why, atMs)]
      }
      case 'unmerged': {
        const { person, from, by, why } = change
        return [events.unmerged(person, from.id, by, why, atMs)]
      }
      case 'split': {
        const { person, off, why } = change
        return [events.split(person, off.id, why ? 'engine' : 'user', why, atMs)]
      }
    }
  }
  const log = (told: RollcallEvent[]): RollcallEvent[] => {
    for (const event of told)
      if (topicOf(event) === 'people' || event.type.startsWith('rollcall.track.'))
        state.log(event as PersonEvent | TrackEvent)
    return told
  }
  return { tell: (atMs) => log(assignments.takeChanges().flatMap((change) => eventsOf(change, atMs))), log }
}
