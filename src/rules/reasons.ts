import type { MediaMs } from '../types.ts'
import type { LocalTime } from './hours.ts'
import type { Rule } from './options.ts'
import type { Visit } from './visit.ts'

/** What the reasons tell of besides the rule and the visit. */
export interface Reasoning {
  readonly name: string | null
  readonly nowMs: MediaMs
  readonly momentMs: MediaMs
  readonly withinMs: number
  readonly localTime: (atMs: number) => LocalTime
}

/** `2 h 5 min`, `40 s`: the two largest units that matter. */
export const lengthOf = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** How long somebody had been away: a rule forgets visits that no longer matter. */
const awayText = (rule: Rule, { awayForMs }: Visit): string =>
  awayForMs === null ? `more than ${lengthOf(rule.awayMs)}` : lengthOf(awayForMs)

const happened = (rule: Rule, visit: Visit, reasoning: Reasoning): string => {
  const { camera, fromMs, lastMs, visits } = visit
  const { nowMs, withinMs } = reasoning
  switch (rule.when) {
    case 'arrives':
      return [
        `seen on ${camera} after ${awayText(rule, visit)} without`,
        ...(rule.times === null ? [] : [`visit ${visits}, expected ${rule.times}`]),
      ].join('; ')
    case 'stays':
      return `seen for ${lengthOf(nowMs - fromMs)}, more than ${lengthOf(rule.longerThanMs ?? 0)}`
    case 'leaves':
      return `last seen on ${camera} after ${lengthOf(lastMs - fromMs)}, and not for ${lengthOf(rule.awayMs)} since`
    case 'misses':
      return `seen on ${camera}, and not on ${(rule.notOn ?? []).join(', ')} within ${lengthOf(withinMs)} of it`
  }
}

/** Why a rule fires, one sentence for each of its conditions, for people to read. */
export const reasonsOf = (rule: Rule, visit: Visit, reasoning: Reasoning): readonly string[] => {
  const { frames, quality, score } = visit
  const { day: _, minutes } = reasoning.localTime(reasoning.momentMs)
  return [
    reasoning.name === null ? 'has no name' : `is ${reasoning.name}`,
    happened(rule, visit, reasoning),
    [
      `${frames} ${frames === 1 ? 'frame' : 'frames'}, expected ${rule.evidence.frames}`,
      ...(rule.evidence.quality > 0 ? [`quality ${quality.toFixed(2)}, expected ${rule.evidence.quality}`] : []),
      ...(rule.evidence.score === null ? [] : [`score ${(score ?? 0).toFixed(2)}, expected ${rule.evidence.score}`]),
    ].join('; '),
    ...(rule.hours === null ? [] : [`${two(Math.floor(minutes / 60))}:${two(minutes % 60)} is within ${rule.hours}`]),
  ]
}
