import type { UnitStamp } from '../protocol.ts'
import { whyNotDecoded } from './decoder.ts'

type Data = Uint8Array<ArrayBuffer>

/** Lets through the units that this browser decodes. */
export interface CodecGate {
  /** Units of a codec that was not asked for yet wait for the answer. */
  pass(stamp: UnitStamp, data: Data): void
}

/** Who gets the units, and who is told why the browser does not decode them; null when it does. */
export interface CodecGateDeps {
  readonly onUnit: (stamp: UnitStamp, data: Data) => void
  readonly onAnswer: (reason: string | null) => void
}

/** The browser is asked once for each codec. */
export const createCodecGate = ({ onUnit, onAnswer }: CodecGateDeps): CodecGate => {
  /** Why a codec is not decoded, null when it is, by its name; undefined while the browser is asked. */
  const answers = new Map<string, string | null | undefined>()
  let undecided: { readonly stamp: UnitStamp; readonly data: Data }[] = []
  const ask = async ({ codec, encoding }: UnitStamp): Promise<void> => {
    answers.set(codec, undefined)
    const reason = await whyNotDecoded(codec, encoding)
    answers.set(codec, reason)
    const waiting = undecided
    undecided = []
    onAnswer(reason)
    if (reason === null) for (const { stamp, data } of waiting) onUnit(stamp, data)
  }
  return {
    pass: (stamp, data) => {
      const known = answers.get(stamp.codec)
      if (known === null) onUnit(stamp, data)
      else if (known === undefined) {
        undecided.push({ stamp, data })
        if (!answers.has(stamp.codec)) void ask(stamp)
      } else onAnswer(known)
    },
  }
}
