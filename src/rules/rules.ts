import type { Firing, FrameEvent, RollcallEvent } from '../events/types.ts'
import type { CameraId, MediaMs, PersonId } from '../types.ts'
import { createClocks } from './clocks.ts'
import { createCorrections, type OfPerson } from './corrections.ts'
import { type LocalTime, localTime } from './hours.ts'
import { countsOn, isIdle, type Judged, type Judging, observe, pass } from './judge.ts'
import type { Rule, RuleSet } from './options.ts'
import type { Observation } from './visit.ts'
import { createVisits, keyOf, partsOf, type SavedVisit, type VisitsChange } from './visits.ts'

/** The rules of a site. Synchronous: the same calls in the same order return the same firings. */
export interface Rules {
  /** The events of one message of a camera, whose clock shows `atMs`. Returns what fires. */
  take(events: readonly RollcallEvent[], camera: CameraId, atMs: MediaMs): readonly Firing[]
  /** People were merged or deleted, or tracks given to others, by somebody. Nothing fires. */
  change(events: readonly RollcallEvent[]): void
  /** Time has passed, also for cameras that say nothing: `elapsedMs` of a clock that does not jump. Returns what fires. */
  tick(elapsedMs: number): readonly Firing[]
  /** Other rules hold from now on. What is known of visits stays with the name of the rule. */
  replace(rules: RuleSet): void
  /** Whether nothing can fire. */
  isEmpty(): boolean
  takeChanged(): VisitsChange
}

/** What rules are judged with. */
export interface RulesDeps {
  /** The name of a person; null without one. */
  readonly nameOf: (person: PersonId) => string | null
  /** Whether there is such a person; everybody is when left out. */
  readonly isKnown?: (person: PersonId) => boolean
  /** What an earlier run knew. */
  readonly saved?: readonly SavedVisit[]
  /** The clock on the wall; that of this machine when left out. */
  readonly localTime?: (atMs: number) => LocalTime
}

const judgingWith =
  ({ nameOf, localTime: local = localTime }: RulesDeps) =>
  (rule: string, person: PersonId): Judging => ({ rule, person, name: nameOf(person), localTime: local })

/** Follows what every rule waits for. Visits of rules that are no more are forgotten. */
export const createRules = (first: RuleSet, deps: RulesDeps): Rules => {
  let rules: readonly (readonly [string, Rule])[] = []
  const visits = createVisits(deps.saved ?? [])
  const clocks = createClocks()
  const judging = judgingWith(deps)
  const keep = (key: string, { visit, firing }: Judged): readonly Firing[] => {
    visits.set(key, visit)
    return firing ? [firing] : []
  }
  const ruleOf = (name: string): Rule | undefined => rules.find(([each]) => each === name)?.[1]

  const passTime = (key: string): readonly Firing[] => {
    const [name, person] = partsOf(key)
    const rule = ruleOf(name)
    const visit = visits.get(key)
    if (!rule || !visit) return []
    return keep(key, pass(rule, visit, clocks.of(visit.camera, visit.lastMs), judging(name, person)))
  }
  const saw = (seen: Observation): readonly Firing[] =>
    rules.flatMap(([name, rule]) => {
      if (!countsOn(rule, seen.camera) && !rule.notOn?.includes(seen.camera)) return []
      const key = keyOf(name, seen.person)
      const visit = visits.get(key)
      const ask = judging(name, seen.person)
      const passed = visit?.isHere ? pass(rule, visit, seen.atMs, ask) : { visit, firing: null }
      return [...(passed.firing ? [passed.firing] : []), ...keep(key, observe(rule, passed.visit, seen, ask))]
    })
  const ofPerson: OfPerson = (person, change) => {
    for (const [rule] of rules) {
      const key = keyOf(rule, person)
      const visit = visits.get(key)
      if (visit) change(key, visit, rule)
    }
  }
  const corrected = createCorrections(visits, ofPerson)
  const replace = (next: RuleSet): void => {
    rules = Object.entries(next)
    visits.drop((rule, person) => !Object.hasOwn(next, rule) || deps.isKnown?.(person) === false)
  }
  replace(first)

  return {
    take(events, camera, atMs) {
      if (rules.length === 0) return []
      clocks.heard(camera, atMs)
      for (const event of events) corrected(event)
      const passed = visits.here().flatMap(passTime)
      const seen = events.flatMap((event) => (event.type === 'rollcall.frame.v1' ? observationsIn(event) : []))
      return [...passed, ...seen.flatMap(saw)]
    },
    change(events) {
      for (const event of events) corrected(event)
    },
    tick(elapsedMs) {
      clocks.tick(elapsedMs)
      const fired = visits.here().flatMap(passTime)
      visits.drop((name, _, visit) => {
        const rule = ruleOf(name)
        return rule !== undefined && isIdle(rule, visit, clocks.of(visit.camera, visit.lastMs))
      })
      return fired
    },
    replace,
    isEmpty: () => rules.length === 0,
    takeChanged: visits.takeChanged,
  }
}

/** The people in a frame. */
const observationsIn = ({ data }: FrameEvent): readonly Observation[] =>
  data.faces.flatMap(({ person, track, quality, candidate }) =>
    person === null
      ? []
      : {
          person,
          camera: data.camera,
          atMs: data.capturedAtMs,
          track,
          frames: 1,
          quality,
          score: candidate?.person === person ? candidate.score : null,
        },
  )
