import type { RollcallEvent } from '../events/types.ts'
import { type Rule, type RuleSet, ruleOptions } from './options.ts'

/** A given rule as it is kept. */
export interface SavedRule {
  /** Its name. */
  readonly key: string
  /** A `Rule` and whom it was `givenFor`; anything else is as if it had not been given. */
  readonly value: unknown
}

/** The rows of a state that are given rules. */
export const givenRows = <Row extends { readonly kind: string }>(live: readonly Row[]): readonly Row[] =>
  live.filter(({ kind }) => kind === 'given-rule')

/** What was given or taken away since the last call of `takeChanged`. */
export interface RuleBookChange {
  readonly put: readonly SavedRule[]
  /** Names. */
  readonly gone: readonly string[]
}

/** The rules of the configuration, and those that were given while the site ran, which are kept in its state. */
export interface RuleBook {
  /** All that hold, by the IDs that people have now: of two with one name that of the configuration. */
  all(): RuleSet
  configured(): RuleSet
  given(): RuleSet
  /** The configuration has other rules from now on. */
  configure(rules: RuleSet): void
  /** Gives a rule, or takes one away: null. */
  give(name: string, rule: Rule | null): void
  /**
   * A rule about one person, by ID, follows merges, also when they are undone. A given one goes with a deletion, so that nothing
   * of a deleted person stays. True when one has changed.
   */
  follow(events: readonly RollcallEvent[]): boolean
  takeChanged(): RuleBookChange
}

/** A given rule. */
interface Given {
  readonly rule: Rule
  /** Who the rule named when it was given: `who` is whose ID this is now. */
  readonly givenFor: string
}

const readGiven = (value: unknown): Given | null => {
  const { givenFor, ...keys } = Object(value) as Record<string, unknown>
  const { data } = ruleOptions.safeParse(keys)
  return data ? { rule: data, givenFor: typeof givenFor === 'string' ? givenFor : data.who } : null
}

/** What a rule book asks the engine about IDs. */
export interface KnownIds {
  /** The ID that this one is an alias of, or itself. */
  resolve(id: string): string
  isDeleted(id: string): boolean
}

/** Starts with the rules that an earlier run was given. Somebody may have been merged or deleted since, with `--state`. */
export const createRuleBook = (first: RuleSet, saved: readonly SavedRule[], ids: KnownIds): RuleBook => {
  const byIdsOfNow = (rules: RuleSet): RuleSet =>
    Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, { ...rule, who: ids.resolve(rule.who) }]))
  let configured = first
  let configuredNow = byIdsOfNow(first)
  const given = new Map<string, Given>()
  const changed = new Set<string>()
  const give = (name: string, rule: Rule | null): void => {
    changed.add(name)
    if (rule) given.set(name, { rule, givenFor: rule.who })
    else given.delete(name)
  }
  /** True when a rule is now about another ID, or is gone. */
  const followAliases = (deleted?: string): boolean => {
    const next = byIdsOfNow(configured)
    let isOther = Object.entries(next).some(([name, { who }]) => who !== configuredNow[name]?.who)
    configuredNow = next
    for (const [name, { rule, givenFor }] of given) {
      const who = ids.resolve(givenFor)
      const isGone = rule.who === deleted || ids.isDeleted(who)
      if (who === rule.who && !isGone) continue
      isOther = true
      if (isGone) give(name, null)
      else {
        changed.add(name)
        given.set(name, { rule: { ...rule, who }, givenFor })
      }
    }
    return isOther
  }
  for (const { key, value } of saved) {
    const kept = readGiven(value)
    if (kept) given.set(key, kept)
  }
  followAliases()
  return {
    all: () => ({ ...rulesOf(given), ...configuredNow }),
    configured: () => configured,
    given: () => rulesOf(given),
    configure: (rules) => {
      configured = rules
      configuredNow = byIdsOfNow(rules)
    },
    give,
    follow(events) {
      let isOther = false
      for (const { type, data } of events) {
        if (type === 'rollcall.person.deleted.v1') isOther = followAliases(data.person) || isOther
        if (type === 'rollcall.person.merged.v1' || type === 'rollcall.person.unmerged.v1')
          isOther = followAliases() || isOther
      }
      return isOther
    },
    takeChanged() {
      const names = [...changed]
      changed.clear()
      return {
        put: names.flatMap((key) => {
          const kept = given.get(key)
          return kept ? { key, value: { ...kept.rule, givenFor: kept.givenFor } } : []
        }),
        gone: names.filter((key) => !given.has(key)),
      }
    },
  }
}

const rulesOf = (given: ReadonlyMap<string, Given>): RuleSet =>
  Object.fromEntries([...given].map(([name, { rule }]) => [name, rule]))
