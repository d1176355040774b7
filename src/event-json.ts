import type { RollcallEvent } from './types.ts'

/** An event as it leaves, in UTF-8. Shared by everything that sends or keeps it: never written to. */
export interface EventJson {
  /** The whole event: structured CloudEvents JSON. */
  readonly whole: Buffer
  /** The value of `data` in it: what goes beside the headers where CloudEvents' binary mode is used. */
  readonly data: Buffer
}

/** No text of an event can hold it: quotes are escaped there. */
const beforeData = Buffer.from(',"data":')

const made = new WeakMap<RollcallEvent, EventJson>()

/**
 * An event as JSON. Made once, however many sinks, rings and logs take the event, and forgotten with it: an event must
 * not change once it has been published. `data` is its last attribute (see `docs/events.md`).
 */
export const eventJson = (event: RollcallEvent): EventJson => {
  const known = made.get(event)
  if (known) return known
  const whole = Buffer.from(JSON.stringify(event))
  const json = { whole, data: whole.subarray(whole.indexOf(beforeData) + beforeData.length, -1) }
  made.set(event, json)
  return json
}
