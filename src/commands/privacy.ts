import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { RollcallError } from '../errors.ts'
import { printable } from '../text.ts'
import { configure, parseWords } from './arguments.ts'
import { elsewhere } from './forget/words.ts'
import { keptStateOf } from './kept-state.ts'
import { localTime } from './local-time.ts'
import type { PeopleClient } from './people/client.ts'
import { openClient } from './people/open-client.ts'
import { lasting } from './people/print.ts'

const help = `rollcall privacy report [--state DIR] [--config FILE] [--json]

Prints what is held about how many people, how old it is, where it lies, and when it goes. Names nobody.

  --state DIR    where people are kept (default ~/.local/state/rollcall/SITE)
  --config FILE  the configuration that Rollcall runs with: what it keeps, and where else it tells
  --json         as JSON

It may run meanwhile: then a token with the scope read comes from ROLLCALL_TOKEN.`

const options = {
  state: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

/** `rollcall privacy`. Resolves to 0; throws USAGE and STATE. */
export const privacy = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseWords('privacy', args, options)
  if (values.help) {
    console.log(help)
    return 0
  }
  if (positionals.length !== 1 || positionals[0] !== 'report')
    throw new RollcallError('USAGE', 'rollcall privacy: expected report', { remedy: 'see rollcall privacy --help' })
  const config = configure(values, process.env)
  const state = keptStateOf(config)
  const token = process.env.ROLLCALL_TOKEN || null
  const client = await openClient({ config, url: undefined, stateDirectory: state, token })
  try {
    const report = await reportOf(client, state, config)
    console.log(values.json ? JSON.stringify(report) : inWords(report).map(printable).join('\n'))
    return 0
  } finally {
    await client.close()
  }
}

/** What each entry of a state directory holds, and whether it is biometric. */
const holds: Readonly<Record<string, string>> = {
  'people.db': 'looks (biometric), templates of objectors (biometric), names, sightings, tracks, events',
  'crops.db': 'pictures of faces (biometric), encrypted',
  'crops.key': 'the key of the pictures',
  'cameras.json': 'cameras that were added, with their passwords',
  'sessions.json': 'who is signed in, hashes only',
  'receipts.key': 'what receipts of deletions are signed with',
  tls: 'the certificate and its key',
  spool: 'events for Kafka',
  webhooks: 'events for webhooks, and dead letters',
  mqtt: 'events for MQTT',
  snapshot: 'a backup that is being made (biometric): goes within ten minutes',
}

type Report = Awaited<ReturnType<typeof reportOf>>

const reportOf = async (client: PeopleClient, state: string, config: Config) => {
  const people = await client.list()
  const seen = people.filter(({ tracks }) => tracks > 0)
  return {
    people: {
      all: people.length,
      named: people.filter(({ name }) => name !== null).length,
      archived: people.filter(({ archived }) => archived).length,
      oldestMs: least(people.map(({ createdAtMs }) => createdAtMs)),
      longestUnseenMs: least(seen.map(({ lastSeenAtMs }) => lastSeenAtMs)),
    },
    objectors: await objectorsOf(client),
    sightings: await sightingsOf(client),
    files: readdirSync(state)
      .sort()
      .filter((name) => !/-(wal|shm|journal)$/.test(name) && name !== 'running.json')
      .map((name) => ({
        name,
        bytes: bytesOf(join(state, name)),
        holds: holds[name] ?? 'nothing that Rollcall keeps',
      })),
    retention: retentionOf(config),
    elsewhere: elsewhere(config, state),
  }
}

const least = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b))

const objectorsOf = async (client: PeopleClient) => {
  const objections = await client.objections()
  return { all: objections.length, oldestMs: least(objections.map(({ objectedAtMs }) => objectedAtMs)) }
}

const sightingsOf = async (client: PeopleClient) => {
  const found = { all: 0, oldestMs: null as number | null }
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.sightings({ limit: 1000, cursor })
    found.all += page.sightings.length
    const oldest = least(page.sightings.map(({ fromMs }) => fromMs))
    if (oldest !== null) found.oldestMs = Math.min(oldest, found.oldestMs ?? oldest)
    cursor = page.next
  }
  return found
}

/** Of a file with its log, or of all files of a folder. */
const bytesOf = (path: string): number => {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
  const log = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0
  return (stats?.size ?? 0) + log
}

const hourMs = 3_600_000

const retentionOf = ({ identity }: Config): string[] => {
  const { archiveAfterDays, deleteAfterDays, sightingDays, unassignedDays, waitMs, crops } = identity
  const after = (days: number | null): string => (days === null ? 'never' : `after ${days} days`)
  return [
    identity.unknown === 'ignore'
      ? 'people without a name are deleted at once (identity.unknown: ignore)'
      : `people without a name are archived ${after(archiveAfterDays)}, and deleted ${after(deleteAfterDays)}`,
    `sightings and past tracks go ${after(sightingDays)}`,
    unassignedDays === null || identity.unknown === 'ignore'
      ? `tracks of people without an ID go after ${waitMs % hourMs === 0 ? `${waitMs / hourMs} h` : lasting(waitMs)}`
      : `tracks of people without an ID go ${after(unassignedDays)}`,
    `pictures of faces: ${crops}`,
    'templates of those who are never to be recognised go when they take it back',
  ]
}

const inWords = ({ people, objectors, sightings, files, retention, elsewhere: others }: Report): string[] => {
  const when = (atMs: number | null): string => (atMs === null ? 'never' : localTime(atMs))
  const size = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
  return [
    `People: ${people.all}, of whom ${people.named} have a name and ${people.archived} are archived; the first since ${when(people.oldestMs)}, one not seen since ${when(people.longestUnseenMs)}`,
    `Never to be recognised: ${objectors.all}${objectors.all === 0 ? '' : `, the first since ${when(objectors.oldestMs)}; of each a template (biometric), when and how they objected`}`,
    `Sightings: ${sightings.all}, the oldest from ${when(sightings.oldestMs)}`,
    'Where:',
    ...files.map(({ name, bytes, holds: what }) => `  ${name.padEnd(13)} ${size(bytes).padStart(9)}  ${what}`),
    'How long:',
    ...retention.map((line) => `  ${line}`),
    'Elsewhere:',
    ...others.map((line) => `  ${line}`),
  ]
}
