import type { Loop, LoopUnit } from '../loop.ts'
import { type PcmColour, type PcmFormat, pcmPicture, pcmPps, pcmSps } from './pcm-h264.ts'

/** A short video that is made without an encoder; every field has a default. */
export interface PcmLoopOptions extends Partial<PcmFormat> {
  /** Pictures. It defaults to 24. */
  readonly frames?: number
  /** Pictures a second. It defaults to 12. */
  readonly fps?: number
  /** The colour of each picture, from 0. It defaults to a brightness that rises and falls. */
  readonly colourAt?: (i: number) => PcmColour
  /** Pictures from one IDR picture to the next. It defaults to a second. */
  readonly keyEvery?: number
  /** Marks intra pictures that are no IDR pictures as recovery points. It defaults to false. */
  readonly recoveryPoints?: boolean
}

/** A recovery point, exact at once (ITU-T H.264, D.1.8), as a byte stream. */
const recoveryPoint = Buffer.from([0, 0, 0, 1, 0x06, 0x06, 0x01, 0xc4, 0x80])

const wave = (i: number): PcmColour => [0.3 + 0.02 * Math.abs((i % 24) - 12), 0.5, 0.5]

/**
 * A loop of uncompressed H.264 pictures, each of one colour: every one can be decoded alone, whatever is told of it. Small
 * pictures only, 64×48 unless given: a macroblock has 384 bytes.
 */
export const pcmLoop = (options: PcmLoopOptions = {}): Loop => {
  const { frames = 24, fps = 12, colourAt = wave, keyEvery = fps, recoveryPoints = false } = options
  const format: PcmFormat = { width: 64, height: 48, chroma: '4:2:0', depth: 8, ...options }
  const units = Array.from({ length: frames }, (_, i): LoopUnit => {
    const sinceIdr = i % keyEvery
    const picture = pcmPicture(format, { colour: colourAt(i), sinceIdr, idr: Math.floor(i / keyEvery) })
    const before = sinceIdr === 0 ? [pcmSps(format), pcmPps()] : recoveryPoints ? [recoveryPoint] : []
    const timeUs = Math.round((i * 1e6) / fps)
    return { data: Buffer.concat([...before, picture]), ptsUs: timeUs, dtsUs: timeUs, key: sinceIdr === 0 }
  })
  return { codec: 'h264', width: format.width, height: format.height, fps, units }
}

/** Loops of one codec one after the other, in one loop. */
export const joined = (first: Loop, ...others: readonly Loop[]): Loop => ({
  ...first,
  units: others.reduce<readonly LoopUnit[]>((units, other) => units.concat(after(units, other)), first.units),
})

/** The pictures of a loop, a moment after the last of others. */
const after = (units: readonly LoopUnit[], { fps, units: own }: Loop): readonly LoopUnit[] => {
  const last = Math.max(...units.map(({ ptsUs }) => ptsUs))
  const byUs = last + 1e6 / fps - Math.min(...own.map(({ dtsUs }) => dtsUs))
  return own.map((unit) => ({ ...unit, ptsUs: unit.ptsUs + byUs, dtsUs: unit.dtsUs + byUs }))
}
