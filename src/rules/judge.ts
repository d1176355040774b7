import type { Firing } from '../events/types.ts'
import type { CameraId, MediaMs, PersonId } from '../types.ts'
import { isWithinHours, type LocalTime } from './hours.ts'
import type { Rule } from './options.ts'
import { reasonsOf } from './reasons.ts'
import { begun, nothing, type Observation, type Visit, withFrame, withinMsOf } from './visit.ts'

/** What a rule is judged with besides its visits. */
export interface Judging {
  /** The name of the rule. */
  readonly rule: string
  readonly person: PersonId
  /** Null: a stranger. */
  readonly name: string | null
  readonly localTime: (atMs: number) => LocalTime
}

/** What became of a visit, and the firing when there is one. */
export interface Judged {
  readonly visit: Visit
  readonly firing: Firing | null
}

/** Whether a rule counts what happens on this camera. */
export const countsOn = ({ cameras, notOn }: Rule, camera: CameraId): boolean =>
  cameras === null ? notOn === null || !notOn.includes(camera) : cameras.includes(camera)

/** The person is somebody whom the rule is about. */
const isMeant = ({ who }: Rule, { person, name }: Judging): boolean => {
  if (who === 'anybody') return true
  if (who === 'named' || who === 'stranger') return (name !== null) === (who === 'named')
  return who === person || who.toLowerCase() === name?.toLowerCase()
}

const hasEvidence = ({ evidence }: Rule, { frames, quality, score }: Visit): boolean =>
  frames >= evidence.frames &&
  quality >= evidence.quality &&
  (evidence.score === null || (score !== null && score >= evidence.score))

/** The moment whose hours decide, and from which `everyMs` counts. */
const momentOf = ({ when }: Rule, { fromMs, lastMs }: Visit, nowMs: MediaMs): MediaMs =>
  when === 'stays' ? nowMs : when === 'leaves' ? lastMs : fromMs

const isLeftOften = ({ everyMs }: Rule, { firedMs }: Visit, atMs: MediaMs): boolean =>
  firedMs !== null && atMs - firedMs < everyMs

/** The visit once it is counted, which happens once, as soon as there is enough evidence. */
const counted = (rule: Rule, visit: Visit, judging: Judging): Visit =>
  visit.isCounted || !hasEvidence(rule, visit) || !isWithinHours(rule, judging.localTime(visit.fromMs))
    ? visit
    : { ...visit, visits: visit.visits + 1, isCounted: true }

/** Whether what the rule waits for has happened by now; who it is, when and how often aside. */
const isDue = (rule: Rule, visit: Visit, nowMs: MediaMs): boolean => {
  switch (rule.when) {
    case 'arrives':
      return rule.times === null || (visit.isCounted && visit.visits === rule.times)
    case 'stays':
      return nowMs - visit.fromMs >= (rule.longerThanMs ?? Infinity)
    case 'misses':
      return nowMs - visit.fromMs >= withinMsOf(rule)
    case 'leaves':
      return nowMs - visit.lastMs >= rule.awayMs
  }
}

const judge = (rule: Rule, visit: Visit, nowMs: MediaMs, judging: Judging): Judged => {
  const none = { visit, firing: null }
  if (visit.isSettled || !hasEvidence(rule, visit) || !isDue(rule, visit, nowMs) || !isMeant(rule, judging)) return none
  const momentMs = momentOf(rule, visit, nowMs)
  // At other hours, or too soon after the last time: an arrival stays what it was, a stay may still come into its hours.
  if (!isWithinHours(rule, judging.localTime(momentMs)) || isLeftOften(rule, visit, momentMs))
    return { visit: { ...visit, isSettled: rule.when !== 'stays' }, firing: null }
  const { rule: name, person } = judging
  const { camera, fromMs, frames, visits } = visit
  const said = {
    rule: name,
    when: rule.when,
    person,
    name: judging.name,
    camera,
    atMs: momentMs,
    fromMs,
    frames,
    visits,
  }
  const reasons = reasonsOf(rule, visit, { nowMs, momentMs, withinMs: withinMsOf(rule), ...judging })
  return { visit: { ...visit, isSettled: true, firedMs: momentMs }, firing: { ...said, reasons } }
}

/** A person is seen. Call `pass` before, so that a visit that is over has ended. */
export const observe = (rule: Rule, known: Visit | null, seen: Observation, judging: Judging): Judged => {
  const before = known ?? nothing
  const { atMs } = seen
  if (rule.notOn?.includes(seen.camera)) {
    const isPassed = before.isHere && atMs - before.fromMs < withinMsOf(rule)
    return { visit: { ...before, elsewhereMs: atMs, isSettled: before.isSettled || isPassed }, firing: null }
  }
  const visit = counted(rule, withFrame(before.isHere ? before : begun(rule, before, seen, known), seen), judging)
  return judge(rule, visit, atMs, judging)
}

/** Time passes without the person. `nowMs` is by the clock of the camera that saw it last. */
export const pass = (rule: Rule, visit: Visit, nowMs: MediaMs, judging: Judging): Judged => {
  const isWaiting = rule.when === 'misses' || rule.when === 'leaves'
  const judged = visit.isHere && isWaiting ? judge(rule, visit, nowMs, judging) : { visit, firing: null }
  // Who was seen for a moment may still come to the cameras of `notOn`, however short `awayMs` is.
  const mayPass = rule.when === 'misses' && !judged.visit.isSettled && nowMs - visit.fromMs < withinMsOf(rule)
  const isGone = visit.isHere && nowMs - visit.lastMs >= rule.awayMs && !mayPass
  return isGone ? { ...judged, visit: { ...judged.visit, isHere: false } } : judged
}

/** Whether nothing that is known matters any more: the next time is as the first time. */
export const isIdle = (rule: Rule, visit: Visit, nowMs: MediaMs): boolean =>
  !visit.isHere &&
  rule.times === null &&
  (visit.firedMs === null || nowMs - visit.firedMs >= rule.everyMs) &&
  (visit.elsewhereMs === null || nowMs - visit.elsewhereMs >= withinMsOf(rule))
