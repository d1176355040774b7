import type { PersonId } from '../../types.ts'
import type { EventBatch } from './event-batch.ts'
import type { InFlightWindow } from './in-flight-window.ts'
import type { Dropped, Resumed, SnapshotMessage, SnapshotReason, Subscribe } from './protocol.ts'
import type { BufferedEvent, ReplayBuffer } from './replay-buffer.ts'
import type { SnapshotCache } from './snapshot-cache.ts'
import { createSubscription, type Subscription } from './subscription.ts'
import { textFrame } from './text-frame.ts'

/** A snapshot of thousands of people takes time, so a client that reads 64 kB/s is not too slow for it. */
const snapshotBytesPerMs = 64

/** What a consumer reads and whom it writes to. */
export interface ConsumerDeps {
  readonly replay: ReplayBuffer
  readonly epoch: string
  readonly inFlight: InFlightWindow
  readonly maxAgeMs: number
  readonly snapshot: SnapshotCache
  /** Who an ID stands for after merges. */
  readonly resolve: (id: PersonId) => PersonId
  /** Unix milliseconds. */
  readonly nowMs: () => number
  /** The clock of the replay buffer's `atMs`. */
  readonly ageMs: () => number
  /** Sends bytes that are one or more complete frames. */
  readonly send: (frame: Buffer) => void
  /** A snapshot was sent. A ping after it tells soonest when it has been read. */
  readonly onSnapshot: () => void
  /** Sends a message that does not count as state. */
  readonly tell: (message: Resumed | Dropped) => void
  /** So many events were left out. */
  readonly onDrop: (count: number) => void
}

/**
 * One client as a consumer of the replay buffer: its offset, and what it gets next.
 *
 * A frame event that has waited for a quarter of `maxAgeMs` is left out, because a newer one is coming. When another event has
 * waited for half of `maxAgeMs`, a snapshot replaces everything that waits; the other half is left for the network. Events
 * that were asked for by `after` are sent whatever their age, so that there is no gap.
 */
export class EventConsumer {
  readonly #deps: ConsumerDeps
  readonly #inFlight: InFlightWindow
  #subscription: Subscription | undefined
  /** Number of the event that the client gets next. */
  #offset: number
  #sentSeq = 0
  #planned: SnapshotReason | undefined
  /** Events up to this number are never too old: the client asked for them by `after`. */
  #replayUntil = 0
  /** Events up to this number may be late: they came while a snapshot was in flight. */
  #lateUntil = 0
  /** How many chunks were sent up to and with the snapshot in flight; undefined when it has been read. */
  #snapshotChunk: number | undefined
  /** Whether the client acknowledges events itself. Until it does, reading them counts as acknowledging. */
  #acknowledges = false
  #dropped = 0

  constructor(deps: ConsumerDeps) {
    this.#deps = deps
    this.#inFlight = deps.inFlight
    this.#offset = deps.replay.head + 1
  }

  /** All events up to this number that the client asked for have been sent. */
  get seq(): number {
    return this.#subscription === undefined ? this.#deps.replay.head : this.#offset - 1
  }

  /** The newest event that was sent, 0 before the first. */
  get sentSeq(): number {
    return this.#sentSeq
  }

  /** Whether only a pong can tell what the client has read: it never acknowledges, or a snapshot is in flight. */
  get waitsForReading(): boolean {
    return !this.#acknowledges || this.#snapshotChunk !== undefined
  }

  subscribe(message: Subscribe): void {
    this.#subscription = createSubscription(message, this.#deps.resolve)
    this.#dropped = 0
    const reason = message.after === undefined ? 'subscribed' : this.#whyNotAfter(message.after)
    if (reason === undefined) this.#resume(message.after?.seq ?? 0)
    else this.#plan(reason)
    this.pump()
  }

  /** Sends what has room and leaves out what is too old. `batch` holds the newest events when they can be sent as one. */
  pump(batch?: EventBatch): void {
    const subscription = this.#subscription
    if (subscription === undefined) return
    if (batch !== undefined && this.#takesBatch(subscription, batch)) {
      this.#deps.send(batch.frame)
      for (const chunk of batch.chunks) this.#inFlight.sent(chunk)
      this.#sentSeq = batch.to
      this.#offset = batch.to + 1
      return
    }
    if (this.#planned === undefined) this.#sendEvents(subscription)
    if (this.#planned !== undefined && this.#inFlight.hasRoom(1, 'text'))
      this.#sendSnapshot(subscription, this.#planned)
  }

  /** The client has dealt with every event up to `seq`. */
  acknowledge(seq: number): void {
    this.#acknowledges = true
    this.#inFlight.acknowledgeSeq(seq, this.#deps.ageMs())
  }

  /** The client has read the first `chunks` chunks. */
  read(chunks: number): void {
    this.#inFlight.acknowledgeRead(chunks, !this.#acknowledges, this.#deps.ageMs())
    if (this.#snapshotChunk === undefined || chunks < this.#snapshotChunk) return
    this.#snapshotChunk = undefined
    this.#lateUntil = this.#deps.replay.head
  }

  /** Whether the whole batch can be sent: the client has all earlier events, wants every event, and has room. */
  #takesBatch(subscription: Subscription, { from, frame }: EventBatch): boolean {
    const isWaiting = this.#planned !== undefined || this.#dropped > 0
    return this.#offset === from && subscription.isWhole && !isWaiting && this.#inFlight.fits(frame.length)
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
    const { replay, epoch, ageMs, nowMs, snapshot, send, onSnapshot } = this.#deps
    this.#tellDropped()
    const seq = replay.head
    const message: Omit<SnapshotMessage, 'snapshot'> = { type: 'snapshot', reason, epoch, seq, nowMs: nowMs() }
    const frame = textFrame(JSON.stringify(message).slice(0, -1), ',"snapshot":', snapshot(subscription), '}')
    this.#offset = seq + 1
    this.#sentSeq = seq
    this.#planned = undefined
    send(frame)
    const [bytes, atMs] = [frame.length, ageMs()]
    this.#inFlight.sent({ seq, bytes, atMs, bornAtMs: atMs, graceMs: bytes / snapshotBytesPerMs, byReading: true })
    this.#snapshotChunk = this.#inFlight.chunksSent
    onSnapshot()
  }

  #sendEvents(subscription: Subscription): void {
    const { replay, ageMs, send } = this.#deps
    if (this.#offset > replay.head) return
    const nowMs = ageMs()
    for (; this.#offset <= replay.head; this.#offset++) {
      const entry = replay.at(this.#offset)
      const old = entry === undefined || this.#isTooOld(entry, nowMs)
      if (!old && !this.#inFlight.hasRoom(entry.frame.length, 'text')) return
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
        const bornAtMs = seq <= Math.max(this.#replayUntil, this.#lateUntil) ? nowMs : atMs
        this.#inFlight.sent({ seq, bytes: frame.length, atMs: nowMs, bornAtMs, graceMs: 0, byReading: false })
      }
    }
  }

  #isTooOld({ seq, topic, atMs }: BufferedEvent, nowMs: number): boolean {
    if (seq <= this.#replayUntil) return false
    const { maxAgeMs } = this.#deps
    if (topic === 'frames') return nowMs - atMs > maxAgeMs / 4
    return seq > this.#lateUntil && nowMs - atMs > maxAgeMs / 2
  }

  /** Leaves out all that waits, and plans a snapshot of the newest state instead. */
  #skipToNewest(subscription: Subscription, from: BufferedEvent | undefined): void {
    const { replay } = this.#deps
    let count = from === undefined ? replay.first - this.#offset : 1
    for (let seq = from === undefined ? replay.first : this.#offset + 1; seq <= replay.head; seq++) {
      const entry = replay.at(seq)
      if (entry && subscription.wants(entry)) count++
    }
    this.#drop(count)
    this.#plan('slow')
  }

  #whyNotAfter(after: { readonly epoch: string; readonly seq: number }): SnapshotReason | undefined {
    const { replay, epoch } = this.#deps
    if (after.epoch !== epoch) return 'restarted'
    if (after.seq > replay.head) return 'unknown'
    return after.seq + 1 < replay.first ? 'evicted' : undefined
  }

  #resume(after: number): void {
    const { replay, epoch, tell, nowMs } = this.#deps
    this.#inFlight.rewind()
    this.#planned = undefined
    this.#offset = after + 1
    this.#replayUntil = replay.head
    tell({ type: 'resumed', epoch, after, until: replay.head, nowMs: nowMs() })
  }
}
