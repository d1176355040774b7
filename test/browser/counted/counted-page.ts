import type { VideoFigures, VideoState } from '../../../client/src/video/types.ts'

/** A picture as it stood on the canvas. */
export interface Read {
  readonly counter: number | null
  /** Where the boxes begin, pixels; null where there is none. */
  readonly boxes: readonly (number | null)[]
}

/** What the test asks for. */
export interface CountedPage {
  /** Pictures that were on the canvas, without repeats, and how their boxes differ from them in pictures. */
  reads: number
  /** Analysed pictures with exactly their own boxes. */
  withBoxes: number
  /** Pictures between two analysed ones, with what lies between their boxes. */
  between: number
  /** Pictures with the boxes of an older one, which the player may hold for a moment. */
  held: number
  /** Pictures without boxes: they had not come, or there were none. */
  without: number
  /** The oldest that boxes were, in pictures, as the canvas says, and as the player tells. */
  oldestFrames: number
  toldFrames: number
  /** How often the player has told. */
  reports: number
  unreadable: number
  /** Openings of the camera, and time lines that a jump of its clock began, of analysed pictures. */
  streams: string[]
  readonly mismatches: (Read & { readonly expected: readonly number[] })[]
  state: VideoState | null
  figures: VideoFigures | null
  readonly states: VideoState[]
  firstPictureMs: number | null
  /** The least time from when a key unit came to when it was on the canvas. */
  leastKeyWaitMs: number | null
  readonly counters: number[]
}
