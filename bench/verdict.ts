/** One aim: what was measured, what was expected of it, and whether that is so. */
export interface Verdict {
  readonly of: string
  readonly measured: string
  readonly expected: string
  /** Null when noise hides it. */
  readonly met: boolean | null
}

/** A verdict in words, in one line. */
export const inWords = ({ of, measured, expected, met }: Verdict): string => {
  const words = met === null ? 'unclear: repeat it on a quiet machine' : met ? 'met' : 'NOT MET'
  return `${of}: ${measured}; expected ${expected}: ${words}`
}
