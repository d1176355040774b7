import type { Candidate, Face, FrameFace } from '../types.ts'
import { frameFace } from './events.ts'
import type { People } from './people.ts'
import { type Tracklet, undecided } from './tracklet.ts'

/** A face of a frame with what is to be said of it. */
export interface ExplainedFace {
  readonly face: Face
  /** Undefined when a better face of the same frame was said to be of the same track. */
  readonly tracklet: Tracklet | undefined
  /** Its tracklet has been decided about in this frame. */
  readonly isDecided: boolean
}

/** What a frame's event says of a face: its tracklet's last decision, with the names that people have today. */
export const explainFace = (
  { face, tracklet, isDecided }: ExplainedFace,
  people: People,
  threshold: number,
): FrameFace => {
  if (!tracklet) return frameFace(face, { ...undecided(threshold), reason: 'tentative' })
  const { person, decision } = tracklet
  const today = (candidate: Candidate | null): Candidate | null =>
    candidate && { ...candidate, person: people.resolve(candidate.person) }
  const runnerUp = today(decision.runnerUp)
  return frameFace(face, {
    ...decision,
    person: person?.id ?? null,
    candidate: today(decision.candidate),
    runnerUp: runnerUp && runnerUp.person !== person?.id ? runnerUp : null,
    reason: person && !isDecided ? 'kept' : decision.reason,
  })
}
