import type { UnitStamp } from '../protocol.ts'

/** Why the next key unit is waited for: it is the first one, units are missing, packets were lost, the decoder gave up, or it is too slow. */
export type Wait = 'start' | 'gap' | 'loss' | 'decoder' | 'late'

/** What the page says of each. */
export const waitWords: Readonly<Record<Wait, string>> = {
  start: 'waiting for the first key frame',
  gap: 'pictures are missing: waiting for the next key frame',
  loss: 'packets were lost: waiting for the next key frame',
  decoder: 'the decoder failed: waiting for the next key frame',
  late: 'this device does not keep up: waiting for the next key frame',
}

/** Says which units a decoder can be given. */
export interface Continuity {
  /** Whether the unit may be decoded: nothing that it refers to is missing. */
  accepts(unit: Pick<UnitStamp, 'n' | 'key' | 'broken'>): boolean
  /** The decoder has lost what the next units refer to. */
  lose(because: Wait): void
  /** Null while units can be decoded. */
  readonly waiting: Wait | null
}

/** A lost P frame raises no error in a decoder, which goes on with smeared pictures; so the numbers say what is missing. */
export const createContinuity = (): Continuity => {
  let waiting: Wait | null = 'start'
  let last: number | null = null
  return {
    get waiting() {
      return waiting
    },
    lose: (because) => {
      waiting = because
    },
    accepts: ({ n, key, broken }) => {
      const isNext = last === null || n === last + 1
      last = n
      if (key && !broken) waiting = null
      else if (broken) waiting = 'loss'
      else if (!isNext) waiting ??= 'gap'
      return waiting === null
    },
  }
}
