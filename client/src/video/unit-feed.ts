import type { UnitStamp } from '../protocol.ts'
import { createContinuity, type Wait } from './continuity.ts'
import { createDecoder, type DecodedPicture, type Decoder } from './decoder.ts'
import { createDecoderWait } from './decoder-wait.ts'
import type { Load } from './load.ts'
import type { Playout } from './playout.ts'

/** Units are decoded this much before their picture is due: they are smaller than pictures, so they are what waits. */
const leadMs = 120
/** More is not given to a decoder at once. */
const mostInDecoder = 16
/** A unit that is later by this much is left out, with what follows it. */
const mostLateMs = 500
/** A decoder that fails so often within this time is given up. */
const [mostFailures, failuresWithinMs] = [3, 10_000]

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
export interface UnitFeedDeps {
  readonly playout: Pick<Playout, 'dueMs'>
  readonly load: Pick<Load, 'picture' | 'overrun' | 'level'>
  readonly onPicture: (picture: DecodedPicture) => void
  readonly onDrop: (count: number) => void
  /** The decoder cannot decode this stream; for people. */
  readonly onGiveUp: (reason: string) => void
  readonly nowMs: () => number
}

interface Waiting {
  readonly stamp: UnitStamp
  readonly data: Uint8Array<ArrayBuffer>
  readonly receivedAtMs: number
}

/** Holds units until it is time to decode them, and sees that nothing is decoded whose references are missing. */
export const createUnitFeed = (deps: UnitFeedDeps): UnitFeed => {
  const { playout, load, onDrop } = deps
  const continuity = createContinuity()
  const wait = createDecoderWait()
  const receivedAtMs = new Map<number, number>()
  let queue: Waiting[] = []
  let decoder: Decoder | null = null
  let configured = ''
  let failures: number[] = []

  const drop = (count: number): void => {
    if (count > 0) onDrop(count)
  }
  const stop = (): void => {
    decoder?.close()
    decoder = null
    drop(queue.length)
    queue = []
  }
  const onFailure = (words: string): void => {
    const nowMs = deps.nowMs()
    failures = [...failures.filter((at) => nowMs - at < failuresWithinMs), nowMs]
    stop()
    continuity.lose('decoder')
    if (failures.length >= mostFailures) deps.onGiveUp(`the decoder failed: ${words}`)
  }
  const onPicture = (picture: DecodedPicture): void => {
    const { ptsUs } = picture.stamp
    const nowMs = deps.nowMs()
    const inTimeMs = Math.max(playout.dueMs(ptsUs), receivedAtMs.get(ptsUs) ?? nowMs)
    receivedAtMs.delete(ptsUs)
    load.picture(wait.lateMs(inTimeMs, decoder?.waiting ?? 0, nowMs), nowMs)
    deps.onPicture(picture)
  }
  /** The next one, if it is worth being decoded. */
  const decode = ({ stamp, data, receivedAtMs: atMs }: Waiting): void => {
    const wanted = `${stamp.encoding} ${stamp.codec} ${stamp.width}x${stamp.height}`
    if (stamp.key && (decoder === null || configured !== wanted)) {
      decoder?.close()
      decoder = createDecoder(stamp, { onPicture, onFailure })
      configured = wanted
      wait.restart()
    }
    receivedAtMs.set(stamp.ptsUs, atMs)
    if (receivedAtMs.size > 300)
      for (const ptsUs of receivedAtMs.keys()) if (receivedAtMs.size > 150) receivedAtMs.delete(ptsUs)
    wait.given(deps.nowMs())
    decoder?.decode(stamp, data)
  }
  const lateness = ({ stamp, receivedAtMs: atMs }: Waiting, nowMs: number): number =>
    nowMs - Math.max(atMs, playout.dueMs(stamp.ptsUs))
  /** Goes on with the newest key unit when decoding does not keep up. */
  const catchUp = (nowMs: number): void => {
    const [head] = queue
    if (head === undefined || lateness(head, nowMs) < mostLateMs) return
    const key = queue.findLastIndex(({ stamp }) => stamp.key)
    const late = queue.splice(0, key < 0 ? queue.length : key)
    drop(late.length)
    load.overrun(Math.max(1, late.length), nowMs)
    if (key < 0) continuity.lose('gap')
  }
  return {
    get waiting() {
      return continuity.waiting
    },
    add: (stamp, data, nowMs) => {
      const isWanted = load.level !== 'keys' || stamp.key
      if (!continuity.accepts(stamp) || !isWanted) {
        if (!isWanted) continuity.lose('start')
        drop(isWanted ? 1 : 0)
        return
      }
      queue.push({ stamp, data, receivedAtMs: nowMs })
    },
    feed: (nowMs, isUrgent) => {
      catchUp(nowMs)
      while (queue.length > 0 && (decoder?.waiting ?? 0) < mostInDecoder) {
        // In the order of decoding, pictures that are due earlier may follow.
        const dueMs = Math.min(...queue.slice(0, 20).map(({ stamp }) => playout.dueMs(stamp.ptsUs)))
        if (!isUrgent && dueMs - leadMs > nowMs) break
        const next = queue.shift()
        if (next) decode(next)
      }
    },
    restart: () => {
      stop()
      failures = []
      continuity.lose('start')
    },
    close: stop,
  }
}
