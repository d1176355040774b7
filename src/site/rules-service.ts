import { plainName } from '../config/cameras.ts'
import { RollcallError } from '../errors.ts'
import type { Sighting } from '../events/types.ts'
import type { Identity } from '../identity/identity.ts'
import { doubtsAbout } from '../rules/doubts.ts'
import { dryRun, looksAt } from '../rules/dry-run.ts'
import { groups, type Rule, type RuleSet, ruleKeysSchema, ruleOptions } from '../rules/options.ts'
import { describeIssues } from '../server/people-bodies.ts'
import type { RulesService } from '../server/rules-routes.ts'
import type { FindSightings } from '../server/sightings-routes.ts'
import type { CameraId, Log, WallMs } from '../types.ts'
import type { Transact } from './acting.ts'
import type { SiteRules } from './site-rules.ts'

/** What the service reads and changes. */
export interface RulesServiceParts {
  readonly rules: Pick<SiteRules, 'book' | 'give'>
  readonly transact: Transact
  readonly engine: Pick<Identity, 'people' | 'isPerson' | 'resolve' | 'nameOf'>
  readonly findSightings: FindSightings
  readonly cameras: () => readonly CameraId[]
  readonly nowMs: () => WallMs
  readonly log: Log
}

/** A test in the process that has the people may not hold it up for long: so many looks at somebody. */
const mostLooks = 2000
const mostGiven = 200

const usage = (message: string, remedy: string): RollcallError => new RollcallError('USAGE', message, { remedy })

/** A rule with all its keys. Throws USAGE. */
const ruleFrom = (keys: unknown, where = 'body'): Rule => {
  const { data, error } = ruleOptions.safeParse(keys)
  if (!data) throw usage(describeIssues(error, where), 'docs/configuration.md has the keys of rules.')
  return data
}

/** Gives and takes away rules for users, and tries them on the past. */
export const createRulesService = (parts: RulesServiceParts): RulesService => {
  const { rules, transact, engine, log } = parts
  const { book } = rules
  /** Kept by ID, so that nothing has to be known of the name when the person is renamed or deleted. Throws USAGE. */
  const whoIs = (who: string): string => {
    if (groups.some((group) => group === who)) return who
    const known = engine.resolve(who)
    if (engine.isPerson(known)) return known
    const named = engine.people().filter(({ name }) => name?.toLowerCase() === who.toLowerCase())
    const [id, ...others] = named.map((person) => person.id)
    if (id === undefined) throw usage(`who: nobody is called ${who}, or has that ID`, 'Name them first.')
    if (others.length > 0)
      throw usage(`who: ${named.length} people are called ${who}: ${[id, ...others].join(', ')}`, 'Give an ID.')
    return id
  }
  const change = (name: string, rule: Rule | null, by: string): void => {
    transact(() => {
      rules.give(name, rule)
      return []
    })
    log.info({ rule: name, by }, rule ? 'a rule was given' : 'a rule was taken away')
  }
  return {
    list() {
      const own = Object.entries(book.configured()).map(([name, rule]) => ({
        ...rule,
        name,
        from: 'configuration' as const,
      }))
      const given = Object.entries(book.given()).map(([name, rule]) => ({ ...rule, name, from: 'http' as const }))
      const doubts = doubtsAbout(book.all(), { cameras: parts.cameras(), people: engine.people() })
      const hidden = given.flatMap(({ name }) =>
        Object.hasOwn(book.configured(), name)
          ? `rules.${name}: the rule of the configuration holds, and not the given one of that name`
          : [],
      )
      return { rules: [...own, ...given], doubts: [...doubts, ...hidden] }
    },
    give(name, keys, isNew, by) {
      const rule = ruleFrom(keys)
      const { error } = plainName.safeParse(name)
      if (error) throw usage(`name: ${error.issues[0]?.message}`, 'Choose another name.')
      if (Object.hasOwn(book.configured(), name))
        throw usage(`the rule ${name} is of the configuration`, 'Change it there, or choose another name.')
      const isThere = Object.hasOwn(book.given(), name)
      if (isNew && isThere) throw usage(`there is a rule ${name} already`, `Change it with PUT /api/rules/${name}.`)
      if (!isThere && Object.keys(book.given()).length >= mostGiven)
        throw usage(`there are ${mostGiven} given rules`, 'Take some away first.')
      change(name, { ...rule, who: whoIs(rule.who) }, by)
    },
    remove(name, by) {
      if (!Object.hasOwn(book.given(), name))
        throw usage(
          `no given rule is called ${name}`,
          'See GET /api/rules; those of the configuration are changed there.',
        )
      change(name, null, by)
    },
    test(asked, fromMs) {
      const given =
        asked && Object.entries(asked).map(([name, keys]) => [name, ruleFrom(keys, `rules.${name}`)] as const)
      return tested(parts, given ? Object.fromEntries(given) : book.all(), fromMs)
    },
    keysSchema: ruleKeysSchema(),
  }
}

/** The newest sightings since a moment, as many as may be looked at, and since when these are all. */
const newest = (find: FindSightings, askedMs: number) => {
  const sightings: Sighting[] = []
  let looks = 0
  for (let cursor: string | undefined; ; ) {
    const page = find({ fromMs: askedMs, limit: 500, cursor })
    for (const sighting of page.sightings) {
      looks += looksAt(sighting)
      if (looks > mostLooks) return { sightings, fromMs: sighting.untilMs }
      sightings.push(sighting)
    }
    if (page.next === null) return { sightings, fromMs: askedMs }
    cursor = page.next
  }
}

const tested = ({ findSightings, engine, nowMs }: RulesServiceParts, rules: RuleSet, askedMs: number) => {
  const { sightings, fromMs } = newest(findSightings, askedMs)
  const firings = dryRun(rules, { sightings, nameOf: (person) => engine.nameOf(person), untilMs: nowMs() })
  const isUnchecked = ({ evidence }: Rule): boolean => evidence.quality > 0 || evidence.score !== null
  const unchecked = Object.entries(rules).flatMap(([name, rule]) => (isUnchecked(rule) ? name : []))
  return { fromMs, sightings: sightings.length, firings, unchecked }
}
