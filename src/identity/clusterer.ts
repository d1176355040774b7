import type { CameraId, Decision, MediaMs } from '../types.ts'
import type { CoOccurrence } from './co-occurrence.ts'
import { type AssignmentAnswer, type AssignmentQuestion, bestOf, decide } from './decide.ts'
import type { IdentityOptions } from './options.ts'
import type { People } from './people.ts'
import { candidateOf } from './people-index.ts'
import type { PersonRecord } from './person-record.ts'
import type { TentativeTracklets } from './tentative.ts'
import { clearly, type TrackAssignments } from './track-assignments.ts'
import { knownOf, type Tracklet } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

export interface Clusterer {
  /**
   * Decides who the tracks of one frame are. `visible` in an order that does not depend on the detector's; `fresh` are
   * those whose template has just grown. Afterwards no two visible tracks have the same person.
   */
  frame(visible: readonly Tracklet[], fresh: ReadonlySet<Tracklet>, atMs: MediaMs): void
  /** Its track is over: without a person it waits for one, else it may still change for a while. */
  end(tracklet: Tracklet): void
  /**
   * Settles what ended too long ago on this camera, and what is ahead of it: its time has jumped back. Who has waited for a person in vain gets whoever it is clearly most
   * like, if anybody, and is forgotten. Returns whose tracks were settled.
   */
  expire(camera: CameraId, nowMs: MediaMs): PersonRecord[]
}

export interface ClustererParts {
  readonly people: People
  readonly tracklets: Tracklets
  readonly coOccurrence: CoOccurrence
  readonly assignments: TrackAssignments
  readonly tentative: TentativeTracklets
  readonly options: IdentityOptions
}

/** A crowd at a distance must not fill the memory; the oldest of nobody's tracklets go first. */
const mostUnassigned = 500

/** Nor must a crowd that is recognised: the oldest settle before their time. */
const mostEnded = 4000

/** Known tracks are looked at again at 1, 3, 6, 10, 16, 25, 36 … good faces: seldom enough to be cheap and steady. */
export const isCheckpoint = (faces: number): boolean =>
  faces === 1 || faces === 3 || faces === 6 || faces === 10 || (faces > 10 && Number.isInteger(Math.sqrt(faces)))

export const createClusterer = ({
  people,
  tracklets,
  coOccurrence,
  assignments,
  tentative,
  options,
}: ClustererParts): Clusterer => {
  /** A track whose person is known from it alone keeps that person. */
  const ownScore = (tracklet: Tracklet): number => assignments.own(tracklet)?.score ?? 2

  /** A track that was away when another got its person, and is back: the one of the lower score loses it. */
  const releaseDoubles = (visible: readonly Tracklet[], atMs: MediaMs): Set<Tracklet> => {
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

  const ask = (tracklet: Tracklet, held: ReadonlySet<PersonRecord>, rows: number): AssignmentQuestion | null => {
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

  const joinLate = (
    tracklet: Tracklet,
    person: PersonRecord,
    why: Pick<Decision, 'candidate' | 'runnerUp' | 'threshold'>,
  ): void => {
    tracklet.decision = { person: person.id, ...why, reason: 'joined' }
    assignments.join(tracklet, person)
  }

  /**
   * No more will be seen of it, so it need not be as similar as one that may show more, but clearly more than to others.
   * A name needs as much as ever.
   */
  const joinClearest = (tracklet: Tracklet): boolean => {
    const { template } = tracklet
    if (!template || template.weight < options.joinWeight) return false
    const never = assignments.cannotLink(tracklet)
    const [best, next] = people.nearest(knownOf(template), 2, (person) => !never.has(person))
    if (!best) return false
    const threshold = best.person.name === null ? options.create : options.join
    if (best.score < threshold) return false
    if (best.score - (next?.score ?? -1) < clearly * options.margin) return false
    joinLate(tracklet, best.person, {
      candidate: candidateOf(best),
      runnerUp: next ? candidateOf(next) : null,
      threshold,
    })
    return true
  }

  const claimTentative = (person: PersonRecord): void => {
    const isApart = (one: Tracklet): boolean => assignments.cannotLink(one).has(person)
    for (const tracklet of tentative.claimable(person, isApart)) {
      const comparison = tracklet.template && people.compare(knownOf(tracklet.template), person)
      const candidate = comparison && { person: person.id, ...comparison }
      joinLate(tracklet, person, { candidate, runnerUp: null, threshold: options.join })
    }
  }

  const apply = (tracklet: Tracklet, answer: AssignmentAnswer, atMs: MediaMs): void => {
    const { person, threshold, reason } = answer
    const before = tracklet.person
    const isNew = person === 'new'
    const next = isNew ? people.create(tracklet.track, tracklet.camera, tracklet.firstMs) : person
    const candidate = answer.candidate && candidateOf(answer.candidate)
    const runnerUp = answer.runnerUp && candidateOf(answer.runnerUp)
    tracklet.decision = { person: next?.id ?? null, candidate, runnerUp, threshold, reason }
    if (before !== next) assignments.leave(tracklet, atMs)
    if (isNew && next) {
      const { camera, track, firstMs: atMs } = tracklet
      assignments.note({ type: 'created', person: next, first: { camera, track, atMs, candidate, threshold } })
    }
    if (next && before !== next) {
      assignments.join(tracklet, next)
      claimTentative(next)
    } else assignments.contribute(tracklet)
  }

  return {
    frame(visible, fresh, atMs) {
      const released = releaseDoubles(visible, atMs)
      const due = visible.filter(
        (one) => released.has(one) || (fresh.has(one) && (!one.person || isCheckpoint(one.template?.faces ?? 0))),
      )
      const held = new Set(visible.flatMap((one) => (one.person && !due.includes(one) ? [one.person] : [])))
      const asked = due.flatMap((one) => {
        const question = ask(one, held, due.length)
        return question ? [{ one, question }] : []
      })
      const answers = decide(
        asked.map(({ question }) => question),
        options,
      )
      for (const [i, { one }] of asked.entries()) {
        const answer = answers[i] as AssignmentAnswer
        apply(one, answer, atMs)
        // Perhaps the one whom another track has: they are not two people because they are seen together.
        if (answer.person === null && (answer.runnerUp?.score ?? -1) >= options.merge) one.doubtful = true
      }
      for (const one of fresh) if (!due.includes(one)) assignments.contribute(one)
      // While two tracks swap people, both are wrong: what is seen together then must keep nobody apart for ever.
      const sure = visible.filter((one) => !one.doubtful)
      tracklets.countCoOccurrences(sure)
      for (const [i, { person }] of sure.entries())
        for (const { person: other } of sure.slice(0, i)) if (person && other) coOccurrence.add(person.id, other.id, 1)
      const present = new Set(visible.flatMap(({ person }) => person ?? []))
      for (const { one } of asked) if (one.person) assignments.mergeAlike(one.person, present)
    },
    end(tracklet) {
      if (!tracklet.person && !tracklet.template) return tracklets.forget(tracklet)
      tracklets.end(tracklet)
      const [oldest] = tracklets.unassigned()
      if (oldest && tracklets.unassigned().size > mostUnassigned) tracklets.forget(oldest)
    },
    expire(camera, nowMs) {
      for (const one of tracklets.unassigned())
        if (one.camera === camera && Math.abs(nowMs - one.lastMs) > options.tentativeMs && !joinClearest(one))
          tracklets.forget(one)
      const settled: PersonRecord[] = []
      for (const one of tracklets.ended()) {
        const isOver = one.camera === camera && Math.abs(nowMs - one.lastMs) > options.windowMs
        if (!isOver && tracklets.ended().size <= mostEnded) continue
        if (one.person) settled.push(one.person)
        tracklets.settle(one)
        tracklets.forget(one)
      }
      return settled
    },
  }
}
