import type { Decision, ProvisionalTrack, TrackEvent } from '../../events/types.ts'
import type { CameraId, PersonId, ProvisionalId, TrackId } from '../../types.ts'
import type { Envelopes } from './envelopes.ts'
import { roundedDecision, share } from './event-values.ts'

/** Makes the events of a site's tracks. */
export const trackEvents = ({ envelope, nextSequence }: Pick<Envelopes, 'envelope' | 'nextSequence'>) => ({
  /** That only poor looks of a track have come, and what it is called. */
  provisional(named: Omit<ProvisionalTrack, 'sequence'>, atMs: number): TrackEvent {
    const { track, camera, provisional, quality } = named
    const sequence = nextSequence()
    const id = `${track}/provisional/${sequence}`
    return {
      ...envelope('rollcall.track.provisional.v1', provisional, `cameras/${camera}`, id, atMs),
      data: { ...named, quality: share(quality), sequence },
    }
  },
  /** `before` is the ID that the track had, null for its first person; `provisional` what it was called. */
  assigned(
    track: TrackId,
    camera: CameraId,
    decision: Decision,
    before: PersonId | null,
    atMs: number,
    provisional: ProvisionalId | null = null,
  ): TrackEvent {
    const person = decision.person ?? ''
    const data = { track, camera, ...roundedDecision(decision), person, sequence: nextSequence() }
    const kind = before === null ? 'assigned' : 'reassigned'
    return {
      ...envelope(`rollcall.track.${kind}.v1`, person, `cameras/${camera}`, `${track}/${kind}/${data.sequence}`, atMs),
      data: before === null ? { ...data, ...(provisional !== null && { provisional }) } : { ...data, before },
    } as TrackEvent
  },
})
