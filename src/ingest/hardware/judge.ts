import { differenceOf, type Run } from './decoded.ts'

/**
 * Decoders of H.264 and H.265 are exact. What may differ is how the last bit is rounded where a picture with more depth or chroma is
 * converted to 4:2:0 with 8 bits.
 */
const MOST_DIFFERENCE = 2

/** Hardware takes at most this share of the CPU time of software, so that noise does not choose it. */
export const CLEARLY = 0.8

/** What a trial has found. Both are null where it did not come so far. */
export interface Found {
  /** Why hardware is not to be used; null: it is. */
  readonly objection: string | null
  /** Of the CPU time of software. */
  readonly cpuShare: number | null
}

/** Compares what hardware and software made of the same pictures, `everyMs` apart, of which there are `expected`. */
export const judge = (
  software: Run,
  hardware: Run,
  { expected, everyMs, atMost }: { readonly expected: number; readonly everyMs: number; readonly atMost: number },
): Found => {
  const cpuShare = software.cpuMs > 0 ? hardware.cpuMs / software.cpuMs : null
  const objection = objectionTo(software, hardware, expected)
  if (objection !== null) return { objection, cpuShare }
  if (cpuShare === null || cpuShare > atMost) {
    const share = cpuShare === null ? 'as much' : `${cpuShare.toFixed(2)} of the`
    return { objection: `it takes ${share} CPU time of software`, cpuShare }
  }
  // On a machine that is too busy for software, hardware need not be faster.
  if (hardware.tookMs > Math.max(everyMs, software.tookMs)) {
    return {
      objection: `it takes ${hardware.tookMs.toFixed(0)} ms a picture, one comes every ${everyMs.toFixed(0)} ms`,
      cpuShare,
    }
  }
  return { objection: null, cpuShare }
}

const objectionTo = (software: Run, hardware: Run, expected: number): string | null => {
  const [right, found] = [software.pictures, hardware.pictures]
  if (right.length !== expected)
    return `software makes ${right.length} pictures of ${expected}: there is nothing to compare with`
  if (found.length !== expected) return `it makes ${found.length} pictures of ${expected}`
  for (const [i, picture] of right.entries()) {
    const difference = differenceOf(picture, found[i] as (typeof found)[number])
    if (Number.isNaN(difference)) return 'its pictures have another size, time or kind of colours'
    if (difference > MOST_DIFFERENCE)
      return `its pictures are not those of software (they differ by ${difference} of 255)`
  }
  return null
}
