/** The encodings whose pictures are NAL units. */
export type NalCodec = 'h264' | 'h265'

/** The encodings that a simulated camera can send. */
export type LoopCodec = NalCodec | 'jpeg'

/** One access unit: all NAL units of one picture as an Annex B byte stream, or a JPEG. */
export interface LoopUnit {
  readonly data: Uint8Array
  /** Presentation time, microseconds. */
  readonly ptsUs: number
  /** Decoding time, microseconds. It is never above `ptsUs`, and rises in the order of `units`. */
  readonly dtsUs: number
  /** A decoder can start here (IDR; for H.265 any IRAP picture). */
  readonly key: boolean
}

/**
 * What a simulated camera sends again and again: encoded pictures with their times. Nothing is decoded or encoded, so a
 * camera costs next to no CPU.
 */
export interface Loop {
  readonly codec: LoopCodec
  /** Pixels, as coded: rotation metadata of the file is not applied. */
  readonly width: number
  readonly height: number
  /** Mean frames a second. */
  readonly fps: number
  /** In decoding order; the first one is a key frame. */
  readonly units: readonly LoopUnit[]
}

/** An access unit that has no decoding time yet: its bytes, and when it is shown. */
export interface TimedUnit {
  readonly data: Uint8Array
  readonly ptsUs: number
  readonly key: boolean
}

/**
 * Adds decoding times to pictures in decoding order. Containers differ (Matroska has none), so they are derived: the
 * n-th picture in decoding order gets the time of the n-th picture shown, minus what reordering needs.
 */
export const withDecodingTimes = (units: readonly TimedUnit[]): readonly LoopUnit[] => {
  const shown = units.map((unit) => unit.ptsUs).sort((a, b) => a - b)
  const early = units.reduce((most, unit, i) => Math.max(most, shown[i] - unit.ptsUs), 0)
  return units.map((unit, i) => ({ ...unit, dtsUs: shown[i] - early }))
}

/** Mean time from one picture to the next, microseconds; 40,000 for a single picture. */
export const meanFrameUs = (units: readonly Pick<LoopUnit, 'ptsUs'>[]): number => {
  const times = units.map((unit) => unit.ptsUs)
  const first = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const last = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return units.length > 1 ? (last - first) / (units.length - 1) : 40_000
}
