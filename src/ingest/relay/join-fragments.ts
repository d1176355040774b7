import {
  type Fragment,
  type Fragmenting,
  fragmentOf,
  INTERLEAVED,
  isNext,
  isRtp,
  joinedHeaders,
  sequenceOf,
} from './fragment.ts'

/** Two bytes say how long an interleaved packet is, without its head. */
const MOST_BYTES = INTERLEAVED + 65_535

/**
 * Joins the fragments of a NAL unit that come one behind the other into one packet, as large as an interleaved packet may
 * be: what GStreamer takes to receive goes by packets, not by bytes. All else stays as it is. Packets are numbered anew,
 * so that as many are missing between two of them as before.
 *
 * Takes and returns whole interleaved packets, with their `$` heads. Keeps the beginning of a NAL unit until the rest has
 * come, or something else has.
 */
export const joinFragments = (kind: Fragmenting): ((bytes: Buffer) => Buffer) => {
  let waiting: Fragment[] = []
  let waitingBytes = 0
  /** So many packets were saved until now. */
  let saved = 0

  return (bytes) => {
    const out = Buffer.allocUnsafe(waitingBytes + bytes.length)
    let used = 0
    const put = (parts: readonly Buffer[], sequence: number): void => {
      const from = used
      for (const part of parts) used += part.copy(out, used)
      out.writeUInt16BE(used - from - INTERLEAVED, from + 2)
      out.writeUInt16BE((sequence - saved) & 0xffff, from + INTERLEAVED + 2)
    }
    const putWaiting = (): void => {
      const [first, last] = [waiting[0], waiting.at(-1)]
      if (!first || !last) return
      if (waiting.length === 1) put([first.packet], first.sequence)
      else {
        const payloads = waiting.map(({ packet, payload }) => packet.subarray(payload))
        put([joinedHeaders(first, last, kind), ...payloads], first.sequence)
      }
      saved += waiting.length - 1
      waiting = []
      waitingBytes = 0
    }
    const take = (packet: Buffer): void => {
      const fragment = fragmentOf(packet, kind)
      const last = waiting.at(-1)
      const goesOn = fragment && last && isNext(last, fragment) && waitingBytes + packet.length <= MOST_BYTES
      if (!goesOn) putWaiting()
      if (fragment === null) put([packet], sequenceOf(packet))
      else {
        waiting.push(fragment)
        waitingBytes += packet.length
        if (fragment.ends || fragment.isMarked) putWaiting()
      }
    }
    for (let at = 0, end = 0; at + INTERLEAVED <= bytes.length; at = end) {
      end = at + INTERLEAVED + bytes.readUInt16BE(at + 2)
      const packet = bytes.subarray(at, end)
      if (isRtp(packet)) take(packet)
      else used += packet.copy(out, used)
    }
    return out.subarray(0, used)
  }
}
