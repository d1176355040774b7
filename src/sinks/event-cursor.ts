import type { PersonId } from '../types.ts'
import type { EventRing, RingEntry } from './event-ring.ts'
import type { FlowWindow } from './flow-window.ts'
import { createSubscription, type Subscription } from './subscription.ts'
import { textFrame } from './text-frame.ts'
import type { Dropped, Resumed, Snapshot, SnapshotMessage, SnapshotReason, Subscribe } from './websocket-protocol.ts'

/** A snapshot of thousands of people takes its time: it may come at 64 kB/s before its reader is too slow. */
const snapshotBytesPerMs = 64

export interface EventCursor {
  subscribe(message: Subscribe): void
  /** Sends what there is room for, and leaves out what is too old. */
  pump(): void
  /** The client has read its messages up to this one. */
  read(position: number): void
  /** Every event up to this one that was asked for has been sent. */
  readonly seq: number
  /** The newest event that was sent, 0 before the first. */
  readonly sentSeq: number
  /** A snapshot was sent and not read yet. */
  readonly snapshotUnderWay: boolean
}

export interface CursorDeps {
  readonly ring: EventRing
  readonly epoch: string
  readonly flow: FlowWindow
  readonly maxAgeMs: number
  readonly snapshot: () => Snapshot
  /** Who a person was merged into; the same ID when nobody. */
  readonly resolve: (id: PersonId) => PersonId
  /** Unix milliseconds. */
  readonly nowMs: () => number
  /** The clock of the ring's `atMs`. */
  readonly ageMs: () => number
  /** Sends a message, as a frame, and returns its number on this connection. */
  readonly send: (frame: Buffer) => number
  /** A snapshot was sent: the sooner it is known to be read the better. */
  readonly onSnapshot: () => void
  /** Sends a message that does not count as state. */
  readonly tell: (message: Resumed | Dropped) => void
  readonly onDrop: (count: number) => void
}

/**
 * How far one client has got in the ring, and what it gets next.
 *
 * A frame that has waited for a quarter of `maxAgeMs` is left out: a newer one is coming. When anything else has waited
 * for half of it, a new snapshot takes the place of everything that waits: the rest of the time is for the way. Events that were asked for by
 * `after` are sent whatever their age, because there is to be no gap.
 */
export const createEventCursor = (deps: CursorDeps): EventCursor => {
  const { ring, epoch, flow, maxAgeMs, ageMs } = deps
  let subscription: Subscription | undefined
  let next = ring.head + 1
  let sentSeq = 0
  let planned: SnapshotReason | undefined
  /** Up to here nothing is too old. */
  let replayUntil = 0
  /** What came while the snapshot was under way may wait for it. */
  let shadowUntil = 0
  let snapshotPosition: number | undefined
  let dropped = 0

  const plan = (reason: SnapshotReason): void => {
    planned = reason
    replayUntil = 0
  }

  const tellDropped = (): void => {
    if (dropped === 0) return
    deps.tell({ type: 'dropped', count: dropped })
    dropped = 0
  }

  const drop = (count: number): void => {
    dropped += count
    deps.onDrop(count)
  }

  const sendSnapshot = (subscribed: Subscription, reason: SnapshotReason): void => {
    tellDropped()
    const seq = ring.head
    const snapshot = subscribed.cut(deps.snapshot())
    const message: SnapshotMessage = { type: 'snapshot', reason, epoch, seq, nowMs: deps.nowMs(), snapshot }
    const frame = textFrame(JSON.stringify(message))
    next = seq + 1
    sentSeq = seq
    planned = undefined
    snapshotPosition = deps.send(frame)
    flow.sentSnapshot(snapshotPosition, seq, frame.length, ageMs(), frame.length / snapshotBytesPerMs)
    deps.onSnapshot()
  }

  const isTooOld = ({ seq, topic, atMs }: RingEntry, nowMs: number): boolean => {
    if (seq <= replayUntil) return false
    if (topic === 'frames') return nowMs - atMs > maxAgeMs / 4
    return seq > shadowUntil && nowMs - atMs > maxAgeMs / 2
  }

  /** What waits is left out, and the newest state comes instead. */
  const skipToNewest = (subscribed: Subscription, from: RingEntry | undefined): void => {
    let count = from === undefined ? ring.first - next : 1
    for (let seq = from === undefined ? ring.first : next + 1; seq <= ring.head; seq++) {
      const entry = ring.at(seq)
      if (entry && subscribed.wants(entry)) count++
    }
    drop(count)
    plan('slow')
  }

  const sendEvents = (subscribed: Subscription): void => {
    const nowMs = ageMs()
    for (; next <= ring.head; next++) {
      const entry = ring.at(next)
      const old = entry === undefined || isTooOld(entry, nowMs)
      if (!old && !flow.hasRoom(entry.frame.length, 'text')) return
      if (entry !== undefined && !subscribed.wants(entry)) continue
      if (old && entry?.topic !== 'frames') {
        skipToNewest(subscribed, entry)
        return
      }
      if (old) drop(1)
      else {
        tellDropped()
        const position = deps.send(entry.frame)
        sentSeq = entry.seq
        const mayBeOld = entry.seq <= Math.max(replayUntil, shadowUntil)
        flow.sent(position, entry.seq, entry.frame.length, nowMs, mayBeOld ? nowMs : entry.atMs)
      }
    }
  }

  const pump = (): void => {
    if (subscription === undefined) return
    if (planned === undefined) sendEvents(subscription)
    if (planned !== undefined && flow.hasRoom(1, 'text')) sendSnapshot(subscription, planned)
  }

  const whyNotAfter = (after: { readonly epoch: string; readonly seq: number }): SnapshotReason | undefined => {
    if (after.epoch !== epoch) return 'restarted'
    if (after.seq > ring.head) return 'unknown'
    return after.seq + 1 < ring.first ? 'evicted' : undefined
  }

  const resume = (after: number): void => {
    flow.rewind()
    planned = undefined
    next = after + 1
    replayUntil = ring.head
    deps.tell({ type: 'resumed', epoch, after, until: ring.head, nowMs: deps.nowMs() })
  }

  return {
    subscribe: (message) => {
      subscription = createSubscription(message, deps.resolve)
      dropped = 0
      const reason = message.after === undefined ? 'subscribed' : whyNotAfter(message.after)
      if (reason === undefined) resume(message.after?.seq ?? 0)
      else plan(reason)
      pump()
    },
    pump,
    read: (position) => {
      if (snapshotPosition === undefined || position < snapshotPosition) return
      snapshotPosition = undefined
      shadowUntil = ring.head
    },
    get seq() {
      return subscription === undefined ? ring.head : next - 1
    },
    get sentSeq() {
      return sentSeq
    },
    get snapshotUnderWay() {
      return snapshotPosition !== undefined
    },
  }
}
