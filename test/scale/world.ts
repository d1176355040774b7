import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RollcallEvent } from '../../src/events/types.ts'
import { type SeamTarget, seamOptions } from '../../src/seam/options.ts'
import { ensureTopic, seamPlace } from '../../src/seam/topic.ts'
import type { CameraId } from '../../src/types.ts'
import { createReceived, createTail } from '../chaos/received.ts'
import { silent } from '../site/site.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import type { Simulated } from './cameras.ts'
import { createMember, type Member } from './member.ts'
import { readFaces } from './topic.ts'

/** The processes of a site, and all that is known of what they said. Whoever opened it closes it. */
export interface World {
  readonly cameras: readonly CameraId[]
  /** The vision processes that are there from the beginning, each of one worker. */
  readonly workers: readonly Member[]
  readonly identities: readonly Member[]
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
  const config = (capacity: number): object => ({
    site,
    cameras: Object.fromEntries(parts.cameras.map(({ name, options }) => [name, options])),
    seam: { kafka, cameraSlots: slots, capacity },
    vision: { processes: 1 },
    http: { port: null },
    state: { directory: at('state') },
    sinks: { events: at('events.jsonl') },
    log: { level: 'info', format: 'json' },
  })
  const fileFor = (capacity: number): string => {
    const file = at(`site-${capacity}.json`)
    writeFileSync(file, JSON.stringify(config(capacity)))
    return file
  }
  const addWorker = (name: string, capacity: number): Member =>
    opened.use(name, [...parts.vision, '--config', fileFor(capacity), '--name', name])
  const opened = membersIn(directory, opening)
  const accounts = createAccounts()
  await ensureTopic(seamPlace(site, seam, silent))
  opening.adopt(await readFaces(site, seam, (offset, record) => accounts.record(offset, record)), (reader) =>
    reader.close(),
  )
  const workers = Array.from({ length: parts.workers }, (_, i) => addWorker(`worker-${i}`, 1))
  const identity = opened.use('identity-0', [...rollcallRole('identity'), '--config', fileFor(1)])
  const seen = createSeen(at('events.jsonl'), accounts, parts.saw)
  const owned = opening.move()
  return {
    cameras: parts.cameras.map(({ name }) => name),
    workers,
    identities: [identity],
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

/** What the events file says. */
const createSeen = (file: string, accounts: Accounts, saw: (event: RollcallEvent) => void) => {
  const received = createReceived('the events file')
  const changes = new Map<CameraId, string[]>()
  const known = new Set<string>()
  const tail = createTail(
    file,
    (event, text) => {
      accounts.event(event, text)
      received.take(event, text)
      if (known.has(event.id)) return
      known.add(event.id)
      saw(event)
      if (!('state' in event.data)) return
      const of = changes.get(event.data.camera) ?? []
      of.push(`${event.data.state}: ${event.data.reason}`)
      changes.set(event.data.camera, of)
    },
    // A kill cuts a line off, and the next process begins on a line of its own.
    () => undefined,
  )
  return {
    read: () => tail.read(),
    logged: () => received.logged,
    changes: (camera: CameraId): readonly string[] => changes.get(camera) ?? [],
  }
}
