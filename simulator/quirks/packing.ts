import type { NalCodec } from '../loop.ts'
import type { Picture, RtpQuirks } from '../quirks.ts'
import { maxPayloadBytes, type Payload, payloadsOf } from '../rtp.ts'

/** Packs the NAL units of one picture into RTP payloads. */
export type Packing = (nals: readonly Uint8Array[], picture: Pick<Picture, 'codec'>) => readonly Payload[]

const none = new Uint8Array(0)
const headerBytes = (codec: NalCodec): number => (codec === 'h264' ? 1 : 2)
/** The payload types of aggregation and fragmentation: RFC 6184 table 1, RFC 7798 4.4. */
const types = { h264: { aggregation: 24, fragment: 28 }, h265: { aggregation: 48, fragment: 49 } } as const

/** As the standards want it. */
export const plain: Packing = (nals, { codec }) => nals.flatMap((nal) => payloadsOf(codec, nal))

const isFragment = (codec: NalCodec, { prefix }: Payload): boolean => prefix.length === headerBytes(codec) + 1

/** The header of one fragment, with the type of NAL unit that it says. `flags` are 0x80 for start, 0x40 for end. */
const fragmentHeader = (codec: NalCodec, nal: Uint8Array, flags: number, type = typeOf(codec, nal)): Uint8Array =>
  codec === 'h264'
    ? Uint8Array.of((nal[0] & 0xe0) | types.h264.fragment, flags | type)
    : Uint8Array.of((nal[0] & 0x81) | (types.h265.fragment << 1), nal[1], flags | type)

const typeOf = (codec: NalCodec, nal: Uint8Array): number => (codec === 'h264' ? nal[0] & 0x1f : (nal[0] >> 1) & 0x3f)

/** Also NAL units that fit into one packet go as a fragment, which is start and end at once. */
export const fragmentsOfOne: Packing = (nals, { codec }) =>
  nals.flatMap((nal) => {
    const packed = payloadsOf(codec, nal)
    if (packed.length > 1) return packed
    return [{ prefix: fragmentHeader(codec, nal, 0xc0), body: nal.subarray(headerBytes(codec)) }]
  })

/** A fragment of no bytes behind each first fragment, and one packet of no bytes at all before the picture. */
export const emptyFragments: Packing = (nals, { codec }) => [
  { prefix: none, body: none },
  ...nals.flatMap((nal) =>
    payloadsOf(codec, nal).flatMap((payload, i, packed) =>
      i === 0 && packed.length > 1 ? [payload, { prefix: fragmentHeader(codec, nal, 0), body: none }] : [payload],
    ),
  ),
]

/** All fragments but the first name another type of NAL unit: that of a slice of no key frame. */
export const changingType: Packing = (nals, { codec }) =>
  nals.flatMap((nal) =>
    payloadsOf(codec, nal).map((payload, i) => {
      if (i === 0 || !isFragment(codec, payload)) return payload
      const flags = (payload.prefix.at(-1) ?? 0) & 0xc0
      return { ...payload, prefix: fragmentHeader(codec, nal, flags, 1) }
    }),
  )

/** NAL units that fit together go in one packet: STAP-A (RFC 6184 5.7.1) or AP (RFC 7798 4.4.2). */
export const aggregated: Packing = (nals, { codec }) => {
  const payloads: Payload[] = []
  let waiting: Uint8Array[] = []
  const flush = (): void => {
    if (waiting.length > 1) payloads.push({ prefix: none, body: aggregate(codec, waiting) })
    else if (waiting.length === 1) payloads.push(...payloadsOf(codec, waiting[0]))
    waiting = []
  }
  for (const nal of nals) {
    const bytes = headerBytes(codec) + [...waiting, nal].reduce((sum, { length }) => sum + 2 + length, 0)
    if (bytes > maxPayloadBytes) flush()
    waiting.push(nal)
  }
  flush()
  return payloads
}

const aggregate = (codec: NalCodec, nals: readonly Uint8Array[]): Uint8Array => {
  const header =
    codec === 'h264'
      ? Uint8Array.of(Math.max(...nals.map((nal) => nal[0] & 0x60)) | types.h264.aggregation)
      : Uint8Array.of(types.h265.aggregation << 1, 1)
  const sized = nals.flatMap((nal) => [Uint8Array.of(nal.length >> 8, nal.length & 0xff), nal])
  return Buffer.concat([header, ...sized])
}

/** Which packets of a picture carry the marker bit. */
export type Marking = NonNullable<RtpQuirks['marker']>

export const markedAlways: Marking = () => true
export const markedNever: Marking = () => false

/** The last packet, and every one that is a whole parameter set or SEI of H.264, as if each were a picture. */
export const markedParameterSets: Marking = (i, count, { prefix, body }) =>
  i === count - 1 || (prefix.length === 0 && body.length > 0 && [6, 7, 8].includes(body[0] & 0x1f))
