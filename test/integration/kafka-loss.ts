import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Broker, type Consumed, hasKafka, readTopics, startBroker } from '../support/kafka/broker.ts'
import { numberedEvent } from './numbered-events.ts'

/** Publishes the events from `from` on in a process of its own. */
const publish = (broker: string, prefix: string, directory: string, from: number, count: number) => {
  const program = join(import.meta.dirname, 'kafka-publisher.ts')
  const child = spawn(process.execPath, [program, broker, prefix, directory, String(from), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let safe = from
  const waiting = new Set<() => void>()
  createInterface(child.stdout).on('line', (line) => {
    safe = Number(line)
    for (const wake of waiting) wake()
  })
  const exited = once(child, 'exit')
  return {
    safe: () => safe,
    /** Resolves when events up to `number` are safe. */
    reached: async (number: number): Promise<void> => {
      while (safe < number) {
        const { promise, resolve } = Promise.withResolvers<void>()
        waiting.add(resolve)
        await Promise.race([promise, exited])
        waiting.delete(resolve)
        if (child.exitCode !== null && safe < number) throw new Error(`the publisher ended with ${child.exitCode}`)
      }
    },
    kill: async (): Promise<void> => {
      child.kill('SIGKILL')
      await exited
    },
    exited,
  }
}

/** All there, each key in order, and whatever comes twice is the same event with the same ID. */
const expectNothingLost = (messages: readonly Consumed[], count: number): number => {
  const first = new Map<string, string | null>()
  const orderOf = new Map<string, string[]>()
  let repeats = 0
  for (const { topic, key, value, headers } of messages) {
    const id = headers.ce_id ?? ''
    if (first.has(id)) {
      repeats++
      expect(value).toBe(first.get(id))
      continue
    }
    first.set(id, value)
    const of = `${topic} ${key}`
    orderOf.set(of, [...(orderOf.get(of) ?? []), id])
  }
  const expected = new Map<string, string[]>()
  for (let i = 0; i < count; i++) {
    const { id, type, partitionkey } = numberedEvent(i)
    const topic = type.includes('frame') ? 'frames' : type.includes('person') ? 'people' : 'sightings'
    const of = `${topic} ${partitionkey}`
    const list = expected.get(of) ?? []
    list.push(id)
    expected.set(of, list)
  }
  const got = new Map([...orderOf].map(([of, ids]) => [of.replace(/^.*?\.(\w+)\.v1 /, '$1 '), ids]))
  expect(got.size).toBe(expected.size)
  for (const [of, ids] of expected) expect(got.get(of), of).toEqual(ids)
  return repeats
}

/** When somebody is killed: after these parts of the events. */
interface Kills {
  readonly ofBroker: readonly number[]
  readonly ofRollcall: readonly number[]
}

/** Tests that none of `count` events to a broker is lost, whoever is killed. */
export const testLoss = (count: number, { ofBroker, ofRollcall }: Kills): void => {
  describe.skipIf(!hasKafka)(`${count} events to Apache Kafka`, () => {
    let broker: Broker
    beforeAll(async () => {
      broker = await startBroker()
    }, 180_000)
    afterAll(() => broker?.close())
    const spool = async (): Promise<string> => {
      const directory = await mkdtemp(join(tmpdir(), 'rollcall-kafka-loss-'))
      onTestFinished(() => rm(directory, { recursive: true, force: true }))
      return directory
    }
    const topics = (prefix: string) => ['frames', 'people', 'sightings'].map((topic) => `${prefix}${topic}.v1`)

    it('none is lost when the broker is killed, and each key keeps its order', async () => {
      const publisher = publish(broker.plain, 'broker.', await spool(), 0, count)
      for (const part of ofBroker) {
        await publisher.reached(count * part)
        await broker.kill()
        // Publishing goes on without a broker: what waits is on disk.
        await publisher.reached(count * (part + 0.15))
        await broker.start()
      }
      const [code] = await publisher.exited
      expect(code).toBe(0)
      expectNothingLost(await readTopics(broker.plain, topics('broker.')), count)
    }, 240_000)

    it('none is lost when Rollcall is killed, and repeats have equal IDs', async () => {
      const directory = await spool()
      let safe = 0
      for (const part of ofRollcall) {
        const publisher = publish(broker.plain, 'rollcall.', directory, safe, count)
        await publisher.reached(Math.round(count * part))
        await publisher.kill()
        // Whoever publishes begins again a little before what it knows to be safe, as after a restart from a state of a second ago.
        safe = Math.max(0, publisher.safe() - 50)
        await sleep(0)
      }
      const last = publish(broker.plain, 'rollcall.', directory, safe, count)
      const [code] = await last.exited
      expect(code).toBe(0)
      expect(expectNothingLost(await readTopics(broker.plain, topics('rollcall.')), count)).toBeGreaterThan(0)
    }, 240_000)
  })
}
