import { describeDiskError } from '../../disk.ts'
import type { Metrics } from '../../metrics.ts'
import type { Log, Time } from '../../types.ts'
import { type IsDeleted, isAboutDeleted } from '../about-deleted.ts'
import type { JournalRecord } from '../spool/record.ts'
import { createDeadLetters, type DeadLetter, type DeadLetters } from './dead-letters.ts'
import { type Letter, readLetter } from './letter.ts'
import type { WebhookOptions } from './options.ts'
import type { Receiver } from './post.ts'
import { createRecentDeliveries, type DeliveryOutcome, type RecentDeliveries } from './recent.ts'
import { createTries, type Tries } from './tries.ts'

/** What a delivery works with. */
export interface DeliveryParts {
  readonly name: string
  readonly options: WebhookOptions
  readonly receiver: Receiver
  /** Where dead letters go. */
  readonly directory: string
  readonly isDeleted: IsDeleted
  readonly metrics: Pick<Metrics, 'webhooks'>
  readonly time: Time
  /** Milliseconds since any moment, which never jump. */
  readonly elapsedMs: () => number
  readonly log: Log
}

/** Takes letters to one receiver. */
export interface Delivery {
  /** One attempt; see `KeyOrder.attempt`. */
  readonly attempt: (record: JournalRecord, signal: AbortSignal) => Promise<'done' | number>
  /** Somebody was deleted: takes the events about them out of the dead letters. Rejects when the disk refuses. */
  readonly forget: () => Promise<void>
  /** The newest attempts. */
  readonly recent: RecentDeliveries['list']
  /** Why the receiver takes nothing now; null while it does. */
  readonly absence: () => string | null
}

const FIRST_PAUSE_MS = 100
/** So many failures without a success between them: the receiver is away, and is asked once in a while only. */
const AWAY_AFTER = 8

const pauseAfter = (count: number, { retryMaxMs }: WebhookOptions): number =>
  Math.min(retryMaxMs, FIRST_PAUSE_MS * 2 ** Math.min(Math.max(0, count - 1), 20))

/** Keeps a dead letter. Resolves to why that cannot be; null when it is kept. */
const setAside = (letters: DeadLetters, why: DeadLetter, { body }: Letter): Promise<string | null> =>
  letters.keep(why, body).then(
    () => null,
    (error: unknown) => `an event cannot be set aside: ${describeDiskError(error)}`,
  )

/** Counts and logs how the receiver does. A letter that is too old, or the only one that is refused, becomes a dead letter. */
export const createDelivery = (parts: DeliveryParts): Delivery => {
  const { name, options, receiver, directory, isDeleted, metrics, time, elapsedMs, log } = parts
  const deadLetters = createDeadLetters(directory, isDeleted)
  const tries = createTries(options, parts)
  const count = (outcome: DeliveryOutcome): void => metrics.webhooks.deliveries.inc({ webhook: name, outcome })
  const recent = createRecentDeliveries(() => time.nowMs(), count)
  let failures = 0
  let absence: string | null = null
  let askAgainMs = 0

  const took = (number: number): 'done' => {
    tries.forget(number)
    if (absence !== null) log.info({ webhook: name }, 'webhook takes events again')
    failures = 0
    absence = null
    return 'done'
  }
  const failed = (reason: string): void => {
    failures++
    if (failures !== AWAY_AFTER) {
      if (absence !== null) absence = reason
      return
    }
    absence = reason
    log.warn({ webhook: name, error: reason }, 'webhook takes no events; they wait on disk')
  }
  /** Sets a letter aside. One that cannot be waits on. */
  const bury = async (number: number, letter: Letter, { count }: Tries, reason: string): Promise<'done' | number> => {
    const why = { reason, attempts: count, sinceMs: letter.atMs, atMs: time.nowMs() }
    const trouble = await setAside(deadLetters, why, letter)
    if (trouble !== null) {
      absence = trouble
      return options.retryMaxMs
    }
    tries.forget(number)
    recent.note(letter.body, 'dead', reason)
    const fields = { webhook: name, id: letter.id, attempts: count, error: reason }
    log.error(fields, 'event is given up; it is a dead letter')
    return 'done'
  }

  return {
    absence: () => absence,
    recent: () => recent.list(),
    forget: () => deadLetters.forget(),
    attempt: async ({ number, payload }, signal) => {
      const letter = readLetter(payload)
      if (isAboutDeleted(letter.body, isDeleted)) {
        tries.forget(number)
        // Receivers hear of the deletion, and nothing more of the person.
        recent.note(letter.body, 'withdrawn', 'the person was deleted')
        return 'done'
      }
      tries.begin(number)
      const isAway = failures >= AWAY_AFTER
      const untilAskedMs = askAgainMs - elapsedMs()
      // One letter asks for all: the others would only knock at a closed door.
      if (isAway && untilAskedMs > 0) return untilAskedMs
      if (isAway) askAgainMs = elapsedMs() + pauseAfter(failures - AWAY_AFTER + 1, options)
      const answer = await receiver.post(letter, signal)
      if (signal.aborted && !answer.isTaken) return 0
      recent.note(letter.body, answer.isTaken ? 'taken' : 'failed', answer.reason)
      if (answer.isTaken) return took(number)
      failed(answer.reason)
      const now = tries.failed(number, !isAway && !answer.isBusy)
      if (tries.isOver(letter, now)) return bury(number, letter, now, answer.reason)
      return Math.max(pauseAfter(now.count, options), Math.min(answer.waitMs ?? 0, options.retryMaxMs))
    },
  }
}
