import type { MediaMs } from '../types.ts'
import type { CoOccurrence } from './co-occurrence.ts'
import { type AssignmentAnswer, type AssignmentQuestion, bestOf, decide } from './decide.ts'
import type { LateJoins } from './late-joins.ts'
import type { IdentityOptions } from './options.ts'
import type { People } from './people.ts'
import { candidateOf } from './people-index.ts'
import type { PersonRecord } from './person-record.ts'
import type { TentativeTracklets } from './tentative.ts'
import type { TrackAssignments } from './track-assignments.ts'
import { knownOf, type Tracklet } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

export interface ClustererParts {
  readonly people: People
  readonly tracklets: Tracklets
  readonly coOccurrence: CoOccurrence
  readonly assignments: TrackAssignments
  readonly tentative: TentativeTracklets
  readonly lateJoins: LateJoins
  readonly options: IdentityOptions
}

/** The tracklets of one frame. */
export interface SeenFrame {
  /** In an order that does not depend on the detector's. */
  readonly visible: readonly Tracklet[]
  /** Those whose template has just grown. */
  readonly fresh: ReadonlySet<Tracklet>
  /** Capture time. */
  readonly atMs: MediaMs
}

/** Known tracks are looked at again at 1, 3, 6, 10, 16, 25, 36 … good faces: seldom enough to be cheap and steady. */
export const isCheckpoint = (faces: number): boolean =>
  faces === 1 || faces === 3 || faces === 6 || faces === 10 || (faces > 10 && Number.isInteger(Math.sqrt(faces)))

/** Decides who the tracks of one frame are. Afterwards no two of them have the same person. */
export const clusterFrame = (parts: ClustererParts, frame: SeenFrame): void => {
  const { assignments, options } = parts
  const { visible, fresh, atMs } = frame
  const released = releaseDoubles(assignments, visible, atMs)
  const due = visible.filter(
    (one) => released.has(one) || (fresh.has(one) && (!one.person || isCheckpoint(one.template?.faces ?? 0))),
  )
  const held = new Set(visible.flatMap((one) => (one.person && !due.includes(one) ? [one.person] : [])))
  const asked = due.flatMap((one) => {
    const question = ask(parts, one, held, due.length)
    return question ? [{ one, question }] : []
  })
  const answers = decide(
    asked.map(({ question }) => question),
    options,
  )
  for (const [i, { one }] of asked.entries()) {
    const answer = answers[i] as AssignmentAnswer
    apply(parts, one, answer, atMs)
    // It looks like somebody whom another track of the frame has: that they are seen together says nothing.
    if (answer.person === null && (answer.runnerUp?.score ?? -1) >= options.merge) one.doubtful = true
  }
  for (const one of fresh) if (!due.includes(one)) assignments.contribute(one)
  countTogether(parts, visible)
  const present = new Set(visible.flatMap(({ person }) => person ?? []))
  for (const { one } of asked) if (one.person) assignments.mergeAlike(one.person, present)
}

/** A track that was away when another got its person, and is back: the one of the lower score loses it. */
const releaseDoubles = (
  assignments: TrackAssignments,
  visible: readonly Tracklet[],
  atMs: MediaMs,
): ReadonlySet<Tracklet> => {
  /** A track whose person is known from it alone keeps that person. */
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
 * What is to be decided about the tracklet; null while it has no template. `held`: people of the frame's tracks about
 * whom nothing is to be decided. `rows`: so many tracks of the frame are decided about together.
 */
const ask = (
  { people, tentative, assignments, options }: ClustererParts,
  tracklet: Tracklet,
  held: ReadonlySet<PersonRecord>,
  rows: number,
): AssignmentQuestion | null => {
  const { template, person } = tracklet
  if (!template) return null
  const confirmed = tentative.confirms(tracklet)
  // A few small faces may be anybody's.
  const isShown = person !== null || confirmed || template.weight >= options.joinWeight
  const never = assignments.cannotLink(tracklet)
  const known = knownOf(template)
  const rivals = person
    ? []
    : [...held].map((other) => {
        const comparison = never.has(other) ? null : people.compare(known, other)
        return comparison && { person: other, ...comparison }
      })
  const allowed = (other: PersonRecord): boolean => other !== person && !held.has(other) && !never.has(other)
  const matches = people.nearest(known, rows + 2, allowed)
  return {
    candidates: isShown ? matches : [],
    nearest: matches[0] ?? people.nearest(known, 1, (other) => other !== person)[0] ?? null,
    own: person && { person, comparison: assignments.own(tracklet) },
    rival: bestOf(rivals),
    goodFaces: template.faces,
    confirmed,
  }
}

/** Does what was decided about the tracklet. */
const apply = (parts: ClustererParts, tracklet: Tracklet, answer: AssignmentAnswer, atMs: MediaMs): void => {
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

/** Counts who was seen together. A doubtful track may be a tracker swap: then the frame is no evidence of two people. */
const countTogether = ({ tracklets, coOccurrence }: ClustererParts, visible: readonly Tracklet[]): void => {
  const sure = visible.filter((one) => !one.doubtful)
  tracklets.countCoOccurrences(sure)
  for (const [i, { person }] of sure.entries())
    for (const { person: other } of sure.slice(0, i)) if (person && other) coOccurrence.add(person.id, other.id, 1)
}
