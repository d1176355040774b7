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
  /** Such pictures whose boxes are further away. */
  apart: number
  /** Pictures whose boxes came after them, or not. */
  late: number
  unreadable: number
  /** Openings of the camera, and time lines that a jump of its clock began, of analysed pictures. */
  streams: string[]
  readonly mismatches: (Read & { readonly expected: readonly number[] })[]
  state: VideoState | null
  figures: VideoFigures | null
  readonly states: VideoState[]
  firstPictureMs: number | null
  readonly counters: number[]
}
