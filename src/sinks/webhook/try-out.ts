import { randomUUID } from 'node:crypto'
import type { Receiver } from './post.ts'

/** What came of a test. */
export interface TriedOut {
  readonly isTaken: boolean
  /** Why it was not taken; empty when it was. */
  readonly reason: string
  readonly tookMs: number
}

/**
 * Posts one signed event of the type `rollcall.webhook.tested.v1` at once, past everything that waits. It is about nobody, is not
 * tried again, and leaves no dead letter. `name` is the webhook's.
 */
export const tryOut = async (receiver: Receiver, name: string, nowMs: () => number): Promise<TriedOut> => {
  const id = randomUUID()
  const event = {
    specversion: '1.0',
    id,
    source: `/rollcall/webhooks/${name}`,
    type: 'rollcall.webhook.tested.v1',
    time: new Date(nowMs()).toISOString(),
    datacontenttype: 'application/json',
    data: { webhook: name },
  }
  const startedMs = performance.now()
  // The receiver has a limit of its own.
  const { signal } = new AbortController()
  const { isTaken, reason } = await receiver.post({ id, body: Buffer.from(JSON.stringify(event)) }, signal)
  return { isTaken, reason, tookMs: Math.round(performance.now() - startedMs) }
}
