/** A client that reads 150 kB/s takes 0.43 s for these; a faster one gets more with its first acknowledgements. */
const initialBytes = 65_536
const minBytes = 16_384

/** Events whose room in the window comes back together. Immutable, and shared by all clients that get the same events. */
export interface Chunk {
  /** Number of its last event. */
  readonly seq: number
  readonly bytes: number
  /** When it was sent. */
  readonly atMs: number
  /** Its age counts from here: when its oldest event was published, or later for a snapshot and for resumed events. */
  readonly bornAtMs: number
  /** How much longer than `maxAgeMs` it may take. */
  readonly graceMs: number
  /** True for a snapshot, which has no event to acknowledge: it is enough that the client reads it. */
  readonly byReading: boolean
}

/**
 * Bounds the bytes in flight to one client, that is, sent and not acknowledged. Only acknowledgements tell how old what the
 * client sees is, because the kernel buffers megabytes that no counter shows. While the window is the limit, its size moves
 * towards acknowledgements that take a quarter of `maxAgeMs` (delay-based, like TCP Vegas), at most by a factor of two in that
 * time.
 *
 * It is a class, as the consumer is, because the fields of an object lie together in memory: each event touches hundreds.
 */
export class InFlightWindow {
  readonly #maxBytes: number
  readonly #maxAgeMs: number
  /** How long an acknowledgement should take. */
  readonly #targetMs: number
  #bytes: number
  #textBytes = 0
  #pictureBytes = 0
  #isLimiting = false
  #changedAtMs = Number.NEGATIVE_INFINITY
  /** In flight, oldest first. */
  readonly #chunks: Chunk[] = []
  #chunksSent = 0
  /** How many chunks were sent before the last `rewind`. */
  #rewound = 0
  /** How many chunks the client has read, as its pongs say. */
  #chunksRead = 0

  constructor(maxBytes: number, maxAgeMs: number) {
    this.#maxBytes = maxBytes
    this.#maxAgeMs = maxAgeMs
    this.#targetMs = maxAgeMs / 4
    this.#bytes = Math.min(initialBytes, maxBytes)
  }

  /** The size of the window. */
  get bytes(): number {
    return this.#bytes
  }

  /** How many chunks have been sent. */
  get chunksSent(): number {
    return this.#chunksSent
  }

  /** Whether so many bytes fit in addition to what is in flight. */
  fits(bytes: number): boolean {
    return this.#textBytes + this.#pictureBytes + bytes <= this.#bytes
  }

  /** Like `fits`, but one text message and one picture may always be in flight. A false answer lets the window grow. */
  hasRoom(bytes: number, of: 'text' | 'picture'): boolean {
    if ((of === 'text' ? this.#textBytes : this.#pictureBytes) === 0 || this.fits(bytes)) return true
    this.#isLimiting = true
    return false
  }

  sent(chunk: Chunk): void {
    this.#textBytes += chunk.bytes
    this.#chunks.push(chunk)
    this.#chunksSent++
  }

  /** The client has dealt with every event up to `seq`. */
  acknowledgeSeq(seq: number, nowMs: number): void {
    this.#acknowledge((chunk, nth) => nth <= this.#rewound || chunk.seq <= seq, nowMs)
  }

  /** The client has read the first `chunks` chunks. With `all`, reading counts as acknowledging. */
  acknowledgeRead(chunks: number, all: boolean, nowMs: number): void {
    this.#chunksRead = Math.max(this.#chunksRead, chunks)
    this.#acknowledge((chunk, nth) => nth <= chunks && (all || chunk.byReading), nowMs)
  }

  /**
   * Takes what was read, but not acknowledged within `maxAgeMs`, for acknowledged. A client that acknowledges seldom or oddly
   * is served on, at the pace at which it reads; where that held it up, the window gets smaller. True when there was some.
   */
  releaseRead(nowMs: number): boolean {
    const isDone = ({ atMs }: Chunk, nth: number): boolean => nth <= this.#chunksRead && nowMs - atMs > this.#maxAgeMs
    return this.#acknowledge(isDone, nowMs, this.#isLimiting)
  }

  sentPicture(bytes: number): void {
    this.#pictureBytes += bytes
  }

  acknowledgePicture(bytes: number, sentAtMs: number, nowMs: number): void {
    this.#pictureBytes -= bytes
    this.#measure(sentAtMs, nowMs)
  }

  /** Events will be sent again from an earlier number on, so any acknowledgement covers what is in flight now. */
  rewind(): void {
    this.#rewound = this.#chunksSent
  }

  /** When the oldest chunk that the client has not read must be read or acknowledged; Infinity when there is none. */
  dueMs(): number {
    const oldest = this.#oldestUnread()
    return oldest === undefined ? Number.POSITIVE_INFINITY : oldest.bornAtMs + this.#maxAgeMs + oldest.graceMs
  }

  /** Whether something was sent a quarter of `maxAgeMs` ago, and nothing says yet that it was read. */
  isUnread(nowMs: number): boolean {
    const oldest = this.#oldestUnread()
    return oldest !== undefined && nowMs - oldest.atMs > this.#maxAgeMs / 4
  }

  #oldestUnread(): Chunk | undefined {
    const before = this.#chunksSent - this.#chunks.length
    return this.#chunks[Math.max(0, this.#chunksRead - before)]
  }

  #acknowledge(isDone: (chunk: Chunk, nth: number) => boolean, nowMs: number, measures = true): boolean {
    const chunks = this.#chunks
    const before = this.#chunksSent - chunks.length
    let count = 0
    for (const chunk of chunks) {
      if (!isDone(chunk, before + count + 1)) break
      this.#textBytes -= chunk.bytes
      count++
    }
    const last = chunks[count - 1]
    chunks.splice(0, count)
    if (measures && last !== undefined && last.graceMs === 0) this.#measure(last.atMs, nowMs)
    return count > 0
  }

  /** Measures only what was sent since the window got its size. */
  #measure(sentAtMs: number, nowMs: number): void {
    const tookMs = nowMs - sentAtMs
    const isTooLarge = tookMs > 2 * this.#targetMs
    const isDue = this.#isLimiting && nowMs - this.#changedAtMs > this.#targetMs
    if (sentAtMs < this.#changedAtMs || !(isTooLarge || isDue)) return
    // As many bytes as came through in the time aimed at, in steps of at most a factor of two.
    const factor = Math.min(2, Math.max(0.5, this.#targetMs / Math.max(tookMs, 1)))
    this.#bytes = Math.min(this.#maxBytes, Math.max(minBytes, Math.round(this.#bytes * factor)))
    this.#isLimiting = false
    this.#changedAtMs = nowMs
  }
}
