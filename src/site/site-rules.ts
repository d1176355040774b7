import type { Identity } from '../identity/identity.ts'
import type { LiveRow } from '../identity/state/live-rows.ts'
import type { Rule, RuleSet } from '../rules/options.ts'
import { createRuleBook, givenRows, type RuleBook } from '../rules/rule-book.ts'
import { createRules, type Rules } from '../rules/rules.ts'

/** The rules of a site. */
export interface SiteRules {
  /** What the engine's events go through. */
  readonly rules: Rules
  readonly book: Pick<RuleBook, 'all' | 'configured' | 'given' | 'takeChanged'>
  /** The configuration has other rules from now on. */
  replace(configured: RuleSet): void
  /** Gives a rule, or takes one away: null. The next commit keeps it. */
  give(name: string, rule: Rule | null): void
}

/** The rules of the configuration and those that were given, and what an earlier run knew of visits. */
export const createSiteRules = (
  configured: RuleSet,
  engine: Pick<Identity, 'nameOf' | 'isPerson' | 'isDeleted' | 'resolve'>,
  live: readonly LiveRow[],
): SiteRules => {
  const book = createRuleBook(configured, givenRows(live), engine)
  const rules = createRules(book.all(), {
    nameOf: (id) => engine.nameOf(id),
    isKnown: (id) => engine.isPerson(id),
    saved: live.filter(({ kind }) => kind === 'rule'),
  })
  const follow = (events: Parameters<RuleBook['follow']>[0]): void => {
    if (book.follow(events)) rules.replace(book.all())
  }
  return {
    book,
    rules: {
      ...rules,
      // Visits are joined before anything is forgotten of who is merged.
      take(events, camera, atMs) {
        const fired = rules.take(events, camera, atMs)
        follow(events)
        return fired
      },
      change(events) {
        rules.change(events)
        follow(events)
      },
    },
    replace(next) {
      book.configure(next)
      rules.replace(book.all())
    },
    give(name, rule) {
      book.give(name, rule)
      rules.replace(book.all())
    },
  }
}
