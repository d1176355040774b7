import type { Candidate, TrackEvent } from '../../events/types.ts'
import type { CameraId, MediaMs, PersonId, TrackId } from '../../types.ts'

/** A track that joined a person by a narrow margin. It may be somebody else's. */
export interface DoubtfulJoin {
  readonly track: TrackId
  readonly camera: CameraId
  /** When it joined. */
  readonly atMs: MediaMs
  readonly person: PersonId
  readonly similarity: number
  readonly score: number
  /** What the score had to reach. */
  readonly threshold: number
  /** Who was next. */
  readonly runnerUp: Candidate | null
}

/** A score this little above its threshold is a narrow margin. */
const narrowlyOver = 0.03

/** A lead over the next person that is less than this is a narrow margin: twice what a join needs (`identity.margin`). */
const narrowLead = 0.1

/** How narrow it was: 0 just over a threshold or a rival, 1 and more not narrow at all. */
export const marginOf = ({ score, threshold, runnerUp }: DoubtfulJoin): number => {
  const over = (score - threshold) / narrowlyOver
  const lead = runnerUp ? (score - runnerUp.score) / narrowLead : Infinity
  return Math.max(0, Math.min(over, lead))
}

/** What is doubtful about the join that the event tells of; null when nothing is, or when a person decided. */
export const doubtIn = ({
  data,
  time,
}: Exclude<TrackEvent, { readonly type: 'rollcall.track.provisional.v1' }>): DoubtfulJoin | null => {
  const { track, camera, person, candidate, threshold, runnerUp } = data
  if (!candidate || candidate.person !== person) return null
  const { similarity, score } = candidate
  const doubt = { track, camera, atMs: Date.parse(time), person, similarity, score, threshold, runnerUp }
  return marginOf(doubt) < 1 ? doubt : null
}
