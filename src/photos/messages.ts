import type { PhotoKind } from './kinds.ts'

/** What the decoding process is asked; the bytes of the file follow. */
export interface Job {
  readonly kind: PhotoKind
  /** Longest side of the detector's picture, pixels. */
  readonly side: number
}

/** What it answers. `ready`: it can be asked. `decoded`: Y, U, V and the picture follow, in this order. */
export type Answer =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly what: string; readonly remedy: string }
  | {
      readonly type: 'decoded'
      readonly width: number
      readonly height: number
      readonly picture: { readonly width: number; readonly height: number }
    }
