import type { Comparison, Decision } from '../../events/types.ts'
import { assign } from '../../math/assignment.ts'
import type { IdentityOptions } from '../options.ts'
import type { Match } from '../people/people-index.ts'
import type { PersonRecord } from '../people/person-record.ts'

/** What is known of one track that gets a decision in this frame. */
export interface AssignmentQuestion {
  /** People it may be, best first, without its present person. */
  readonly candidates: readonly Match[]
  /**
   * The best match, even when a cannot-link or too little evidence rules it out. For events only: it decides nothing.
   */
  readonly nearest: Match | null
  /**
   * Its present person. `comparison` is with what other tracks have contributed; null when they have contributed
   * nothing.
   */
  readonly own: { readonly person: PersonRecord; readonly comparison: Comparison | null } | null
  /** The best match among the people of the frame's other tracks that no cannot-link rules out. */
  readonly rival: Match | null
  /** Whether it may become a new person at all: not one who looks like an objector, and nobody where the unknown are ignored. */
  readonly mayFound: boolean
  /** Faces in its template. */
  readonly goodFaces: number
  /** True when it has shown enough good faces over enough time to become a person. */
  readonly confirmed: boolean
  /** So much less than `create` must its best score be for a new person: see `TentativeTracklets.caution`. */
  readonly caution: number
}

/** What `decide` says of one track. */
export interface AssignmentAnswer {
  /** `new` asks for a new person; null leaves the track tentative. */
  readonly person: PersonRecord | 'new' | null
  /** As in `Decision`. */
  readonly candidate: Match | null
  readonly runnerUp: Match | null
  readonly threshold: number
  readonly reason: Decision['reason']
}

type Limits = Pick<IdentityOptions, 'join' | 'create' | 'leave' | 'merge' | 'margin' | 'settleFaces'>

/**
 * Decides all tracks of a frame together, so that no person is given twice. The assignment maximises the sum of
 * `score − threshold` (exact, see `assign`).
 *
 * - The threshold is `join`, or `leave` for the track's present person: another person must be clearly better.
 * - A track whose best score lies between `create` and `join` stays tentative. For poor faces the lower limit is lower.
 * - A track that scores `merge` or more with the person of another track stays tentative too: two people who cross may
 *   have swapped tracks.
 * - After `settleFaces` good faces waiting adds nothing. Then the track joins from `join` on, else it becomes a new person,
 *   unless its faces are poor: they share their fault, so many show no more than few.
 *
 * Returns one answer a question, in the same order.
 */
export const decide = (questions: readonly AssignmentQuestion[], limits: Limits): AssignmentAnswer[] => {
  const assigned = assignJointly(questions, limits)
  const taken = new Set(assigned.filter((person) => person !== null))
  return questions.map((question, i) => {
    const own = assigned[i] ?? null
    const free = question.candidates.filter(({ person }) => person === own || !taken.has(person))
    const lost = question.candidates.filter(({ person }) => person !== own && taken.has(person))
    const answer = answerFor(question, own, free, lost, limits)
    if (answer.person && answer.person !== 'new') taken.add(answer.person)
    return answer
  })
}

/** The match with the highest score; null when there is none. */
export const bestOf = (matches: readonly (Match | null)[]): Match | null =>
  matches.reduce((best, match) => ((best?.score ?? -1) >= (match?.score ?? -1) ? best : match), null)

/**
 * The answer for one track. `assigned` is its person in the joint assignment. `free` are its candidates that no other
 * track has got, `lost` those that another has.
 */
const answerFor = (
  question: AssignmentQuestion,
  assigned: PersonRecord | null,
  free: readonly Match[],
  lost: readonly Match[],
  limits: Limits,
): AssignmentAnswer => {
  const { own, confirmed, rival } = question
  if (assigned && own?.person === assigned)
    return {
      person: assigned,
      candidate: own.comparison && { person: assigned, ...own.comparison },
      runnerUp: free[0] ?? null,
      threshold: limits.leave,
      reason: 'kept' as const,
    }
  const settled = confirmed && question.goodFaces >= limits.settleFaces
  const best = (assigned ? free.find(({ person }) => person === assigned) : free[0]) ?? null
  const runnerUp = free.find(({ person }) => person !== best?.person) ?? null
  const { join } = limits
  if (best && best.score >= join) {
    const next = bestOf([runnerUp, rival])
    const isClear = settled || best.score - (next?.score ?? -1) >= limits.margin
    const reason = own ? 'moved' : 'joined'
    if (isClear) return { person: best.person, candidate: best, runnerUp, threshold: join, reason }
    return { person: null, candidate: best, runnerUp: next, threshold: join, reason: 'ambiguous' }
  }
  const present = bestOf([rival, ...lost])
  const candidate = best ?? question.nearest
  if (present && present.score >= limits.merge && !settled)
    return { person: null, candidate, runnerUp: present, threshold: join, reason: 'ambiguous' }
  const isPoor = question.caution > 0
  const create = settled && !isPoor ? join : limits.create - question.caution
  if (best && best.score >= create) return { person: null, candidate, runnerUp, threshold: join, reason: 'ambiguous' }
  if (confirmed && question.mayFound)
    return { person: 'new', candidate, runnerUp, threshold: create, reason: 'created' }
  return { person: null, candidate, runnerUp, threshold: join, reason: 'tentative' }
}

/** The exact joint assignment: each track's person, or null. */
const assignJointly = (questions: readonly AssignmentQuestion[], limits: Limits): (PersonRecord | null)[] => {
  const columns = new Map<PersonRecord, number>()
  const columnOf = (person: PersonRecord): number => {
    const column = columns.get(person) ?? columns.size
    columns.set(person, column)
    return column
  }
  const pairs: { row: number; column: number; gain: number }[] = []
  for (const [row, { candidates, own }] of questions.entries()) {
    for (const { person, score } of candidates)
      if (score >= limits.join) pairs.push({ row, column: columnOf(person), gain: score - limits.join + 1e-9 })
    const ownScore = own?.comparison?.score ?? 2
    if (own && ownScore >= limits.leave)
      pairs.push({ row, column: columnOf(own.person), gain: ownScore - limits.leave + 1e-9 })
  }
  const cost = new Float64Array(questions.length * columns.size)
  for (const { row, column, gain } of pairs) cost[row * columns.size + column] = -gain
  const people = [...columns.keys()]
  return Array.from(assign(cost, questions.length, columns.size, 0), (column) => people[column] ?? null)
}
