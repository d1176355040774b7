import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RollcallEvent } from '../../src/events/types.ts'
import { type SeamTarget, seamOptions } from '../../src/seam/options.ts'
import { ensureTopic, seamPlace } from '../../src/seam/topic.ts'
import type { CameraId } from '../../src/types.ts'
import { createReceived, createTail } from '../chaos/received.ts'
import { silent } from '../site/site.ts'
import { freePorts } from '../support/kafka/broker.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import type { Simulated } from './cameras.ts'
import { createMember, type Member } from './member.ts'
import { readEvents, readFaces } from './topic.ts'

/** The processes of a site, and all that is known of what they said. Whoever opened it closes it. */
export interface World {
  readonly cameras: readonly CameraId[]
  /** The vision processes that are there from the beginning, each of one worker. */
  readonly workers: readonly Member[]
  readonly identities: readonly Member[]
  /** The identity process whose event is the newest. */
  readonly active: () => Member
  /** What `/readyz` of an identity process says is in the way; null when nobody answers, empty when it is ready. */
  readonly reasons: (identity: Member) => Promise<readonly string[] | null>
  /** Another vision process, with this capacity; it is not started yet. */
  addWorker(name: string, capacity: number): Member
  readonly accounts: Accounts
  /** Reads what identity has written, and checks that what came twice is the same. */
  read(): void
  /** Events about people and sightings by `sequence`. */
  readonly logged: () => ReadonlyMap<number, string>
  /** Events of a camera's state, the newest last. */
  readonly changes: (camera: CameraId) => readonly string[]
  close(): Promise<void>
}

/** What a world is made of. */
export interface WorldParts {
  readonly brokers: readonly string[]
  readonly replicas: number
  readonly cameras: readonly Simulated[]
  readonly workers: number
  /** The program of a vision process, and its arguments before `--config`. */
  readonly vision: readonly string[]
  /** Takes every event once, in the order of the file. */
  readonly saw: (event: RollcallEvent) => void
}

const main = resolve(import.meta.dirname, '../../src/main.ts')
/** What Node is started with to be `rollcall vision` or `rollcall identity`. */
export const rollcallRole = (role: 'vision' | 'identity'): readonly string[] => ['--max-semi-space-size=8', main, role]

const site = 'scale'
/** One has the site, the other stands by. */
const identityNames = ['identity-0', 'identity-1']
const slots = 16

/** Opens it; no process runs yet. */
export const openWorld = async (parts: WorldParts): Promise<World> => {
  await using opening = new AsyncDisposableStack()
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-scale-'))
  opening.defer(() => rmSync(directory, { recursive: true, force: true }))
  const at = (name: string): string => join(directory, name)
  const kafka = {
    brokers: parts.brokers,
    topicPrefix: `scale-${process.pid}-${Date.now()}.`,
    replicationFactor: parts.replicas,
    requestTimeoutMs: 5000,
  }
  const seam = seamOptions.parse({ kafka }).kafka as SeamTarget
  const common = {
    site,
    cameras: Object.fromEntries(parts.cameras.map(({ name, options }) => [name, options])),
    vision: { processes: 1 },
    log: { level: 'info', format: 'json' },
  }
  const fileFor = (name: string, config: object): string => {
    writeFileSync(at(`${name}.json`), JSON.stringify({ ...common, ...config }))
    return at(`${name}.json`)
  }
  const addWorker = (name: string, capacity: number): Member => {
    const file = fileFor(name, { seam: { kafka, cameraSlots: slots, capacity }, http: { port: null } })
    return opened.use(name, [...parts.vision, '--config', file, '--name', name])
  }
  const opened = membersIn(directory, opening)
  const accounts = createAccounts()
  await ensureTopic(seamPlace(site, seam, silent))
  opening.adopt(await readFaces(site, seam, (offset, record) => accounts.record(offset, record)), (reader) =>
    reader.close(),
  )
  const workers = Array.from({ length: parts.workers }, (_, i) => addWorker(`worker-${i}`, 1))
  const ports = await freePorts(identityNames.length)
  const identities = identityNames.map((name, i) => {
    const file = fileFor(name, {
      seam: { kafka, cameraSlots: slots, stateTopic: true },
      http: { port: ports[i] },
      state: { directory: at(`${name}-state`) },
      sinks: { events: at(`${name}.jsonl`), kafka: { ...kafka, spool: { directory: at(`${name}-spool`) } } },
    })
    return opened.use(name, [...rollcallRole('identity'), '--config', file])
  })
  const events = await readEvents(seam, accounts)
  opening.adopt(events, (reader) => reader.close())
  const seen = createSeen(
    identityNames.map((name) => at(`${name}.jsonl`)),
    accounts,
    parts.saw,
  )
  const owned = opening.move()
  return {
    cameras: parts.cameras.map(({ name }) => name),
    workers,
    identities,
    active: () => identities[seen.newest()] as Member,
    reasons: async (identity) => {
      const port = ports[identities.indexOf(identity)]
      const signal = AbortSignal.timeout(2000)
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal }).catch(() => null)
      return answer && ((await answer.json()) as { readonly reasons: readonly string[] }).reasons
    },
    addWorker,
    accounts,
    ...seen,
    close: () => owned.disposeAsync(),
  }
}

/** Members that log into this directory and are closed with `owner`, all at once. */
const membersIn = (directory: string, owner: AsyncDisposableStack) => {
  const all: Member[] = []
  owner.defer(async () => void (await Promise.all(all.map((member) => member.close()))))
  return {
    use: (name: string, args: readonly string[]): Member => {
      const member = createMember(name, args, join(directory, `${name}.log`))
      all.push(member)
      return member
    },
  }
}

/** What the events files say. */
const createSeen = (files: readonly string[], accounts: Accounts, saw: (event: RollcallEvent) => void) => {
  const received = createReceived('the events files')
  const changes = new Map<CameraId, string[]>()
  const known = new Set<string>()
  let [newest, newestAtMs] = [0, 0]
  const take = (file: number, event: RollcallEvent, text: string): void => {
    accounts.event(event, text)
    received.take(event, text)
    if (known.has(event.id)) return
    known.add(event.id)
    saw(event)
    if (event.type === 'rollcall.frame.v1' && event.data.capturedAtMs > newestAtMs)
      [newest, newestAtMs] = [file, event.data.capturedAtMs]
    if (!('state' in event.data)) return
    const of = changes.get(event.data.camera) ?? []
    of.push(`${event.data.state}: ${event.data.reason}`)
    changes.set(event.data.camera, of)
  }
  // A kill cuts a line off, and the next process begins on a line of its own.
  const tails = files.map((file, i) =>
    createTail(
      file,
      (event, text) => take(i, event, text),
      () => undefined,
    ),
  )
  return {
    read: () => {
      for (const tail of tails) tail.read()
    },
    newest: () => newest,
    logged: () => received.logged,
    changes: (camera: CameraId): readonly string[] => changes.get(camera) ?? [],
  }
}
