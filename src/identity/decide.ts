import { assign } from '../math/assignment.ts'
import type { Comparison, Decision } from '../types.ts'
import type { IdentityOptions } from './options.ts'
import type { Match } from './people-index.ts'
import type { PersonRecord } from './person-record.ts'

/** A track of the frame about which is to be decided. */
export interface AssignmentQuestion {
  /** Everybody it may be, best first, without its present person. */
  readonly candidates: readonly Match[]
  /** The best match of all, also where the track may not be that person or has shown too little to join anybody: told only. */
  readonly nearest: Match | null
  /** Its present person, compared with what other tracks have added; null when they have added nothing. */
  readonly own: { readonly person: PersonRecord; readonly comparison: Comparison | null } | null
  /** The best match of those whom other tracks of the frame have, when the track could be that person otherwise. */
  readonly rival: Match | null
  readonly goodFaces: number
  /** Enough good faces over enough time to become a person. */
  readonly confirmed: boolean
}

export interface AssignmentAnswer {
  /** `new`: make a person of this track. */
  readonly person: PersonRecord | 'new' | null
  /** As in `Decision`. */
  readonly candidate: Match | null
  readonly runnerUp: Match | null
  readonly threshold: number
  readonly reason: Decision['reason']
}

type Limits = Pick<IdentityOptions, 'join' | 'create' | 'leave' | 'merge' | 'margin' | 'settleFaces'>

/**
 * Decides about all tracks of a frame together, so that no person is given twice: exact assignment by what each pair is
 * above its threshold. A track's present person has the lower one (`leave`), so another must be clearly better.
 * Between `create` and `join` a track waits; after `settleFaces` good faces more waiting would not tell more, and who is
 * still not like anybody is somebody new: two look-alikes are told apart by much evidence, or never. So waits, too, who
 * is certainly somebody that another track of the frame has: people who cross take over each other's tracks.
 */
export const decide = (questions: readonly AssignmentQuestion[], limits: Limits): AssignmentAnswer[] => {
  const chosen = choose(questions, limits)
  const taken = new Set(chosen.filter((person) => person !== null))
  return questions.map((question, i) => {
    const own = chosen[i] ?? null
    const free = question.candidates.filter(({ person }) => person === own || !taken.has(person))
    const lost = question.candidates.filter(({ person }) => person !== own && taken.has(person))
    const answer = settle(question, own, free, lost, limits)
    if (answer.person && answer.person !== 'new') taken.add(answer.person)
    return answer
  })
}

/** The match of the highest score. */
export const bestOf = (matches: readonly (Match | null)[]): Match | null =>
  matches.reduce((best, match) => ((best?.score ?? -1) >= (match?.score ?? -1) ? best : match), null)

const settle = (
  question: AssignmentQuestion,
  chosen: PersonRecord | null,
  free: readonly Match[],
  lost: readonly Match[],
  limits: Limits,
): AssignmentAnswer => {
  const { own, confirmed, rival } = question
  if (chosen && own?.person === chosen)
    return {
      person: chosen,
      candidate: own.comparison && { person: chosen, ...own.comparison },
      runnerUp: free[0] ?? null,
      threshold: limits.leave,
      reason: 'kept' as const,
    }
  const settled = confirmed && question.goodFaces >= limits.settleFaces
  const best = (chosen ? free.find(({ person }) => person === chosen) : free[0]) ?? null
  const runnerUp = free.find(({ person }) => person !== best?.person) ?? null
  const { join } = limits
  if (best && best.score >= join) {
    const next = bestOf([runnerUp, rival])
    const clear = settled || best.score - (next?.score ?? -1) >= limits.margin
    const reason = own ? 'moved' : 'joined'
    if (clear) return { person: best.person, candidate: best, runnerUp, threshold: join, reason }
    return { person: null, candidate: best, runnerUp: next, threshold: join, reason: 'ambiguous' }
  }
  const present = bestOf([rival, ...lost])
  const candidate = best ?? question.nearest
  if (present && present.score >= limits.merge && !settled)
    return { person: null, candidate, runnerUp: present, threshold: join, reason: 'ambiguous' }
  const create = settled ? join : limits.create
  if (best && best.score >= create) return { person: null, candidate, runnerUp, threshold: join, reason: 'ambiguous' }
  if (confirmed) return { person: 'new', candidate, runnerUp, threshold: create, reason: 'created' }
  return { person: null, candidate, runnerUp, threshold: join, reason: 'tentative' }
}

/** The best joint choice: each track's person, or null. */
const choose = (questions: readonly AssignmentQuestion[], limits: Limits): (PersonRecord | null)[] => {
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
