import { Kafka, logLevel } from 'kafkajs'
import { expect, onTestFinished } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { aboutPeople, countOf, identityRole, seamOn, sending } from '../identity-role.ts'

/** An identity process whose people are in a topic, and whose logged events go there with them. */
export const roleOn = (seam: ReturnType<typeof seamOn>) => {
  const { topicPrefix, brokers } = seam
  return identityRole(seam, { seam: { stateTopic: true }, sinks: { kafka: { brokers, topicPrefix } } })
}

/** Both cameras end, and with them whatever is open. */
export const end = async (vision: Awaited<ReturnType<typeof sending>>): Promise<void> => {
  for (const camera of ['door', 'hall']) await vision.say({ camera, state: 'ended', atMs: 1, reason: 'it is over' })
}

export const endsIn = (events: ReadonlyMap<string, string>): number => countOf('rollcall.camera.ended.v1', events)

/** The IDs of the events that are committed in these topics, as they come. */
export const committedIds = async (brokers: string, topics: string[]): Promise<string[]> => {
  const consumer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).consumer({
    groupId: `test-${process.pid}`,
  })
  onTestFinished(() => consumer.disconnect())
  const ids: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => void ids.push(String(message.headers?.ce_id)) })
  return ids
}

/** What one process tells about people of these faces when nothing happens to it. */
export const undisturbed = async (
  broker: string,
  faces: Parameters<Awaited<ReturnType<typeof sending>>['send']>[0],
) => {
  const seam = seamOn(broker)
  const role = roleOn(seam)
  role.start()
  const vision = await sending(seam, 'vision-a', 1)
  await vision.send(faces)
  await end(vision)
  await eventually(() => expect(endsIn(role.events())).toBe(2))
  expect(await role.stop()).toBe(0)
  return aboutPeople(role.events())
}
