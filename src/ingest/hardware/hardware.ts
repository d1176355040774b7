import type { AccessUnit } from '../../../native/index.js'
import type { Log } from '../../types.ts'
import type { Decoding } from '../codecs.ts'
import type { Found } from './judge.ts'
import { createSessions, type Session } from './sessions.ts'
import type { Trial } from './trial.ts'
import { triedOn, type Verdicts } from './verdicts.ts'

/** The hardware decoders of this machine, for all cameras of a process. */
export interface Hardware {
  /** Whether there is any for streams of these caps. */
  mayDecode(caps: string): boolean
  /** The first decoder that does what software does, for less; null when none does. Takes as long as the trials do. */
  find(decoding: Decoding, group: readonly AccessUnit[]): Promise<string | null>
  /** Takes one of the decoder's sessions; null when there is none left. */
  claim(decoder: string): Session | null
}

/** What it is made from. */
export interface HardwareParts {
  /** Names, best first, or pieces of a launch line. */
  readonly candidates: (caps: string) => readonly string[]
  readonly tryDecoder: (trial: Trial) => Promise<Found>
  readonly verdicts: () => Verdicts
  readonly log: Log
  readonly elapsedMs: () => number
}

/** Decoders whose output is defined to the last bit, so that it can be compared. */
const exact = ['video/x-h264', 'video/x-h265']

/** Tries what there is, one at a time, and remembers it. */
export const createHardware = (parts: HardwareParts): Hardware => {
  const sessions = createSessions(parts.elapsedMs)
  const trials = new Map<string, Promise<Found>>()
  let last: Promise<unknown> = Promise.resolve()
  let verdicts: Verdicts | null = null

  const candidates = (caps: string): readonly string[] =>
    exact.includes(caps.split(',', 1)[0] as string) ? parts.candidates(caps) : []

  const tried = async (name: string, trial: Trial): Promise<Found> => {
    verdicts ??= parts.verdicts()
    const known = verdicts.get(name)
    if (known) return known
    const found = await parts.tryDecoder(trial)
    verdicts.set(name, found)
    const { objection, cpuShare } = found
    if (objection === null)
      parts.log.info({ decoder: name, cpuShare }, 'a hardware decoder decodes as software does, for less')
    else parts.log.info({ decoder: name }, `a hardware decoder is not used: ${objection}`)
    return found
  }

  return {
    mayDecode: (caps) => candidates(caps).length > 0,
    find: async ({ codec, decode: software }, group) => {
      const { caps } = group[0] as AccessUnit
      for (const hardware of candidates(caps)) {
        const name = triedOn(hardware, software, caps)
        const trial = trials.get(name) ?? last.then(() => tried(name, { codec, software, hardware, group }))
        trials.set(name, trial)
        last = trial
        if ((await trial).objection === null) return hardware
      }
      return null
    },
    claim: (decoder) => sessions.claim(decoder),
  }
}
