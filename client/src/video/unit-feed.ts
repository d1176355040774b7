import type { UnitStamp } from '../protocol.ts'
import { createContinuity, type Wait } from './continuity.ts'
import type { Load } from './load.ts'
import { createUnitDecoder, type UnitDecoderDeps, type WaitingUnit } from './unit-decoder.ts'

/** Units are decoded this much before their picture is due: they are smaller than pictures, so they are what waits. */
const leadMs = 120
/** More is not given to a decoder at once. */
const mostInDecoder = 16
/** A unit that is later by this much is left out, with what follows it. */
const mostLateMs = 500
/** The same for one that waits in the decoder. Nobody wants to see the past: what is shown is never two seconds old. */
const mostBehindMs = 700

/** The encoded units of one tile, up to its decoder. */
export interface UnitFeed {
  add(stamp: UnitStamp, data: Uint8Array<ArrayBuffer>, nowMs: number): void
  /** Gives the decoder what it is time for. `isUrgent` while nothing has been shown. */
  feed(nowMs: number, isUrgent: boolean): void
  /** Why units are left out until the next key unit; null while they are decoded. */
  readonly waiting: Wait | null
  /** Begins anew with the next key unit. */
  restart(): void
  close(): void
}

/** What a feed works with. */
export interface UnitFeedDeps extends Omit<UnitDecoderDeps, 'onFailure'> {
  readonly load: Pick<Load, 'picture' | 'overrun'>
  /** Whether only key units are decoded now. */
  readonly isKeysOnly: () => boolean
  readonly onDrop: (count: number) => void
}

/** Holds units until it is time to decode them, and sees that nothing is decoded whose references are missing. */
export const createUnitFeed = (deps: UnitFeedDeps): UnitFeed => {
  const { playout, load, isKeysOnly, onDrop } = deps
  const continuity = createContinuity()
  let queue: WaitingUnit[] = []

  const drop = (count: number): void => {
    if (count > 0) onDrop(count)
  }
  const dropAll = (): void => {
    drop(queue.length)
    queue = []
  }
  const decoder = createUnitDecoder({
    ...deps,
    onFailure: () => {
      dropAll()
      continuity.lose('decoder')
    },
  })
  const lateness = ({ stamp, receivedAtMs }: WaitingUnit, nowMs: number): number =>
    nowMs - Math.max(receivedAtMs, playout.dueMs(stamp.ptsUs))
  const isBehind = (nowMs: number): boolean => {
    const [head] = queue
    return decoder.behindMs(nowMs) >= mostBehindMs || (head !== undefined && lateness(head, nowMs) >= mostLateMs)
  }
  /** Goes on with the newest key unit when decoding does not keep up: also without what the decoder holds. */
  const catchUp = (nowMs: number): void => {
    if (!isBehind(nowMs)) return
    const key = queue.findLastIndex(({ stamp }) => stamp.key)
    const late = queue.splice(0, key < 0 ? queue.length : key).length + decoder.leaveOut()
    drop(late)
    load.overrun(Math.max(1, late), nowMs)
    if (key < 0) continuity.lose('late')
  }
  return {
    get waiting() {
      return continuity.waiting
    },
    add: (stamp, data, nowMs) => {
      const isWanted = stamp.key || !isKeysOnly()
      if (!continuity.accepts(stamp) || !isWanted) {
        if (!isWanted) continuity.lose('start')
        drop(isWanted ? 1 : 0)
        return
      }
      queue.push({ stamp, data, receivedAtMs: nowMs })
    },
    feed: (nowMs, isUrgent) => {
      catchUp(nowMs)
      while (queue.length > 0 && decoder.waiting < mostInDecoder) {
        // In the order of decoding, pictures that are due earlier may follow.
        const dueMs = Math.min(...queue.slice(0, 20).map(({ stamp }) => playout.dueMs(stamp.ptsUs)))
        if (!isUrgent && dueMs - leadMs > nowMs) break
        const next = queue.shift()
        if (next === undefined || decoder.decode(next, next.stamp.key && isKeysOnly())) continue
        drop(1)
        continuity.lose('start')
      }
    },
    restart: () => {
      decoder.restart()
      dropAll()
      continuity.lose('start')
    },
    close: () => {
      decoder.close()
      dropAll()
    },
  }
}
