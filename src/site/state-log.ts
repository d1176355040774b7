import { randomUUID } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { LoggedEvent } from '../identity/state/state.ts'
import type { StateLog } from '../identity/store/state-commits.ts'
import type { TopicPosition } from '../identity/store/topic-position.ts'
import type { Beside } from '../seam/state/delivery.ts'
import type { StateWriter } from '../seam/state/writer.ts'
import { decodeMessage, encodeMessages } from '../sinks/kafka/message.ts'
import { topicName } from '../sinks/kafka/topics.ts'
import type { Log } from '../types.ts'
import { eventsGoBeside } from './events-beside.ts'

/** Where the store tells of its commits. People who were in no topic go there with the first. */
export const logTo = (
  writer: Pick<StateWriter, 'push' | 'settled' | 'confirmed'>,
  taken: TopicPosition | null,
  writerId: string,
  config: Pick<Config, 'site' | 'seam' | 'sinks'>,
  log: Log,
): StateLog => {
  const before = taken ?? { state: randomUUID(), number: 0 }
  const head = { state: before.state, writer: writerId, number: before.number + 1 }
  const isBeside = eventsGoBeside(config)
  let isNew = taken === null
  return {
    first: head,
    position: () => {
      const confirmed = writer.confirmed()
      if (confirmed === null) return taken
      const { number, next } = confirmed
      return { ...head, number, confirmed: number, next, readMs: Date.now() }
    },
    push: ({ events, ...commit }) => {
      writer.push({ ...commit, messages: isBeside ? besideOf(config, events) : [] })
      if (!isNew) return
      isNew = false
      const told = (): void => log.info({ site: config.site }, 'the people of the state directory are in kafka now')
      writer.settled()?.then(told, () => undefined)
    },
  }
}

/** The records of these events. */
const besideOf = ({ sinks }: Pick<Config, 'sinks'>, events: readonly LoggedEvent[]): Beside[] =>
  events.flatMap((event) =>
    encodeMessages(event).map((payload) => {
      const { topic, key, headers, value } = decodeMessage(Buffer.from(payload))
      return { topic: topicName(sinks.kafka, topic), message: { key, headers, value } }
    }),
  )
