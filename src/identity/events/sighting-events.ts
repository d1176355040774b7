import type { CorrectionReason, Sighting, SightingEvent } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { Envelopes } from './envelopes.ts'

/**
 * The events of the topic `sightings`. `sighting.person` is a person's ID of today, no alias. `knownAtMs` is when the
 * engine learned of it; it may be much later than the sighting.
 */
export const sightingEvents = ({ envelope, sequence, nextSequence }: Envelopes) => {
  const known = (knownAtMs: number) => ({ knownAtMs: Math.round(knownAtMs), sequence: nextSequence() })
  return {
    sightingStarted({ sighting, person, camera, fromMs }: Sighting, knownAtMs: number): SightingEvent {
      return {
        ...envelope('rollcall.sighting.started.v1', person, 'people', `${sighting}/started/${sequence() + 1}`, fromMs),
        data: { sighting, person, camera, fromMs, ...known(knownAtMs) },
      }
    },
    sightingEnded(ended: Sighting, knownAtMs: number): SightingEvent {
      const { sighting, person, camera, fromMs, untilMs, frames, tracks } = ended
      return {
        ...envelope('rollcall.sighting.ended.v1', person, 'people', `${sighting}/ended/${sequence() + 1}`, untilMs),
        data: { sighting, person, camera, fromMs, untilMs, frames, tracks, ...known(knownAtMs) },
      }
    },
    /** `before` is the ID that the sighting had, which may be an alias now. */
    sightingCorrected(sighting: Sighting, before: PersonId, why: CorrectionReason, knownAtMs: number): SightingEvent {
      const id = `${sighting.sighting}/corrected/${sequence() + 1}`
      return {
        ...envelope('rollcall.sighting.corrected.v1', sighting.person, 'people', id, knownAtMs),
        data: { ...sighting, before, why, ...known(knownAtMs) },
      }
    },
  }
}
