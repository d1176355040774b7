import type { MediaMs } from '../../types.ts'
import type { Objectors } from '../objectors/objectors.ts'
import type { IdentityOptions } from '../options.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { People } from '../people/people.ts'
import { candidateOf } from '../people/people-index.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { TentativeTracklets } from '../tracklets/tentative.ts'
import { knownOf, type Tracklet } from '../tracklets/tracklet.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import { type AssignmentAnswer, type AssignmentQuestion, bestOf, decide } from './decide.ts'
import type { LateJoins } from './late-joins.ts'
import type { TrackAssignments } from './track-assignments.ts'

/** What a frame is clustered with: the registries and the rules. All are shared with the rest of the engine. */
export interface ClustererParts {
  readonly people: People
  readonly tracklets: Tracklets
  readonly coOccurrence: CoOccurrence
  readonly assignments: TrackAssignments
  readonly tentative: TentativeTracklets
  readonly lateJoins: LateJoins
  readonly objectors: Pick<Objectors, 'scoreOf'>
  readonly options: IdentityOptions
}

/** The tracklets of one frame. */
export interface SeenFrame {
  /** Sorted by track, so that the detector's order does not matter. */
  readonly visible: readonly Tracklet[]
  /** Those whose template has just grown. */
  readonly fresh: ReadonlySet<Tracklet>
  /** Capture time. */
  readonly atMs: MediaMs
  /** A smeared picture may show one person twice, so it is no evidence that two differ. */
  readonly isDamaged: boolean
}

/**
 * A track with a person is decided again at 1, 3, 6, 10, 16, 25, 36 … good faces: often enough to correct it, and
 * cheap.
 */
export const isCheckpoint = (faces: number): boolean =>
  faces === 1 || faces === 3 || faces === 6 || faces === 10 || (faces > 10 && Number.isInteger(Math.sqrt(faces)))

/** Assigns the tracks of one frame to people. Afterwards no two of them have the same person. */
export const clusterFrame = (parts: ClustererParts, frame: SeenFrame): void => {
  const { assignments, options } = parts
  const { visible, fresh, atMs } = frame
  const released = releaseDoubles(assignments, visible, atMs)
  const undecided = visible.filter(
    (one) => released.has(one) || (fresh.has(one) && (!one.person || isCheckpoint(one.template?.faces ?? 0))),
  )
  const taken = new Set(visible.flatMap((one) => (one.person && !undecided.includes(one) ? [one.person] : [])))
  const rows = undecided.flatMap((tracklet) => {
    const question = questionOf(parts, tracklet, taken, undecided.length)
    return question ? [{ tracklet, question }] : []
  })
  const answers = decide(
    rows.map(({ question }) => question),
    options,
  )
  for (const [i, { tracklet, question }] of rows.entries()) {
    const answer = answers[i] as AssignmentAnswer
    applyAnswer(parts, tracklet, answer, atMs)
    if (question.mayFound) nameProvisionally(parts, tracklet)
    // This may be a tracker swap: the track looks like the person of another one, so the frame is no evidence that the
    // two differ.
    if (answer.person === null && (answer.runnerUp?.score ?? -1) >= options.merge) tracklet.doubtful = true
  }
  for (const one of fresh) if (!undecided.includes(one)) assignments.contribute(one)
  if (!frame.isDamaged) countCoOccurrences(parts, visible)
  const present = new Set(visible.flatMap(({ person }) => person ?? []))
  for (const { tracklet } of rows) if (tracklet.person) assignments.mergeAlike(tracklet.person, present)
}

/**
 * Takes the person from one of two tracks that have the same: from the one with the lower score. This happens when a
 * track that was not seen for a while comes back after another track got its person.
 */
const releaseDoubles = (
  assignments: TrackAssignments,
  visible: readonly Tracklet[],
  atMs: MediaMs,
): ReadonlySet<Tracklet> => {
  /** 2 when the person is known from this track alone, so that it wins. */
  const ownScore = (tracklet: Tracklet): number => assignments.own(tracklet)?.score ?? 2
  const released = new Set<Tracklet>()
  const holders = new Map<PersonRecord, Tracklet>()
  for (const tracklet of visible) {
    if (!tracklet.person) continue
    const holder = holders.get(tracklet.person)
    const keeps = !holder || ownScore(tracklet) > ownScore(holder)
    if (keeps) holders.set(tracklet.person, tracklet)
    const loser = keeps ? holder : tracklet
    if (loser) released.add(loser)
  }
  for (const tracklet of released) assignments.leave(tracklet, atMs)
  return released
}

/**
 * Collects what `decide` needs to know of a tracklet; null while it has no template. `taken` has the people of the
 * frame's other tracks that are not decided now. `rows` is the number of tracks that are: each may cost a candidate.
 */
const questionOf = (
  { people, tentative, assignments, objectors, options }: ClustererParts,
  tracklet: Tracklet,
  taken: ReadonlySet<PersonRecord>,
  rows: number,
): AssignmentQuestion | null => {
  const { template, person } = tracklet
  if (!template) return null
  const confirmed = tentative.confirms(tracklet)
  // A few small faces match anybody.
  const mayJoin = person !== null || confirmed || template.weight >= options.joinWeight
  const cannotLink = assignments.cannotLink(tracklet)
  const known = knownOf(template)
  const caution = tentative.caution(tracklet)
  const rivals = person
    ? []
    : [...taken].map((other) => {
        const comparison = cannotLink.has(other) ? null : people.compare(known, other)
        return comparison && { person: other, ...comparison }
      })
  const isWanted = ({ name }: PersonRecord): boolean => options.unknown === 'keep' || name !== null
  const allowed = (other: PersonRecord): boolean =>
    other !== person && !taken.has(other) && !cannotLink.has(other) && isWanted(other)
  const matches = people.nearest(known, rows + 2, allowed)
  return {
    candidates: mayJoin ? matches : [],
    nearest: matches[0] ?? people.nearest(known, 1, (other) => other !== person)[0] ?? null,
    own: person && { person, comparison: assignments.own(tracklet) },
    rival: bestOf(rivals),
    mayFound: options.unknown === 'keep' && objectors.scoreOf(known) < options.create - caution,
    goodFaces: template.faces,
    confirmed,
    caution,
  }
}

/** Assigns the tracklet as decided. Creates the person when there is none yet. */
const applyAnswer = (parts: ClustererParts, tracklet: Tracklet, answer: AssignmentAnswer, atMs: MediaMs): void => {
  const { people, assignments, lateJoins } = parts
  const { person, threshold, reason } = answer
  const before = tracklet.person
  const isNew = person === 'new'
  const next = isNew ? people.create(tracklet.track, tracklet.camera, tracklet.firstMs) : person
  const candidate = answer.candidate && candidateOf(answer.candidate)
  const runnerUp = answer.runnerUp && candidateOf(answer.runnerUp)
  tracklet.decision = { person: next?.id ?? null, candidate, runnerUp, threshold, reason }
  if (before !== next) assignments.leave(tracklet, atMs)
  if (isNew && next) {
    const { camera, track, firstMs } = tracklet
    assignments.note({
      type: 'created',
      person: next,
      first: { camera, track, atMs: firstMs, candidate, threshold },
    })
  }
  if (next && before !== next) {
    assignments.join(tracklet, next)
    lateJoins.claim(next)
  } else assignments.contribute(tracklet)
}

/** Gives a tracklet that stays without a person a provisional ID, once it has shown enough poor looks. */
const nameProvisionally = ({ tentative, assignments }: ClustererParts, tracklet: Tracklet): void => {
  if (tracklet.person || tracklet.provisional !== null) return
  tracklet.provisional = tentative.provisionalFor(tracklet)
  if (tracklet.provisional !== null) assignments.note({ type: 'provisional', tracklet })
}

/** Counts co-occurrences of tracks and of the IDs that they were assigned under. Leaves doubtful tracks out: they may be tracker swaps. */
const countCoOccurrences = ({ tracklets, coOccurrence }: ClustererParts, visible: readonly Tracklet[]): void => {
  const certain = visible.filter((one) => !one.doubtful)
  tracklets.countCoOccurrences(certain)
  for (const [i, { person, assignedAs }] of certain.entries())
    for (const other of certain.slice(0, i))
      if (person && other.person && person !== other.person)
        coOccurrence.add(assignedAs ?? person.id, other.assignedAs ?? other.person.id, 1)
}
