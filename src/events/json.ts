import type { RollcallEvent } from './types.ts'

/** An event as UTF-8. All sinks and the store share these bytes, so nobody writes to them. */
export interface EventJson {
  /** The whole event: structured CloudEvents JSON. */
  readonly whole: Buffer
  /** The value of `data` alone, a view into `whole`: the body in CloudEvents' binary mode. */
  readonly data: Buffer
}

/** These bytes cannot occur within a text of an event, because quotes are escaped there. */
const beforeData = Buffer.from(',"data":')

const made = new WeakMap<RollcallEvent, EventJson>()

/**
 * Serialises an event once, however many sinks, replay buffers and stores take it; the bytes are freed with the event. So an
 * event must not change after it is published. `data` must be its last attribute; `identity/events.ts` makes it so.
 */
export const eventJson = (event: RollcallEvent): EventJson => {
  const known = made.get(event)
  if (known) return known
  const text = JSON.stringify(event)
  // Not from Node's pool: what is kept of it would keep the bytes of events that are gone too.
  const whole = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  whole.write(text)
  const json = { whole, data: whole.subarray(whole.indexOf(beforeData) + beforeData.length, -1) }
  made.set(event, json)
  return json
}
