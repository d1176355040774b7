import type { Loop } from '../../simulator/loop.ts'

const startCode = [0, 0, 0, 1]
export const sps = Uint8Array.of(0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x01)
export const pps = Uint8Array.of(0x68, 0xcb, 0x83, 0xcb)

/** No byte is zero, so that no start code appears inside. */
export const nalOf = (header: number, bytes: number, mark = 1): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (i === 0 ? header : ((i + mark) % 255) + 1))

export const annexB = (...nals: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(nals.flatMap((nal) => [...startCode, ...nal]))

export interface SyntheticOptions {
  readonly frames?: number
  readonly fps?: number
  readonly keyEvery?: number
  readonly keyBytes?: number
  readonly frameBytes?: number
}

/** Shaped like H.264 and enough for a server that does not decode; its pictures are noise. */
export const syntheticLoop = (options: SyntheticOptions = {}): Loop => {
  const { frames = 20, fps = 100, keyEvery = 10, keyBytes = 4000, frameBytes = 300 } = options
  const units = Array.from({ length: frames }, (_, i) => {
    const key = i % keyEvery === 0
    const data = key ? annexB(sps, pps, nalOf(0x65, keyBytes, i)) : annexB(nalOf(0x41, frameBytes, i))
    const timeUs = Math.round((i * 1e6) / fps)
    return { data, ptsUs: timeUs, dtsUs: timeUs, key }
  })
  return { codec: 'h264', width: 320, height: 180, fps, units }
}
