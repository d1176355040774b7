import type { Frame } from '../../types.ts'

/** What the pictures themselves show. */
export interface PictureFound {
  /** Every picture was the same as the first. */
  readonly unchanged: boolean
  /** The first and the last picture were black. */
  readonly black: boolean
}

/** Of 0–255: limited range has 16 for black. */
const BLACK = 20

/** Looks at the small pictures of frames, and keeps the first of them. */
export const createPictureLook = () => {
  let first: Uint8Array | null = null
  let frames = 0
  let isChanged = false
  const black = { first: false, last: false }
  return {
    note: ({ data }: Frame['picture']): void => {
      frames++
      black.last = data.every((value) => value <= BLACK)
      if (first === null) {
        first = data.slice()
        black.first = black.last
      } else isChanged ||= Buffer.compare(first, data) !== 0
    },
    found: (): PictureFound => ({ unchanged: frames > 2 && !isChanged, black: black.first && black.last }),
  }
}
