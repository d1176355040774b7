import type { Candidate, Cause, Compared, PersonEvent } from '../../events/types.ts'
import type { CameraId, PersonId, TrackId } from '../../types.ts'
import type { Envelopes } from './envelopes.ts'
import { roundedCandidate, roundedComparison, share } from './event-values.ts'

interface Named {
  readonly id: PersonId
  readonly name: string | null
}

/** Where and when a person was first seen, with the nearest other person, who was not near enough. */
export interface FirstSeen {
  readonly camera: CameraId
  readonly track: TrackId
  readonly atMs: number
  readonly candidate: Candidate | null
  /** The score that the candidate would have needed. */
  readonly threshold: number
}

/**
 * The events of the topic `people`. Each ID has the event's number: after a restore the same may happen to somebody again.
 * `atMs` is Unix milliseconds. `why` is null when a user asked for it.
 */
export const personEvents = ({ envelope, sequence, nextSequence }: Envelopes) => {
  const person = (who: Named, kind: string, id: string, atMs: number, data: object): PersonEvent =>
    ({
      ...envelope(`rollcall.person.${kind}.v1`, who.id, 'people', id, atMs),
      data: { person: who.id, sequence: nextSequence(), name: who.name, ...data },
    }) as PersonEvent
  return {
    /** `first` is null for a person who was enrolled, imported or split off. Otherwise its time is the event's. */
    created(who: Named, first: FirstSeen | null, atMs: number): PersonEvent {
      return person(who, 'created', `${who.id}/created/${sequence() + 1}`, first?.atMs ?? atMs, {
        camera: first?.camera ?? null,
        track: first?.track ?? null,
        candidate: first?.candidate ? roundedCandidate(first.candidate) : null,
        threshold: first && share(first.threshold),
      })
    },
    named(who: Named, before: string | null, atMs: number): PersonEvent {
      return person(who, 'named', `${who.id}/named/${sequence() + 1}`, atMs, { before })
    },
    merged(who: Named, into: PersonId, by: Cause, why: Compared | null, atMs: number): PersonEvent {
      const id = `${who.id}/merged/${into}/${sequence() + 1}`
      return person(who, 'merged', id, atMs, { into, by, ...roundedComparison(why) })
    },
    split(who: Named, off: PersonId, by: Cause, why: Compared | null, atMs: number): PersonEvent {
      return person(who, 'split', `${who.id}/split/${off}/${sequence() + 1}`, atMs, {
        off,
        by,
        ...roundedComparison(why),
      })
    },
    unmerged(who: Named, from: PersonId, by: Cause, why: Compared | null, atMs: number): PersonEvent {
      const id = `${who.id}/unmerged/${sequence() + 1}`
      return person(who, 'unmerged', id, atMs, { from, by, ...roundedComparison(why) })
    },
    apart(who: Named, other: PersonId, apart: boolean, atMs: number): PersonEvent {
      return person(who, 'apart', `${who.id}/apart/${other}/${sequence() + 1}`, atMs, { other, apart })
    },
    archived(who: Named, lastSeenAtMs: number, atMs: number): PersonEvent {
      return person(who, 'archived', `${who.id}/archived/${sequence() + 1}`, atMs, { lastSeenAtMs })
    },
    restored(who: Named, atMs: number): PersonEvent {
      return person(who, 'restored', `${who.id}/restored/${sequence() + 1}`, atMs, {})
    },
    deleted(id: PersonId, by: Cause, atMs: number): PersonEvent {
      return {
        ...envelope('rollcall.person.deleted.v1', id, 'people', `${id}/deleted/${sequence() + 1}`, atMs),
        data: { person: id, sequence: nextSequence(), by },
      }
    },
  }
}
