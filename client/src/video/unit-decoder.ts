import type { UnitStamp } from '../protocol.ts'
import { createDecoder, type DecodedPicture, type Decoder } from './decoder.ts'
import { createDecoderWait } from './decoder-wait.ts'
import type { Load } from './load.ts'
import type { Playout } from './playout.ts'

/** A decoder that fails so often within this time is given up. */
const [mostFailures, failuresWithinMs] = [3, 10_000]
/** Units whose picture has not come may be forgotten down to the second number when there are more than the first. */
const [mostAwaited, keptAwaited] = [300, 150]

/** An encoded unit that has been received and not been decoded. */
export interface WaitingUnit {
  readonly stamp: UnitStamp
  readonly data: Uint8Array<ArrayBuffer>
  readonly receivedAtMs: number
}

/** What units are decoded with. */
export interface UnitDecoderDeps {
  readonly playout: Pick<Playout, 'dueMs'>
  readonly load: Pick<Load, 'picture'>
  readonly onPicture: (picture: DecodedPicture) => void
  /** What the decoder held is lost: go on with a key unit. */
  readonly onFailure: () => void
  /** The decoder cannot decode this stream; for people. */
  readonly onGiveUp: (reason: string) => void
  readonly nowMs: () => number
}

/** The decoder of one tile. */
export interface UnitDecoder {
  /** How many units it holds. */
  readonly waiting: number
  /** How long the oldest of them has waited. */
  behindMs(nowMs: number): number
  /**
   * `isAlone`: it is a key unit, and so is the next one. Returns false, and decodes nothing, where the unit refers to one that
   * was decoded alone.
   */
  decode(unit: WaitingUnit, isAlone: boolean): boolean
  /** Begins anew; earlier failures do not count any more. */
  restart(): void
  /** Begins anew, without what it holds; returns how many units that were. */
  leaveOut(): number
  close(): void
}

/** Decodes units in the given order. A key unit of another format opens another decoder. */
export const createUnitDecoder = (deps: UnitDecoderDeps): UnitDecoder => {
  const wait = createDecoderWait()
  const receivedAtMs = new Map<number, number>()
  let decoder: Decoder | null = null
  let configured = ''
  let failures: number[] = []
  let wasAlone = false

  const close = (): void => {
    decoder?.close()
    decoder = null
  }
  const onFailure = (words: string): void => {
    const nowMs = deps.nowMs()
    failures = [...failures.filter((at) => nowMs - at < failuresWithinMs), nowMs]
    close()
    deps.onFailure()
    if (failures.length >= mostFailures) deps.onGiveUp(`the decoder failed: ${words}`)
  }
  const onPicture = (picture: DecodedPicture): void => {
    const { ptsUs } = picture.stamp
    const nowMs = deps.nowMs()
    const inTimeMs = Math.max(deps.playout.dueMs(ptsUs), receivedAtMs.get(ptsUs) ?? nowMs)
    receivedAtMs.delete(ptsUs)
    deps.load.picture(wait.lateMs(inTimeMs, decoder?.waiting ?? 0, nowMs), nowMs)
    deps.onPicture(picture)
  }
  const configure = (stamp: UnitStamp): void => {
    const wanted = `${stamp.encoding} ${stamp.codec} ${stamp.width}x${stamp.height}`
    if (!stamp.key || (decoder !== null && configured === wanted)) return
    decoder?.close()
    decoder = createDecoder(stamp, { onPicture, onFailure })
    configured = wanted
    wait.restart()
  }
  return {
    get waiting() {
      return decoder?.waiting ?? 0
    },
    behindMs: (nowMs) => wait.behindMs(decoder?.waiting ?? 0, nowMs),
    decode: ({ stamp, data, receivedAtMs: atMs }, isAlone) => {
      if (wasAlone && !stamp.key) return false
      wasAlone = isAlone
      configure(stamp)
      receivedAtMs.set(stamp.ptsUs, atMs)
      if (receivedAtMs.size > mostAwaited)
        for (const ptsUs of receivedAtMs.keys()) if (receivedAtMs.size > keptAwaited) receivedAtMs.delete(ptsUs)
      wait.given(deps.nowMs())
      decoder?.decode(stamp, data, isAlone)
      return true
    },
    restart: () => {
      close()
      failures = []
    },
    leaveOut: () => {
      const count = decoder?.waiting ?? 0
      close()
      return count
    },
    close,
  }
}
