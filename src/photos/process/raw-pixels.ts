/** Interleaved pixels (u8), rows without padding: grey, RGB or RGBA. */
export interface RawPixels {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly data: Uint8Array
}
