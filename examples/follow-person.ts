/**
 * Follows one person over merges, until it is deleted, from Kafka:
 *
 *   KAFKA_BROKERS=localhost:9092 npx node examples/follow-person.ts PERSON
 *
 * PERSON is an ID or a name. What is printed is one line of JSON an event.
 */
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { createPeople } from '@rollcall/client'
import { Kafka, logLevel } from 'kafkajs'

// kafkajs 2.2.4 sets timers in the past while no request waits; Node prints a TimeoutNegativeWarning for them.
const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue')
const schedule = prototype.scheduleCheckPendingRequests
prototype.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) schedule.call(this)
}

const [wanted] = process.argv.slice(2)
if (wanted === undefined) {
  console.error('usage: follow-person.ts PERSON')
  process.exit(2)
}
const brokers = (process.env.KAFKA_BROKERS ?? 'localhost:9092').split(',')
const prefix = process.env.KAFKA_TOPIC_PREFIX ?? 'rollcall.'

const people = createPeople()
/** The ID under which the one to follow was found first. */
let found: string | undefined
const followed = (): string | undefined => {
  found ??= people.all().find(({ id, name }) => id === wanted || name === wanted)?.id
  return found && people.resolve(found)
}

// A group of its own, and never a commit: who is who is read from the beginning each time.
const kafka = new Kafka({ clientId: 'follow-person', brokers, logLevel: logLevel.ERROR })
const consumer = kafka.consumer({ groupId: `follow-person-${randomUUID()}` })
await consumer.connect()
await consumer.subscribe({ topics: [`${prefix}people.v1`, `${prefix}sightings.v1`], fromBeginning: true })

const stop = (): void => void consumer.disconnect().then(() => process.exit(0))
process.once('SIGINT', stop)
process.once('SIGTERM', stop)

await consumer.run({
  autoCommit: false,
  eachMessage: async ({ message }) => {
    // A tombstone: the deleted event came before it.
    if (message.value === null) return
    const header = (name: string): string => String(message.headers?.[name] ?? '')
    const data: { person: string } = JSON.parse(message.value.toString())
    const [id, source, type] = [header('ce_id'), header('ce_source'), header('ce_type')]
    const before = followed()
    if (!people.apply({ id, source, type, data })) return
    const person = people.resolve(data.person)
    if (person !== followed() && person !== before) return
    console.log(JSON.stringify({ type, time: header('ce_time'), person, data }))
    if (type === 'rollcall.person.deleted.v1') setImmediate(stop)
  },
})
