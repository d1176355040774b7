import type { DecodedPicture } from './decoder.ts'

/** Decoded pictures that wait for their time, in the order of showing. */
export interface PictureQueue {
  add(picture: DecodedPicture): void
  /** The newest picture that is due, which the caller closes, and how many before it were left out and closed. */
  take(
    isDue: (picture: DecodedPicture) => boolean,
  ): { readonly picture: DecodedPicture; readonly skipped: number } | null
  clear(): void
}

/** No more are held: a decoder in hardware has few buffers. */
const mostWaiting = 12

/** Empty to begin with. */
export const createPictureQueue = (onDrop: (count: number) => void): PictureQueue => {
  let waiting: DecodedPicture[] = []
  return {
    add: (picture) => {
      waiting.push(picture)
      if (waiting.length <= mostWaiting) return
      waiting.shift()?.image.close()
      onDrop(1)
    },
    take: (isDue) => {
      const at = waiting.findLastIndex(isDue)
      const picture = waiting[at]
      if (picture === undefined) return null
      for (const late of waiting.slice(0, at)) late.image.close()
      waiting = waiting.slice(at + 1)
      return { picture, skipped: at }
    },
    clear: () => {
      for (const { image } of waiting) image.close()
      waiting = []
    },
  }
}
