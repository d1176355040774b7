import type { Firing } from '../events/types.ts'

/** A rule as it is listed: its keys stand beside these. */
export interface ListedRule {
  readonly name: string
  /** A group, or a person by ID or name. */
  readonly who: string
  readonly when: Firing['when']
  /** Only one that was given over HTTP can be changed over HTTP. */
  readonly from: 'configuration' | 'http'
}

/** All rules of a site. */
export interface RuleList {
  readonly rules: readonly ListedRule[]
  /** What is strange about them and not wrong, one sentence each. */
  readonly doubts: readonly string[]
}

/** What rules would have fired. */
export interface TestedRules {
  /** Since when the past was looked at, Unix milliseconds: later than asked for where there is more than one request may take. */
  readonly fromMs: number
  readonly sightings: number
  readonly firings: readonly Firing[]
  /** Rules whose `evidence.quality` or `evidence.score` was not checked, because it is not kept of sightings. */
  readonly unchecked: readonly string[]
}
