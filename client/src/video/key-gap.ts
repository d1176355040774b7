import type { UnitStamp } from '../protocol.ts'

/** How far apart a camera's key pictures are. */
export interface KeyGap {
  /** A unit came. */
  unit(stamp: Pick<UnitStamp, 'stream' | 'ptsUs' | 'key'>): void
  /** The least of the last three gaps, milliseconds: one that was lost makes a gap twice as long. 0 while fewer than two are known. */
  readonly gapMs: number
  /** The camera was connected anew. */
  restart(): void
}

/** Knows of no key picture to begin with, and after each new stream. */
export const createKeyGap = (): KeyGap => {
  let last: Pick<UnitStamp, 'stream' | 'ptsUs'> | null = null
  let gaps: number[] = []
  const restart = (): void => {
    last = null
    gaps = []
  }
  return {
    get gapMs() {
      return gaps.length < 2 ? 0 : Math.max(0, Math.min(...gaps))
    },
    restart,
    unit: ({ stream, ptsUs, key }) => {
      if (last !== null && last.stream !== stream) restart()
      if (!key) return
      if (last !== null) gaps = [...gaps, (ptsUs - last.ptsUs) / 1000].slice(-3)
      last = { stream, ptsUs }
    },
  }
}
