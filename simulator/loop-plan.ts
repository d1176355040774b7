import { RollcallError } from '../src/errors.ts'
import { nalKind, type ParameterSets, parameterSets, splitNals } from './annex-b.ts'
import { jpegPayloads } from './jpeg.ts'
import { type Loop, type LoopUnit, meanFrameUs, type NalCodec } from './loop.ts'
import type { Picture, RtpQuirks } from './quirks.ts'
import { type Payload, payloadsOf } from './rtp.ts'

/** A picture divided into RTP payloads, once for all clients. */
export interface UnitPlan {
  readonly payloads: readonly Payload[]
  readonly ptsUs: number
  /**
   * When it is sent, microseconds of the loop. An encoder that reorders has a picture ready some frames after it was
   * taken, so nothing is sent before its presentation time.
   */
  readonly sendUs: number
  readonly key: boolean
}

/** A loop, ready to be sent. Times are microseconds of the loop. */
export interface LoopPlan {
  readonly loop: Loop
  readonly parameterSets: ParameterSets
  readonly units: readonly UnitPlan[]
  /** Time from the start of one pass to the start of the next. */
  readonly durationUs: number
  readonly frameUs: number
  readonly firstPtsUs: number
}

/**
 * Divides a loop into RTP payloads. Throws CAMERA_FORMAT when the loop cannot be sent: no picture, no key frame first,
 * no parameter sets, no JPEG, or no rising times.
 */
export const planLoop = (loop: Loop, quirks: RtpQuirks = {}): LoopPlan => {
  const { units } = loop
  const { sets, payloads } = loop.codec === 'jpeg' ? jpegs(quirks) : nalUnits(loop.codec, units, quirks)
  const reorderUs = units.reduce((most, unit) => Math.max(most, unit.ptsUs - unit.dtsUs), 0)
  const frameUs = meanFrameUs(units)
  if (!(frameUs > 0))
    throw new RollcallError('CAMERA_FORMAT', 'the pictures of a loop were expected to have rising times')
  return {
    loop,
    parameterSets: sets,
    frameUs,
    durationUs: frameUs * units.length,
    firstPtsUs: units.reduce((least, unit) => Math.min(least, unit.ptsUs), Number.POSITIVE_INFINITY),
    units: units.map((unit, index) => ({
      payloads: payloads(unit, index),
      ptsUs: unit.ptsUs,
      sendUs: unit.dtsUs + reorderUs,
      key: unit.key,
    })),
  }
}

/** What all pictures of a loop share, and what divides each. */
interface Division {
  readonly sets: ParameterSets
  readonly payloads: (unit: LoopUnit, index: number) => readonly Payload[]
}

const jpegs = ({ jpegQuality, maxBytes }: RtpQuirks): Division => ({
  sets: { vps: [], sps: [], pps: [] },
  payloads: ({ data }) => jpegPayloads(data, jpegQuality ?? null, maxBytes),
})

const nalUnits = (codec: NalCodec, units: readonly LoopUnit[], quirks: RtpQuirks): Division => {
  const sets = parameterSets(codec, splitNals(units[0]?.data ?? new Uint8Array(0)))
  if (!units[0]?.key || sets.sps.length === 0 || sets.pps.length === 0) {
    throw new RollcallError('CAMERA_FORMAT', 'a loop was expected to begin with a key frame and its SPS and PPS', {
      remedy: 'Read it with readLoop, or cut the video at a key frame.',
    })
  }
  return {
    sets,
    payloads: ({ data, key }, index) =>
      divide(wantedNals(codec, splitNals(data), key ? sets : null), { codec, key, index, sets }, quirks),
  }
}

/** The payloads of one picture, as an odd camera or as a good one divides it. */
const divide = (proper: readonly Uint8Array[], picture: Picture, quirks: RtpQuirks): readonly Payload[] => {
  const nals = quirks.nals?.(proper, picture) ?? proper
  return quirks.payloads?.(nals, picture) ?? nals.flatMap((nal) => payloadsOf(picture.codec, nal, quirks.maxBytes))
}

/**
 * Key frames get the parameter sets, so that a client can start there. Access unit delimiters are left out, because RTP
 * marks the end of a picture.
 */
const wantedNals = (
  codec: NalCodec,
  nals: readonly Uint8Array[],
  fallback: ParameterSets | null,
): readonly Uint8Array[] => {
  const wanted = nals.filter((nal) => nalKind(codec, nal) !== 'delimiter')
  if (fallback === null) return wanted
  const own = parameterSets(codec, nals)
  const { vps, sps, pps } = own.sps.length > 0 ? own : fallback
  const isPicture = (nal: Uint8Array) => ['key', 'other'].includes(nalKind(codec, nal))
  return [...vps, ...sps, ...pps, ...wanted.filter(isPicture)]
}
