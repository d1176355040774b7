import { setTimeout as sleep } from 'node:timers/promises'
import type { EachBatchPayload } from 'kafkajs'
import type { CameraId } from '../types.ts'
import { unpackRecord } from './codec.ts'
import { UnreadableError } from './envelope.ts'
import type { Ledger } from './ledger.ts'
import { type ReceiverDeps, SESSION_MS, type Taking } from './taking.ts'
import type { SeamPlace } from './topic.ts'

/** The same reason is logged at most so often. */
const LOG_EVERY_MS = 60_000

/** Takes batches apart, while `isTaken` by who began. What cannot be read is counted, and the rest goes on. */
export const createReader = (
  { envelope, topic }: SeamPlace,
  { metrics, log }: ReceiverDeps,
  isTaken: (by: Taking) => boolean,
) => {
  const loggedMs = new Map<string, number>()
  const complain = (camera: CameraId, { reason, message }: UnreadableError): void => {
    metrics.seam.taken.inc({ outcome: 'unreadable' })
    const now = performance.now()
    if (now - (loggedMs.get(reason) ?? Number.NEGATIVE_INFINITY) < LOG_EVERY_MS) return
    loggedMs.set(reason, now)
    log.error({ camera, topic, reason: message }, 'a record from kafka cannot be read and is left out')
  }
  const expectedIn = (ledger: Ledger, end: string, offset: number): number => {
    const next = ledger.next() ?? offset
    if (next <= Number(end)) return next
    log.warn({ topic, end, next }, 'the topic was made anew: it is read from its beginning')
    return offset
  }
  return async (payload: EachBatchPayload, taking: Taking): Promise<void> => {
    const { batch } = payload
    const { ledger, take, room } = taking
    for (const { key, value, offset: text } of batch.messages) {
      for (let wait = room(); wait !== null; wait = room()) {
        await Promise.race([wait, sleep(SESSION_MS / 10)])
        await payload.heartbeat()
      }
      if (!payload.isRunning() || payload.isStale() || !isTaken(taking)) return
      const offset = Number(text)
      const expected = expectedIn(ledger, batch.highWatermark, offset)
      payload.resolveOffset(text)
      // What was under way when this process sought another place.
      if (offset < expected) continue
      const camera = key === null ? '' : key.toString()
      try {
        take(offset, unpackRecord(envelope, camera, value))
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error
        ledger.pass(offset)
        complain(camera, error)
      }
    }
    metrics.seam.lag.set(Math.max(0, Number(batch.highWatermark) - (ledger.next() ?? 0)))
    await payload.heartbeat()
  }
}
