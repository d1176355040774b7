import { eventJson } from '../../events/json.ts'
import { type RollcallEvent, type Topic, topicOf } from '../../events/types.ts'

/** A Kafka record. It is spooled as one line of JSON (topic, key, headers), then the value's bytes. */
export interface KafkaMessage {
  readonly topic: Topic
  readonly key: string
  /** CloudEvents' Kafka binding, binary mode: `ce_` and an attribute, and `content-type`. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON, UTF-8; null is a tombstone. */
  readonly value: Buffer | null
}

/** All attributes of the event as CloudEvents' Kafka binding names them; only `data` is not among them. */
export const headersOf = (event: RollcallEvent): Record<string, string> => ({
  ce_specversion: event.specversion,
  ce_id: event.id,
  ce_source: event.source,
  ce_type: event.type,
  ce_subject: event.subject,
  ce_time: event.time,
  ce_dataschema: event.dataschema,
  ce_partitionkey: event.partitionkey,
  ...(event.traceparent !== undefined && { ce_traceparent: event.traceparent }),
  'content-type': event.datacontenttype,
})

/**
 * Encodes the messages of one event. A deletion of a person has two: the event, then a tombstone with the same key, so that
 * compaction removes what the topic still has of that person.
 */
export const encodeMessages = (event: RollcallEvent): readonly (string | Buffer)[] => {
  const topic = topicOf(event)
  const key = event.partitionkey
  const head = Buffer.from(`${JSON.stringify([topic, key, headersOf(event)])}\n`)
  const message = Buffer.concat([head, eventJson(event).data])
  return event.type === 'rollcall.person.deleted.v1' ? [message, JSON.stringify([topic, key, {}])] : [message]
}

/** Reads what `encodeMessages` wrote. Throws SyntaxError for anything else. */
export const decodeMessage = (payload: Buffer): KafkaMessage => {
  const end = payload.indexOf(0x0a)
  const head = payload.toString('utf8', 0, end < 0 ? payload.length : end)
  const [topic, key, headers] = JSON.parse(head) as [Topic, string, Record<string, string>]
  return { topic, key, headers, value: end < 0 ? null : payload.subarray(end + 1) }
}
