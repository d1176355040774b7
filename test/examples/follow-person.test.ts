import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RollcallEvent, type Topic, topicOf } from '../../src/events/types.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { story } from './story.ts'

/** HOST:PORT of a broker that is there already; without it the one that all tests share. */
let broker = process.env.KAFKA_BROKERS?.split(',')[0]

const root = resolve(import.meta.dirname, '../..')
const pythonPath = join(root, '.rollcall/python')
const environment = { ...process.env, PYTHONPATH: pythonPath, PYTHONDONTWRITEBYTECODE: '1' }
const hasPython = spawnSync('python3', ['-c', 'import kafka'], { env: environment }).status === 0
if (!hasPython) console.warn('examples/follow_person.py is not run: Python has no module kafka (bin/setup --test)')

const programs = [
  ['TypeScript', process.execPath, 'follow-person.ts', true],
  ['Python', 'python3', 'follow_person.py', hasPython],
] as const

/** As docs/events.md says: attributes are headers, data is the value, and a tombstone follows a deletion. */
const recordsOf = ({ data, ...attributes }: RollcallEvent) => {
  const { datacontenttype, ...others } = attributes
  const headers = Object.fromEntries(Object.entries(others).map(([name, value]) => [`ce_${name}`, String(value)]))
  const key = attributes.partitionkey
  const record = { key, value: JSON.stringify(data), headers: { ...headers, 'content-type': datacontenttype } }
  return attributes.type === 'rollcall.person.deleted.v1' ? [record, { key, value: null }] : [record]
}

const prefix = `story-${process.pid}.`
const kafka = () => new Kafka({ clientId: 'story', brokers: [broker ?? ''], logLevel: logLevel.ERROR })

describe.skipIf(broker === undefined && !hasKafka)('the consumers on Kafka', () => {
  const topics = (['people', 'sightings'] as const).map((topic: Topic) => `${prefix}${topic}.v1`)

  beforeAll(async () => {
    broker ??= (await sharedBroker()).plain
    const admin = kafka().admin()
    await admin.connect()
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })),
    })
    await admin.disconnect()
    const producer = kafka().producer()
    await producer.connect()
    for (const event of story()) {
      await producer.send({ topic: `${prefix}${topicOf(event)}.v1`, messages: recordsOf(event) })
    }
    await producer.disconnect()
  }, 120_000)

  afterAll(async () => {
    const admin = kafka().admin()
    await admin.connect()
    await admin.deleteTopics({ topics })
    await admin.disconnect()
  }, 180_000)

  /** Runs an example until it ends by itself, and gives what it printed. */
  const follow = async (program: string, file: string, person: string) => {
    const child = spawn(program, [join(root, 'examples', file), person], {
      env: { ...environment, KAFKA_BROKERS: broker, KAFKA_TOPIC_PREFIX: prefix },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
    const lines: { type: string; person: string; data: { person: string } }[] = []
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)))
    const [code] = await once(child, 'close')
    return { code, lines, complaints }
  }
  /** Topics are read in no order between them: only people's is looked at as a sequence. */
  const aboutPeople = (lines: readonly { type: string; person: string }[]) =>
    lines
      .filter(({ type }) => type.startsWith('rollcall.person.'))
      .map(({ type, person }) => `${type.split('.')[2]} ${person}`)

  describe.each(programs)('%s', (_, program, file, isThere) => {
    it.skipIf(!isThere)(
      'follows an ID over two merges, drops repeats, and ends with the deletion',
      async () => {
        const { code, lines, complaints } = await follow(program, file, 'p-ada')
        expect(aboutPeople(lines), complaints).toEqual([
          'created p-ada',
          'merged p-bob',
          'merged p-cy',
          'named p-cy',
          'split p-cy',
          'deleted p-cy',
        ])
        for (const { type, data } of lines)
          if (type.includes('sighting')) expect(['p-ada', 'p-bob']).toContain(data.person)
        expect(code, complaints).toBe(0)
      },
      120_000,
    )

    it.skipIf(!isThere)(
      'follows a name',
      async () => {
        const { code, lines, complaints } = await follow(program, file, 'Cy')
        expect(aboutPeople(lines), complaints).toEqual(['named p-cy', 'split p-cy', 'deleted p-cy'])
        expect(code).toBe(0)
      },
      120_000,
    )
  })
})
