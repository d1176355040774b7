/**
 * How long is a site without an identity process when the one that has it is killed and another stands by (seam.stateTopic)? With so
 * many people, over a real broker (KAFKA_BROKERS, or an Apache Kafka of this run): how long their first way into the topic takes, how
 * long an empty directory is filled from there, and from kill -9 until the other process has the site.
 *
 *   npm run bench -- takeover [--people 10000]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { chosenEmbedder } from '../src/vision/chosen-embedder.ts'
import { modelOptions } from '../src/vision/options.ts'
import { hasKafka, startBroker } from '../test/support/kafka/broker.ts'
import { makeState } from './scale/state.ts'
import { looksOf } from './scale/traffic.ts'

/** Kafka misses a process that was killed after so long. */
const SESSION_S = 6

/** `rollcall identity` as a program, in a directory of its own. */
const startRole = (folder: string, name: string, brokers: readonly string[], prefix: string) => {
  const file = join(folder, `${name}.json`)
  const seam = { kafka: { brokers, topicPrefix: prefix }, stateTopic: true }
  const cameras = { door: 'rtsp://127.0.0.1:1/none' }
  const state = { directory: join(folder, name) }
  writeFileSync(file, JSON.stringify({ site: 'takeover', seam, cameras, http: { port: null }, state }))
  const main = resolve(import.meta.dirname, '../src/main.ts')
  const child: ChildProcess = spawn(process.execPath, [main, 'identity', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream })
  const waiting = new Set<{ readonly text: string; readonly resolve: () => void }>()
  lines.on('line', (line) => {
    if (line.startsWith('rollcall: ')) console.error(line)
    for (const each of waiting) if (line.includes(each.text)) each.resolve()
  })
  return {
    /** Resolves when it has logged this. */
    says: (text: string) => new Promise<void>((done) => waiting.add({ text, resolve: done })),
    end: async (signal: NodeJS.Signals): Promise<void> => {
      child.kill(signal)
      await once(child, 'exit')
    },
  }
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await work()
  return (performance.now() - from) / 1000
}

/** Prints `people`, `export_s`, `fill_s`, `takeover_s` (from kill -9) and `takeover_after_session_s`. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: { people: { type: 'string', default: '10000' } } })
  const people = Number(values.people)
  const given = process.env.KAFKA_BROKERS?.split(',')
  if (!given && !hasKafka) throw new Error('there is no Apache Kafka: set KAFKA_BROKERS')
  const broker = given ? null : await startBroker()
  const brokers = given ?? [broker?.plain ?? '']
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-takeover-'))
  const prefix = `bench-${process.pid}-${Date.now()}.`
  try {
    makeState(join(folder, 'first'), looksOf(people, 1), await chosenEmbedder(modelOptions.parse({})))
    const first = startRole(folder, 'first', brokers, prefix)
    const exported = await seconds(() => first.says('are in kafka now'))
    const second = startRole(folder, 'second', brokers, prefix)
    const filled = await seconds(() => second.says('can take the site over'))
    const known = second.says('people of this site are known here')
    const takeover = await seconds(async () => {
      await first.end('SIGKILL')
      await known
    })
    await second.end('SIGTERM')
    const figures = { people, export_s: exported, fill_s: filled, takeover_s: takeover }
    for (const [name, value] of Object.entries(figures))
      console.log(`${name} ${value.toFixed(name === 'people' ? 0 : 2)}`)
    console.log(`takeover_after_session_s ${(takeover - SESSION_S).toFixed(2)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await broker?.close()
  }
}
