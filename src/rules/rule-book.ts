import type { RollcallEvent } from '../events/types.ts'
import { type Rule, type RuleSet, ruleOptions } from './options.ts'

/** A given rule as it is kept. */
export interface SavedRule {
  /** Its name. */
  readonly key: string
  /** A `Rule`; anything else is as if it had not been given. */
  readonly value: unknown
}

/** What was given or taken away since the last call of `takeChanged`. */
export interface RuleBookChange {
  readonly put: readonly SavedRule[]
  /** Names. */
  readonly gone: readonly string[]
}

/** The rules of the configuration, and those that were given while the site ran, which are kept in its state. */
export interface RuleBook {
  /** All that hold: of two with one name that of the configuration. */
  all(): RuleSet
  configured(): RuleSet
  given(): RuleSet
  /** The configuration has other rules from now on. */
  configure(rules: RuleSet): void
  /** Gives a rule, or takes one away: null. */
  give(name: string, rule: Rule | null): void
  /**
   * A given rule about one person, by ID, follows merges and goes with a deletion, so that nothing of a deleted person stays. True
   * when one has changed.
   */
  follow(events: readonly RollcallEvent[]): boolean
  takeChanged(): RuleBookChange
}

/** Starts with the rules that an earlier run was given. */
export const createRuleBook = (first: RuleSet, saved: readonly SavedRule[]): RuleBook => {
  let configured = first
  const given = new Map<string, Rule>()
  const changed = new Set<string>()
  for (const { key, value } of saved) {
    const { data } = ruleOptions.safeParse(value)
    if (data) given.set(key, data)
  }
  const give = (name: string, rule: Rule | null): void => {
    changed.add(name)
    if (rule) given.set(name, rule)
    else given.delete(name)
  }
  const about = (who: string): readonly (readonly [string, Rule])[] => [...given].filter(([, rule]) => rule.who === who)
  return {
    all: () => ({ ...Object.fromEntries(given), ...configured }),
    configured: () => configured,
    given: () => Object.fromEntries(given),
    configure: (rules) => {
      configured = rules
    },
    give,
    follow(events) {
      const before = changed.size
      if (given.size === 0) return false
      for (const { type, data } of events) {
        if (type === 'rollcall.person.deleted.v1') for (const [name] of about(data.person)) give(name, null)
        if (type === 'rollcall.person.merged.v1')
          for (const [name, rule] of about(data.person)) give(name, { ...rule, who: data.into })
      }
      return changed.size > before
    },
    takeChanged() {
      const names = [...changed]
      changed.clear()
      return {
        put: names.flatMap((key) => (given.has(key) ? { key, value: given.get(key) } : [])),
        gone: names.filter((key) => !given.has(key)),
      }
    },
  }
}
