import { RollcallError } from '../errors.ts'
import type { Firing, Sighting } from '../events/types.ts'
import { doubtsAbout } from '../rules/doubts.ts'
import { dryRun } from '../rules/dry-run.ts'
import type { RuleSet } from '../rules/options.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import { countOf, printable } from '../text.ts'
import { configure, named, parseWords } from './arguments.ts'
import { localTime } from './local-time.ts'
import type { PeopleClient } from './people/client.ts'
import { openClient, type Where } from './people/open-client.ts'
import { parseSince } from './since.ts'

const help = `rollcall rules list --config FILE [OPTIONS]
rollcall rules test --config FILE [--since 7d] [--rule NAME] [OPTIONS]

list  prints the rules of the configuration and those given over HTTP, and what is strange about them
test  prints what they would have fired in the past, from the sightings that are kept; nothing is sent

  --since AGE    how far back: 30m, 12h, 7d, or a date (default 7d)
  --rule NAME    only this rule; may be given several times
  --url URL      a running Rollcall (default: the one that has the state directory open); the token comes from ROLLCALL_TOKEN
  --state DIR    where people are kept, when no Rollcall runs
  --json         as JSON`

const options = {
  config: { type: 'string' },
  url: { type: 'string' },
  state: { type: 'string' },
  models: { type: 'string' },
  since: { type: 'string', default: '7d' },
  rule: { type: 'string', multiple: true, default: [] as string[] },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** All sightings since a moment, page by page. */
const sightingsSince = async (client: PeopleClient, fromMs: number): Promise<readonly Sighting[]> => {
  const sightings: Sighting[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.sightings({ fromMs, limit: 1000, cursor })
    for (const sighting of page.sightings) sightings.push(sighting)
    cursor = page.next
  }
  return sightings
}

const firingText = ({ atMs, rule, name, person, when, camera, reasons }: Firing): string =>
  printable(`${localTime(atMs)}  ${rule}  ${name ?? person} ${when} (${camera}): ${reasons.slice(1).join('; ')}`)

const chosen = (rules: RuleSet, names: readonly string[]): RuleSet => {
  if (names.length === 0) return rules
  return Object.fromEntries(names.map((name) => [name, named('rule', name, rules, 'see rollcall rules list')]))
}

const ruleText = ([name, { who, when, cameras, hours }]: [string, RuleSet[string]]): string =>
  [`${name}: ${who} ${when}`, ...(cameras ? [`on ${cameras.join(', ')}`] : []), ...(hours ? [`at ${hours}`] : [])].join(
    ' ',
  )

/** Lists rules, or tries them on the past. Resolves to 0; throws USAGE, CONFIG_INVALID and STATE. */
export const rules = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseWords('rules', args, options)
  const [verb, word] = positionals
  if (values.help || verb === undefined) {
    console.log(help)
    return values.help ? 0 : 2
  }
  named('rules command', verb, { list: true, test: true }, 'see rollcall rules --help')
  if (word !== undefined)
    throw new RollcallError('USAGE', `rollcall rules ${verb}: "${printable(word)}" stands alone`, {
      remedy: 'see rollcall rules --help',
    })
  const config = configure(values, process.env)
  const stateDirectory = stateDirectoryOf(config, { untilEnd: false, env: process.env })
  const where = { config, url: values.url, stateDirectory, token: process.env.ROLLCALL_TOKEN ?? null }
  const client = await clientAt(where, verb === 'test')
  try {
    const wanted = chosen({ ...(await client?.givenRules()), ...config.rules }, values.rule)
    if (Object.keys(wanted).length === 0)
      throw new RollcallError('USAGE', 'there are no rules', {
        remedy: 'Name a configuration that has some with --config FILE; docs/integrations.md shows them.',
      })
    if (verb === 'test' && client) return await test(wanted, client, values)
    const people = (await client?.list()) ?? null
    const isGiven = (name: string): boolean => !Object.hasOwn(config.rules, name)
    return list(wanted, isGiven, { cameras: Object.keys(config.cameras), people }, values.json)
  } finally {
    await client?.close()
  }
}

/** Null where nobody has been seen yet, or a Rollcall cannot be asked: to list the rules of the configuration needs neither. */
const clientAt = async (where: Where, isNeeded: boolean): Promise<PeopleClient | null> => {
  try {
    return await openClient(where)
  } catch (error) {
    if (isNeeded || where.url !== undefined || !(error instanceof RollcallError)) throw error
    return null
  }
}

const list = (
  wanted: RuleSet,
  isGiven: (name: string) => boolean,
  known: Parameters<typeof doubtsAbout>[1],
  json: boolean,
): number => {
  const doubts = doubtsAbout(wanted, known)
  if (json) console.log(JSON.stringify({ rules: wanted, doubts }))
  else
    console.log(
      [
        ...Object.entries(wanted).map((rule) => `${ruleText(rule)}${isGiven(rule[0]) ? ', given over HTTP' : ''}`),
        ...doubts.map((doubt) => `strange: ${printable(doubt)}`),
      ].join('\n'),
    )
  return 0
}

const test = async (
  wanted: RuleSet,
  client: PeopleClient,
  { since, json }: { readonly since: string; readonly json: boolean },
): Promise<number> => {
  const untilMs = Date.now()
  const fromMs = parseSince(since, untilMs)
  const names = new Map((await client.list()).map(({ id, name }) => [id, name]))
  const sightings = await sightingsSince(client, fromMs)
  const firings = dryRun(wanted, { sightings, nameOf: (person) => names.get(person) ?? null, untilMs })
  if (json) {
    console.log(JSON.stringify({ sightings: sightings.length, firings }))
    return 0
  }
  for (const firing of firings) console.log(firingText(firing))
  const unknown = Object.entries(wanted).filter(([, { evidence }]) => evidence.quality > 0 || evidence.score !== null)
  const counts = Object.keys(wanted).map((name) => `${name} ${firings.filter(({ rule }) => rule === name).length}`)
  console.log(`${counts.join(', ')} in ${countOf(sightings.length, 'sighting')} since ${localTime(fromMs)}`)
  if (unknown.length > 0)
    console.log(
      `not checked, because it is not kept: evidence.quality and evidence.score of ${unknown.map(([name]) => name).join(', ')}`,
    )
  return 0
}
