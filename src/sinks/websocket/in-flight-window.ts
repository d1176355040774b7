/** At 150 kB/s these take 0.43 s; a client that is faster gets more with its first acknowledgements. */
const initialBytes = 65_536
const minBytes = 16_384

/** What was sent together, and gets room back together. It never changes, and all clients that were sent the same share it. */
export interface Chunk {
  /** Number of its last event. */
  readonly seq: number
  readonly bytes: number
  /** When it was sent. */
  readonly atMs: number
  /** When what is in it became true: what counts for how old it may get. */
  readonly bornAtMs: number
  /** How much longer than usual it may take. */
  readonly graceMs: number
  /** Reading it is enough: there is no event in it to acknowledge. */
  readonly byReading: boolean
}

/**
 * How much may be in flight to one client: sent, and not acknowledged. Only what it acknowledges says how old what it sees is: the kernel takes
 * megabytes that no counter shows. Where the window is what limits, it moves to where acknowledgements take a quarter of
 * `maxAgeMs` (delay-based, like TCP Vegas), by a factor of two in that time at most.
 *
 * A class, as the consumer is: hundreds of them are looked at for each event, and the fields of an object lie together.
 */
export class InFlightWindow {
  readonly #maxBytes: number
  readonly #maxAgeMs: number
  /** Aim of how long an acknowledgement takes. */
  readonly #targetMs: number
  #bytes: number
  #textBytes = 0
  #pictureBytes = 0
  #isLimiting = false
  #changedAtMs = Number.NEGATIVE_INFINITY
  /** In flight, oldest first. */
  readonly #chunks: Chunk[] = []
  #chunksSent = 0
  /** So many of all chunks were sent before the last rewind. */
  #rewound = 0

  constructor(maxBytes: number, maxAgeMs: number) {
    this.#maxBytes = maxBytes
    this.#maxAgeMs = maxAgeMs
    this.#targetMs = maxAgeMs / 4
    this.#bytes = Math.min(initialBytes, maxBytes)
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many chunks have been sent. */
  get chunksSent(): number {
    return this.#chunksSent
  }

  /** Whether all of it fits beside what is in flight. */
  fits(bytes: number): boolean {
    return this.#textBytes + this.#pictureBytes + bytes <= this.#bytes
  }

  /** At least one message may always be in flight, and one picture. */
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

  /** The client has read the first `chunks` chunks; `all`: reading is all that can be expected of it. */
  acknowledgeRead(chunks: number, all: boolean, nowMs: number): void {
    this.#acknowledge((chunk, nth) => nth <= chunks && (all || chunk.byReading), nowMs)
  }

  sentPicture(bytes: number): void {
    this.#pictureBytes += bytes
  }

  acknowledgePicture(bytes: number, sentAtMs: number, nowMs: number): void {
    this.#pictureBytes -= bytes
    this.#measure(sentAtMs, nowMs)
  }

  /** Events are about to be sent again from an earlier one on: the next acknowledgement is for all that is in flight. */
  rewind(): void {
    this.#rewound = this.#chunksSent
  }

  /** When the oldest message has to be acknowledged; Infinity with none in flight. */
  dueMs(): number {
    const [oldest] = this.#chunks
    return oldest === undefined ? Number.POSITIVE_INFINITY : oldest.bornAtMs + this.#maxAgeMs + oldest.graceMs
  }

  #acknowledge(isDone: (chunk: Chunk, nth: number) => boolean, nowMs: number): void {
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
    if (last !== undefined && last.graceMs === 0) this.#measure(last.atMs, nowMs)
  }

  /** Only what was sent since the window has its size says anything about this size. */
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
