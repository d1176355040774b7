import { eventJson } from '../../events/json.ts'
import { type RollcallEvent, topicOf } from '../../events/types.ts'
import type { WebhookOptions } from './options.ts'

/** An event for one receiver, as it is kept on disk: one line of JSON about it, then the event's bytes. */
export interface Letter {
  /** Whose order is kept: a person or a camera. */
  readonly key: string
  /** `webhook-id`: the event's source and ID, which are unique together. */
  readonly id: string
  /** When it was put on disk, Unix milliseconds. */
  readonly atMs: number
  readonly body: Buffer
}

/** Whether a receiver wants an event. */
export const isWanted = ({ types, rules }: WebhookOptions, event: RollcallEvent): boolean =>
  types.some((wanted) => wanted === event.type || wanted === topicOf(event)) &&
  (event.type !== 'rollcall.rule.fired.v1' || rules === null || rules.includes(event.data.rule))

/** Encodes a letter. */
export const letterOf = (event: RollcallEvent, atMs: number): Buffer => {
  const head = JSON.stringify([event.partitionkey, `${event.source}/${event.id}`, atMs])
  return Buffer.concat([Buffer.from(`${head}\n`), eventJson(event).whole])
}

/** Reads what `letterOf` wrote. Throws SyntaxError for anything else. */
export const readLetter = (payload: Buffer): Letter => {
  const end = payload.indexOf(0x0a)
  const [key, id, atMs] = JSON.parse(payload.toString('utf8', 0, end)) as [string, string, number]
  return { key, id, atMs, body: payload.subarray(end + 1) }
}
