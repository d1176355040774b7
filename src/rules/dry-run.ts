import type { Firing, Sighting } from '../events/types.ts'
import type { PersonId } from '../types.ts'
import type { LocalTime } from './hours.ts'
import type { Rule, RuleSet } from './options.ts'
import { createRules } from './rules.ts'
import type { Observation } from './visit.ts'

/** The past that rules are tried on. */
export interface Past {
  readonly sightings: readonly Sighting[]
  /** The names of people now; null without one. */
  readonly nameOf: (person: PersonId) => string | null
  /** Until when it is known who was there. */
  readonly untilMs: number
  readonly localTime?: (atMs: number) => LocalTime
}

/** Quality and score are not kept of sightings, so that every sighting passes these. */
const withoutUnknown = (rule: Rule): Rule => ({ ...rule, evidence: { ...rule.evidence, quality: 0, score: null } })

/** Between two observations of one sighting: fine enough for minutes, and few enough for days. */
const everyMs = 5000
/** A stay of a day has no more. */
const mostParts = 20_000

/** How many observations a sighting is looked at by. */
export const looksAt = ({ fromMs, untilMs, frames }: Pick<Sighting, 'fromMs' | 'untilMs' | 'frames'>): number =>
  Math.min(mostParts, frames, Math.max(2, Math.ceil((untilMs - fromMs) / everyMs)))

/** A sighting as observations, its frames spread evenly over it. */
const observationsOf = (seen: Sighting): readonly Observation[] => {
  const { person, camera, fromMs, untilMs, frames, sighting, tracks } = seen
  const parts = looksAt(seen)
  const share = (part: number): number =>
    Math.floor(((part + 1) * frames) / parts) - Math.floor((part * frames) / parts)
  return Array.from({ length: parts }, (_, part) => ({
    person,
    camera,
    atMs: fromMs + Math.floor((part * (untilMs - fromMs)) / Math.max(1, parts - 1)),
    track: tracks[0] ?? sighting,
    frames: share(part),
    quality: null,
    score: null,
  }))
}

/**
 * What rules would have fired. People are those of now: names, merges and corrections that came later count as if they had been
 * known. What is kept of a sighting is when it was, on which camera and in how many frames; the rest passes.
 */
export const dryRun = (rules: RuleSet, past: Past): readonly Firing[] => {
  const tried = Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, withoutUnknown(rule)]))
  const { nameOf, localTime, untilMs } = past
  const engine = createRules(tried, { nameOf, ...(localTime && { localTime }) })
  const observations = past.sightings.flatMap(observationsOf).sort((a, b) => a.atMs - b.atMs)
  const cameras = [...new Set(observations.map(({ camera }) => camera))]
  const fired: Firing[] = []
  // All cameras have one clock here, because what is past is past for each of them.
  const pass = (atMs: number): void => {
    for (const camera of cameras) for (const firing of engine.take([], camera, atMs)) fired.push(firing)
  }
  for (const seen of observations) {
    pass(seen.atMs)
    for (const firing of engine.observe(seen)) fired.push(firing)
  }
  pass(untilMs)
  return fired.sort((a, b) => a.atMs - b.atMs)
}
