import { join } from 'node:path'
import type { Metrics } from '../../metrics.ts'
import type { Log, Time } from '../../types.ts'
import type { IsDeleted } from '../about-deleted.ts'
import { inKeyOrder } from '../in-key-order.ts'
import { openSpooledSink, type SpooledSink } from '../spooled-sink.ts'
import { createDelivery } from './delivery.ts'
import { isWanted, letterOf, readLetter } from './letter.ts'
import type { WebhookOptions } from './options.ts'
import { createReceiver } from './post.ts'
import type { DeliveryNote } from './recent.ts'
import { type TriedOut, tryOut } from './try-out.ts'

/** The sink of `sinks.webhooks.NAME`. It owns its spool and its connections. */
export interface WebhookSink extends SpooledSink {
  /** What passes by itself, as far as this program can do anything: the receiver is away, or refuses. */
  warnings(): readonly string[]
  /** Sets the gauge of waiting events. */
  measure(): void
  /** Why the receiver takes nothing now; null while it does. */
  absence(): string | null
  /** The newest attempts, the newest first. */
  deliveries(): readonly DeliveryNote[]
  /** Posts a test event at once. */
  tryOut(): Promise<TriedOut>
}

/** What the sink shares with its process. */
export interface WebhookDeps {
  /** Has a directory for each webhook: events that wait, dead letters. */
  readonly directory: string
  /** What waits about them is not posted any more. */
  readonly isDeleted: IsDeleted
  readonly metrics: Pick<Metrics, 'webhooks'>
  readonly log: Log
  readonly time: Time
  /** Milliseconds since any moment, which never jump. It defaults to the process's own. */
  readonly elapsedMs?: () => number
}

/**
 * Posts the events that a receiver wants, signed, by way of a spool of its own: `publish` resolves when they are on disk. Each is
 * posted until it is taken, also after a restart, so receivers get it at least once; a repeat has the same `webhook-id`.
 * Events of one person or camera come in their order. Throws SINK when the spool cannot be opened.
 */
export const openWebhook = async (name: string, options: WebhookOptions, deps: WebhookDeps): Promise<WebhookSink> => {
  const { isDeleted, metrics, log, time, elapsedMs = () => performance.now() } = deps
  const directory = join(deps.directory, name)
  const field = `sinks.webhooks.${name}`
  const receiver = createReceiver(options, () => time.nowMs())
  const delivery = createDelivery({ name, options, receiver, directory, isDeleted, metrics, time, elapsedMs, log })
  let ahead = 0
  const order = {
    keyOf: ({ payload }: { readonly payload: Buffer }) => readLetter(payload).key,
    attempt: delivery.attempt,
    parallel: options.parallel,
    onAhead: (letters: number) => {
      ahead += letters
    },
  }
  const sink = await openSpooledSink({
    name: `webhook-${name}`,
    field,
    directory,
    entryOf: (event) => (isWanted(options, event) ? letterOf(event, time.nowMs()) : null),
    drain: {
      run: (journal, acknowledge, signal) => inKeyOrder(journal, order, acknowledge, signal),
      close: async () => receiver.close(),
    },
    isAway: () => delivery.absence() !== null,
    log,
  })
  // Somebody may have been deleted while this webhook was not configured. What the disk refuses now goes with the next deletion.
  await delivery.forget().catch(() => undefined)
  /** Without those that were taken past one that is refused: they stay on disk until it is dealt with. */
  const waiting = (): number => sink.waiting() - ahead
  return {
    ...sink,
    waiting,
    publish: async (events) => {
      if (events.some(({ type }) => type === 'rollcall.person.deleted.v1')) await delivery.forget()
      await sink.publish(events)
    },
    warnings: () => {
      const absence = delivery.absence()
      const count = waiting()
      if (absence === null) return []
      return [`${field}: it takes no events (${absence}); ${count} ${count === 1 ? 'waits' : 'wait'} on disk`]
    },
    absence: delivery.absence,
    deliveries: delivery.recent,
    tryOut: () => tryOut(receiver, name, () => time.nowMs()),
    measure: () => metrics.webhooks.waiting.set({ webhook: name }, waiting()),
  }
}
