import type { UnitStamp } from '../protocol.ts'
import type { Look, LookedFrame, PictureSize, VideoFigures, VideoLevel, VideoState } from './types.ts'

/** What goes between the page and the worker that decodes. Pixels stay in the worker; only numbers come back. */

/** From the page to the worker; `tile` is the number of a canvas. */
export type ToVideoWorker = { readonly tile: number } & (
  | { readonly type: 'open'; readonly canvas: OffscreenCanvas; readonly clockOffsetMs: number }
  /** The canvas' size in device pixels, and how many of those a CSS pixel has. */
  | { readonly type: 'size'; readonly width: number; readonly height: number; readonly ratio: number }
  | { readonly type: 'unit'; readonly stamp: UnitStamp; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'frame'; readonly frame: LookedFrame }
  | { readonly type: 'still'; readonly frame: LookedFrame; readonly jpeg: Uint8Array<ArrayBuffer> }
  /** People are called otherwise from now on, or another one is chosen: by track. */
  | { readonly type: 'looks'; readonly looks: readonly (readonly [track: string, look: Look])[] }
  | { readonly type: 'level'; readonly most: VideoLevel }
  | { readonly type: 'noVideo'; readonly reason: string | null }
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'close' }
)

/** From the worker to the page: it has started. */
export type WorkerStart = { readonly type: 'ready' }

/** From the worker to the page, about one canvas. */
export type TileReport = { readonly tile: number } & (
  | { readonly type: 'state'; readonly state: VideoState }
  | { readonly type: 'figures'; readonly figures: VideoFigures }
  /** Pictures have this size from now on. */
  | { readonly type: 'resized'; readonly size: PictureSize }
  /** The picture of this analysed frame is on the canvas, with its boxes. */
  | { readonly type: 'shown'; readonly stream: string; readonly ptsUs: number }
)
