import type { Firing, Sighting } from '../events/types.ts'
import type { PersonId } from '../types.ts'
import { type LocalTime, localTime } from './hours.ts'
import { countsOn, type Judged, type Judging, observe, pass } from './judge.ts'
import type { Rule, RuleSet } from './options.ts'
import type { Observation, Visit } from './visit.ts'

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

/** What one rule fires about one person, whose observations are in their order. */
const firingsOf = (rule: Rule, observations: readonly Observation[], untilMs: number, judging: Judging): Firing[] => {
  const fired: Firing[] = []
  let visit: Visit | null = null
  const keep = (judged: Judged): Visit => {
    if (judged.firing) fired.push(judged.firing)
    return judged.visit
  }
  const passed = (known: Visit | null, atMs: number): Visit | null =>
    known?.isHere ? keep(pass(rule, known, atMs, judging)) : known
  for (const seen of observations)
    if (countsOn(rule, seen.camera) || rule.notOn?.includes(seen.camera))
      visit = keep(observe(rule, passed(visit, seen.atMs), seen, judging))
  passed(visit, untilMs)
  return fired
}

/**
 * What rules would have fired. People are those of now: names, merges and corrections that came later count as if they had been
 * known. What is kept of a sighting is when it was, on which camera and in how many frames; the rest passes. Each rule looks at
 * each person alone, so that the work grows with the observations and not with how many people are there.
 */
export const dryRun = (rules: RuleSet, past: Past): readonly Firing[] => {
  const { nameOf, localTime: local = localTime, untilMs } = past
  const observations = past.sightings.flatMap(observationsOf).sort((a, b) => a.atMs - b.atMs)
  const people = [...Map.groupBy(observations, ({ person }) => person)]
  const fired = Object.entries(rules).flatMap(([name, rule]) =>
    people.flatMap(([person, seen]) =>
      firingsOf(withoutUnknown(rule), seen, untilMs, { rule: name, person, name: nameOf(person), localTime: local }),
    ),
  )
  return fired.sort((a, b) => a.atMs - b.atMs)
}
