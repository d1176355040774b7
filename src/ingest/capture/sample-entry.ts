import type { Caps } from '../caps.ts'
import { box, u16, u32 } from './boxes.ts'
import { rawBytes } from './nal-units.ts'

/** How a codec is written into MP4. */
export interface Mp4Codec {
  /** GStreamer's name of the caps. */
  readonly caps: string
  /** Whether units are NAL units with start codes, which MP4 has with lengths instead. */
  readonly hasNals: boolean
  /** The `stsd` entry, from the caps and the parameter sets of the first key unit. Null without the sets it needs, and when one
   * is longer than a record can tell. */
  readonly entry: (caps: Caps, nals: readonly Uint8Array[]) => Buffer | null
}

const chroma: Readonly<Record<string, number>> = { '4:0:0': 0, '4:2:0': 1, '4:2:2': 2, '4:4:4': 3 }

/** Chroma layout and bit depths of caps, as the configuration records have them. */
const pixelsOf = ({ fields }: Caps): readonly [chroma: number, luma: number, chromaDepth: number] => {
  const depth = (name: string): number => Math.max(0, Number(fields.get(name) ?? 8) - 8)
  return [chroma[fields.get('chroma-format') ?? '4:2:0'] ?? 1, depth('bit-depth-luma'), depth('bit-depth-chroma')]
}

/** VisualSampleEntry (ISO/IEC 14496-12 12.1.3). */
const visual = (type: string, { fields }: Caps, more: readonly Buffer[]): Buffer => {
  const [width, height] = [Number(fields.get('width') ?? 0), Number(fields.get('height') ?? 0)]
  return box(
    type,
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(16),
    u16(width, height),
    // 72 dots an inch, twice.
    u32(0x00480000, 0x00480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    ...more,
  )
}

/** Records tell the length of a parameter set in 16 bits. */
const canBeTold = (nals: readonly Uint8Array[]): boolean => nals.every(({ length }) => length <= 0xffff)

const sets = (nals: readonly Uint8Array[]): Buffer => Buffer.concat(nals.flatMap((nal) => [u16(nal.length), nal]))

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1). */
const avc = (caps: Caps, nals: readonly Uint8Array[]): Buffer | null => {
  const ofType = (type: number) => nals.filter(([head]) => (head & 0x1f) === type)
  const [sps, pps] = [ofType(7).slice(0, 31), ofType(8).slice(0, 255)]
  const [first] = sps
  if (first === undefined || first.length < 4 || pps.length === 0 || !canBeTold([...sps, ...pps])) return null
  const [layout, luma, chromaDepth] = pixelsOf(caps)
  const isHigh = [100, 110, 122, 144, 244].includes(first[1] ?? 0)
  const high = isHigh ? [Buffer.from([0xfc | layout, 0xf8 | luma, 0xf8 | chromaDepth, 0])] : []
  const record = box(
    'avcC',
    Buffer.from([1, first[1] ?? 0, first[2] ?? 0, first[3] ?? 0, 0xff, 0xe0 | sps.length]),
    sets(sps),
    Buffer.from([pps.length]),
    sets(pps),
    ...high,
  )
  // `avc3`: parameter sets may stand in the stream, too, and change there.
  return visual('avc3', caps, [record])
}

/** HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 8.3.3.1). */
const hevc = (caps: Caps, nals: readonly Uint8Array[]): Buffer | null => {
  const arrays = [32, 33, 34].map((type) => ({ type, nals: nals.filter(([head]) => ((head >> 1) & 0x3f) === type) }))
  const [first] = arrays[1]?.nals ?? []
  if (first === undefined || arrays.some(({ nals: own }) => own.length === 0 || !canBeTold(own))) return null
  // Behind the head of two bytes: VPS id (4), layers less one (3), nested (1), then profile, tier and level.
  const sps = rawBytes(first.subarray(0, 64))
  if (sps.length < 15) return null
  const layers = ((sps[2] >> 1) & 7) + 1
  const [layout, luma, chromaDepth] = pixelsOf(caps)
  const record = box(
    'hvcC',
    Buffer.from([1]),
    sps.subarray(3, 15),
    Buffer.from([0xf0, 0, 0xfc, 0xfc | layout, 0xf8 | luma, 0xf8 | chromaDepth, 0, 0]),
    Buffer.from([(layers << 3) | ((sps[2] & 1) << 2) | 3, arrays.length]),
    ...arrays.flatMap((array) => [Buffer.from([array.type]), u16(array.nals.length), sets(array.nals)]),
  )
  return visual('hev1', caps, [record])
}

/** The codecs that are captured; others are too rare on cameras. */
export const mp4Codecs: readonly Mp4Codec[] = [
  { caps: 'video/x-h264', hasNals: true, entry: avc },
  { caps: 'video/x-h265', hasNals: true, entry: hevc },
  { caps: 'image/jpeg', hasNals: false, entry: (caps) => visual('jpeg', caps, []) },
]
