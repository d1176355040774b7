import type { Candidate, FrameFace } from '../../events/types.ts'
import type { Face } from '../../types.ts'
import type { People } from '../people/people.ts'
import { type Tracklet, undecided } from '../tracklets/tracklet.ts'
import { frameFace } from './event-values.ts'

/** A face of a frame, with the tracklet that its event describes. */
export interface ExplainedFace {
  readonly face: Face
  /** Undefined when the frame has a better face of the same track. */
  readonly tracklet: Tracklet | undefined
  /** True when its tracklet got a decision in this frame. */
  readonly isDecidedNow: boolean
}

/**
 * A face as its frame's event has it: with the last decision on its tracklet. IDs that have become aliases since are
 * resolved. `threshold` is used where there is no tracklet.
 */
export const explainFace = (
  { face, tracklet, isDecidedNow }: ExplainedFace,
  people: People,
  threshold: number,
): FrameFace => {
  if (!tracklet) return frameFace(face, { ...undecided(threshold), reason: 'tentative' })
  const { person, decision, provisional } = tracklet
  const resolved = (candidate: Candidate | null): Candidate | null =>
    candidate && { ...candidate, person: people.resolve(candidate.person) }
  const runnerUp = resolved(decision.runnerUp)
  const told = frameFace(face, {
    ...decision,
    person: person?.id ?? null,
    candidate: resolved(decision.candidate),
    runnerUp: runnerUp && runnerUp.person !== person?.id ? runnerUp : null,
    reason: person && !isDecidedNow ? 'kept' : decision.reason,
  })
  return person === null && provisional !== null ? { ...told, provisional } : told
}
