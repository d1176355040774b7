import type { PersonId } from '../../types.ts'
import type { EventRing, RingEntry } from './event-ring.ts'
import type { EventStep } from './event-step.ts'
import type { FlowWindow } from './flow-window.ts'
import type { Dropped, Resumed, Snapshot, SnapshotMessage, SnapshotReason, Subscribe } from './protocol.ts'
import { createSubscription, type Subscription } from './subscription.ts'
import { textFrame } from './text-frame.ts'

/** A snapshot of thousands of people takes its time: it may come at 64 kB/s before its reader is too slow. */
const snapshotBytesPerMs = 64

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
  /** Sends a message, or several, as frames. */
  readonly send: (frame: Buffer) => void
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
export class EventCursor {
  readonly #deps: CursorDeps
  readonly #flow: FlowWindow
  #subscription: Subscription | undefined
  #next: number
  #sentSeq = 0
  #planned: SnapshotReason | undefined
  /** Up to here nothing is too old. */
  #replayUntil = 0
  /** What came while the snapshot was under way may wait for it. */
  #shadowUntil = 0
  /** The snapshot's mark in the window while it is not known to be read. */
  #snapshotMark: number | undefined
  #dropped = 0

  constructor(deps: CursorDeps) {
    this.#deps = deps
    this.#flow = deps.flow
    this.#next = deps.ring.head + 1
  }

  /** Every event up to this one that was asked for has been sent. */
  get seq(): number {
    return this.#subscription === undefined ? this.#deps.ring.head : this.#next - 1
  }

  /** The newest event that was sent, 0 before the first. */
  get sentSeq(): number {
    return this.#sentSeq
  }

  /** A snapshot was sent and not read yet. */
  get snapshotUnderWay(): boolean {
    return this.#snapshotMark !== undefined
  }

  subscribe(message: Subscribe): void {
    this.#subscription = createSubscription(message, this.#deps.resolve)
    this.#dropped = 0
    const reason = message.after === undefined ? 'subscribed' : this.#whyNotAfter(message.after)
    if (reason === undefined) this.#resume(message.after?.seq ?? 0)
    else this.#plan(reason)
    this.pump()
  }

  /** Sends what there is room for, and leaves out what is too old; `step` are the newest events, if they may be sent as one. */
  pump(step?: EventStep): void {
    const subscription = this.#subscription
    if (subscription === undefined) return
    if (step !== undefined && this.#isInStep(subscription, step)) {
      this.#deps.send(step.frame)
      for (const mark of step.marks) this.#flow.sent(mark)
      this.#sentSeq = step.to
      this.#next = step.to + 1
      return
    }
    if (this.#planned === undefined) this.#sendEvents(subscription)
    if (this.#planned !== undefined && this.#flow.hasRoom(1, 'text')) this.#sendSnapshot(subscription, this.#planned)
  }

  /** The client has read so many of the marks of its window. */
  read(marked: number): void {
    if (this.#snapshotMark === undefined || marked < this.#snapshotMark) return
    this.#snapshotMark = undefined
    this.#shadowUntil = this.#deps.ring.head
  }

  /** Whether this client is where most are: it has all before, wants all of it, and all of it may be sent. */
  #isInStep(subscription: Subscription, { from, frame }: EventStep): boolean {
    const isWaiting = this.#planned !== undefined || this.#dropped > 0
    return this.#next === from && subscription.isWhole && !isWaiting && this.#flow.fits(frame.length)
  }

  #plan(reason: SnapshotReason): void {
    this.#planned = reason
    this.#replayUntil = 0
  }

  #drop(count: number): void {
    this.#dropped += count
    this.#deps.onDrop(count)
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return
    this.#deps.tell({ type: 'dropped', count: this.#dropped })
    this.#dropped = 0
  }

  #sendSnapshot(subscription: Subscription, reason: SnapshotReason): void {
    const { ring, epoch, ageMs, nowMs, snapshot, send, onSnapshot } = this.#deps
    this.#tellDropped()
    const seq = ring.head
    const cut = subscription.cut(snapshot())
    const message: SnapshotMessage = { type: 'snapshot', reason, epoch, seq, nowMs: nowMs(), snapshot: cut }
    const frame = textFrame(JSON.stringify(message))
    this.#next = seq + 1
    this.#sentSeq = seq
    this.#planned = undefined
    send(frame)
    const [bytes, atMs] = [frame.length, ageMs()]
    this.#flow.sent({ seq, bytes, atMs, bornAtMs: atMs, graceMs: bytes / snapshotBytesPerMs, byReading: true })
    this.#snapshotMark = this.#flow.marked
    onSnapshot()
  }

  #sendEvents(subscription: Subscription): void {
    const { ring, ageMs, send } = this.#deps
    if (this.#next > ring.head) return
    const nowMs = ageMs()
    for (; this.#next <= ring.head; this.#next++) {
      const entry = ring.at(this.#next)
      const old = entry === undefined || this.#isTooOld(entry, nowMs)
      if (!old && !this.#flow.hasRoom(entry.frame.length, 'text')) return
      if (entry !== undefined && !subscription.wants(entry)) continue
      if (old && entry?.topic !== 'frames') {
        this.#skipToNewest(subscription, entry)
        return
      }
      if (old) this.#drop(1)
      else {
        this.#tellDropped()
        const { seq, frame, atMs } = entry
        send(frame)
        this.#sentSeq = seq
        const bornAtMs = seq <= Math.max(this.#replayUntil, this.#shadowUntil) ? nowMs : atMs
        this.#flow.sent({ seq, bytes: frame.length, atMs: nowMs, bornAtMs, graceMs: 0, byReading: false })
      }
    }
  }

  #isTooOld({ seq, topic, atMs }: RingEntry, nowMs: number): boolean {
    if (seq <= this.#replayUntil) return false
    const { maxAgeMs } = this.#deps
    if (topic === 'frames') return nowMs - atMs > maxAgeMs / 4
    return seq > this.#shadowUntil && nowMs - atMs > maxAgeMs / 2
  }

  /** What waits is left out, and the newest state comes instead. */
  #skipToNewest(subscription: Subscription, from: RingEntry | undefined): void {
    const { ring } = this.#deps
    let count = from === undefined ? ring.first - this.#next : 1
    for (let seq = from === undefined ? ring.first : this.#next + 1; seq <= ring.head; seq++) {
      const entry = ring.at(seq)
      if (entry && subscription.wants(entry)) count++
    }
    this.#drop(count)
    this.#plan('slow')
  }

  #whyNotAfter(after: { readonly epoch: string; readonly seq: number }): SnapshotReason | undefined {
    const { ring, epoch } = this.#deps
    if (after.epoch !== epoch) return 'restarted'
    if (after.seq > ring.head) return 'unknown'
    return after.seq + 1 < ring.first ? 'evicted' : undefined
  }

  #resume(after: number): void {
    const { ring, epoch, tell, nowMs } = this.#deps
    this.#flow.rewind()
    this.#planned = undefined
    this.#next = after + 1
    this.#replayUntil = ring.head
    tell({ type: 'resumed', epoch, after, until: ring.head, nowMs: nowMs() })
  }
}
