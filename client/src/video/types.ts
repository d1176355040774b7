import type { Box, FrameFace } from '../events.ts'
import type { UnitStamp } from '../protocol.ts'

/** Who a face is told to be, and what it is called while nobody can say it. */
export type ToldFace = Pick<FrameFace, 'person' | 'track' | 'provisional'>

/** How a face is drawn. Colours are CSS. */
export interface Look {
  /** Null for somebody who is not known yet: then the box is dashed. */
  readonly text: string | null
  readonly colour: string
  readonly isDim: boolean
}

/** A face of an analysed frame. Fractions of the upright picture. */
export interface LookedFace {
  readonly track: string
  readonly box: Box
  readonly look: Look
}

/** An analysed frame. */
export interface LookedFrame {
  readonly stream: string
  readonly ptsUs: number
  readonly seq: number
  readonly capturedAtMs: number
  readonly clock: UnitStamp['clock']
  readonly width: number
  readonly height: number
  readonly faces: readonly LookedFace[]
  /** Faces of people who are never to be recognised: nobody may see them. */
  readonly blur: readonly Box[]
}

/** A picture's size, upright, with square pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** How much of a camera is shown: all, fewer pictures than are decoded, key pictures, stills of analysed frames, nothing. */
export type VideoLevel = 'all' | 'fewer' | 'keys' | 'stills' | 'nothing'

/** What is shown, and why not more. */
export interface VideoState {
  readonly level: VideoLevel
  /** What this browser could show: what is asked for also while the server has no video, so that it comes when there is. */
  readonly possible: VideoLevel
  /** For people: why it is less than all; null when it is not. */
  readonly reason: string | null
  /** For people: what the picture waits for; null when it goes on. */
  readonly waiting: string | null
  /** Whether there has been a picture. */
  readonly hasPicture: boolean
}

/** What a tile has done since the last report. */
export interface VideoFigures {
  readonly fps: number
  /** Furthest that a box was from its picture, in frames: 0 where all were analysed or between two analysed ones. */
  readonly errorFrames: number
  /** Capture to canvas, milliseconds, median and 95th percentile; null without pictures. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null
  /** By which clock the capture is told. */
  readonly clock: UnitStamp['clock'] | null
  /** How long pictures are held back so that their boxes are there. */
  readonly delayMs: number
  /** Pictures that were not shown: late, or after a loss. Since the tile was opened. */
  readonly dropped: number
  readonly shown: number
  /** The picture that is on the canvas. */
  readonly last: ShownPicture | null
}

/** A picture on the canvas. */
export interface ShownPicture {
  readonly stream: string
  readonly ptsUs: number
  readonly capturedAtMs: number
  /** Where its boxes come from: its own analysis, between its neighbours', an older one's, or none. */
  readonly boxes: 'exact' | 'between' | 'held' | 'none'
  readonly tracks: readonly string[]
}
