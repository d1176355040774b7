import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { fileOf, openStore } from '../../src/identity/store/open.ts'
import { startRun } from '../../src/site/run.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { watchHeld } from '../support/held.ts'
import { silent } from './site.ts'

const directory = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-half-open-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** Starts with everything there is: state, events file, Kafka, HTTP. */
const start = (root: string, { sinks = {}, ...config }: { readonly sinks?: object }) =>
  startRun(
    configSchema.parse({
      cameras: { door: { url: join(import.meta.dirname, '../../footage/lobby.mp4') } },
      http: { port: 0 },
      sinks: {
        events: join(root, 'events.jsonl'),
        kafka: { brokers: ['127.0.0.1:1'], spool: { directory: join(root, 'spool') } },
        ...sinks,
      },
      ...config,
    }),
    { untilEnd: true, stateDirectory: join(root, 'state'), log: silent },
  )

const takenPort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}

/** Each makes one step fail, after others have opened something. */
const failures: Record<string, (root: string) => Promise<{ config: object; says: RegExp }>> = {
  'the port is taken': async () => ({ config: { http: { port: await takenPort() } }, says: /http.port/ }),
  'the certificate is missing': async () => ({
    config: { http: { port: 0, tls: { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' } } },
    says: /http.tls.cert/,
  }),
  'the events file cannot be written': async (root) => ({
    config: { sinks: { events: join(root, 'nowhere/events.jsonl') } },
    says: /events file/,
  }),
  'the spool is a file': async (root) => {
    writeFileSync(join(root, 'spool'), '')
    return { config: {}, says: /sinks.kafka.spool/ }
  },
  'the second lane of the spool is a file': async (root) => {
    mkdirSync(join(root, 'spool'))
    writeFileSync(join(root, 'spool/kept'), '')
    return { config: {}, says: /sinks.kafka.spool/ }
  },
  'a segment of the spool cannot be read': async (root) => {
    mkdirSync(join(root, 'spool/kept/0000000000000001.log/x'), { recursive: true })
    return { config: {}, says: /sinks.kafka.spool/ }
  },
  'the certificate of Kafka cannot be read': async (root) => ({
    config: {
      sinks: {
        kafka: {
          brokers: ['127.0.0.1:1'],
          spool: { directory: join(root, 'spool') },
          tls: { enabled: true, ca: '/nowhere/ca.pem' },
        },
      },
    },
    says: /sinks.kafka.tls.ca/,
  }),
  'there is no embedder': async (root) => ({ config: { models: { directory: root } }, says: /no embedder|embedder/ }),
  'what was in view is damaged': async (root) => {
    const embedder = await chosenEmbedder(configSchema.parse({}).models)
    openStore(join(root, 'state'), { embedder }).close()
    const db = new DatabaseSync(fileOf(join(root, 'state')))
    db.exec("INSERT INTO live_rows (kind, key, value) VALUES ('tracks', 'a', x'00')")
    db.close()
    return { config: {}, says: /people.db/ }
  },
}

test.each(Object.entries(failures))('%s: startRun says so and leaves nothing open', async (_what, prepare) => {
  const root = directory()
  const { config, says } = await prepare(root)
  const held = watchHeld()
  await expect(start(root, config)).rejects.toThrow(says)
  expect(await held.extra()).toEqual([])
  // Nor a lock: the same may be opened again.
  expect(() => readFileSync(join(root, 'spool/lock'))).toThrow()
  expect(() => readFileSync(join(root, 'state/running.json'))).toThrow()
})

test('a state that the disk refuses to open or to close leaves no lock, and nobody is said to run', async () => {
  const state = directory()
  const embedder = await chosenEmbedder(configSchema.parse({}).models)
  const refuse = (): void => {
    throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
  }
  let isFull = false
  const store = openStore(state, { embedder, onWrite: () => isFull && refuse() })
  isFull = true
  expect(() => store.close()).toThrow('disk full')
  const db = new DatabaseSync(fileOf(state))
  // Somebody was deleted, and the process ended before their bytes were gone.
  db.exec('UPDATE site SET scrub = 1')
  db.close()
  expect(() => openStore(state, { embedder, onWrite: refuse })).toThrow('disk full')
  expect(() => readFileSync(join(state, 'running.json'))).toThrow()
  openStore(state, { embedder }).close()
})
