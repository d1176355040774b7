import type { FrameTimes } from '../clock.ts'

/** A picture of the big stream that was received, and could be decoded. */
export interface BigPicture {
  readonly times: FrameTimes
  /** Pictures that have to be decoded for it: 1 for a key picture. */
  readonly pictures: number
}

/** The pictures of the big stream that may be looked at. */
export interface BigPictures {
  /** Takes the next access unit's times, in decoding order. A broken group is left out up to its next key unit. */
  add(times: FrameTimes, key: boolean, broken: boolean): void
  /** Newest first: key pictures, and others for which no more than `most` have to be decoded. */
  upTo(most: number): readonly BigPicture[]
  /** What follows a picture in its group, as far as it has come, and whether the next group has begun. */
  after(picture: BigPicture): { readonly rest: readonly BigPicture[]; readonly isOver: boolean }
  /** Forgets this picture and those before it: they have been considered. */
  forget(picture: BigPicture): void
  clear(): void
}

/** More are not remembered: four seconds of thirty a second, as long as the ring. */
const KEPT = 120

export const createBigPictures = (): BigPictures => {
  let known: BigPicture[] = []
  /** Pictures of the group so far; null when it is broken, or has not begun. */
  let depth: number | null = null
  return {
    add: (times, key, broken) => {
      if (broken) depth = null
      if (key && !broken) depth = 0
      if (depth === null) return
      depth++
      known.push({ times, pictures: depth })
      if (known.length > KEPT) known.shift()
    },
    upTo: (most) => known.filter(({ pictures }) => pictures === 1 || pictures <= most).toReversed(),
    after: (picture) => {
      const later = known.slice(known.indexOf(picture) + 1)
      const next = later.findIndex(({ pictures }) => pictures === 1)
      return { rest: next < 0 ? later : later.slice(0, next), isOver: next >= 0 || depth === null }
    },
    forget: (picture) => {
      known = known.slice(known.indexOf(picture) + 1)
    },
    clear: () => {
      known = []
      depth = null
    },
  }
}
