/** How pictures are coded, all of a stream alike. */
export interface PcmFormat {
  readonly width: number
  readonly height: number
  readonly chroma: '4:0:0' | '4:2:0' | '4:2:2' | '4:4:4'
  readonly depth: number
  /** It defaults to `depth`. */
  readonly chromaDepth?: number
  readonly rgb?: boolean
  readonly fullRange?: boolean
  /** Each picture is two fields, one after the other. It defaults to false. */
  readonly fields?: boolean
}

/** Y, Cb, Cr, or with `rgb` G, B, R: 0–1 of full scale. */
export type PcmColour = readonly [number, number, number]

/** Pictures of one colour. */
export interface PcmVideo extends PcmFormat {
  readonly frames: number
  readonly colour: PcmColour
}

const layouts = { '4:0:0': [0, 0, 0], '4:2:0': [1, 8, 8], '4:2:2': [2, 8, 16], '4:4:4': [3, 16, 16] } as const

/** Writes the bits of a NAL unit's payload (ITU-T H.264, 7.2 and 9.1). */
const bitWriter = () => {
  const bytes: number[] = []
  let used = 0
  const u = (bits: number, value: number): void => {
    for (let bit = bits - 1; bit >= 0; bit--) {
      if (used % 8 === 0) bytes.push(0)
      bytes[bytes.length - 1] |= ((value >> bit) & 1) << (7 - (used % 8))
      used++
    }
  }
  const ue = (value: number): void => {
    const length = 31 - Math.clz32(value + 1)
    u(length, 0)
    u(length + 1, value + 1)
  }
  return { bytes, u, ue, align: () => u((8 - (used % 8)) % 8, 0), end: () => [u(1, 1), u((8 - (used % 8)) % 8, 0)] }
}

/** A start code, the header, and the payload with emulation prevention (7.3.1). */
const unit = (header: number, payload: readonly number[]): Buffer => {
  const out = [0, 0, 0, 1, header]
  let zeros = 0
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3)
      zeros = 0
    }
    out.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return Buffer.from(out)
}

/** The sequence parameter set (7.3.2.1.1), with its start code. */
export const pcmSps = (format: PcmFormat): Buffer => {
  const { width, height, chroma, depth, chromaDepth = depth, rgb, fullRange, fields } = format
  const { bytes, u, ue, end } = bitWriter()
  const [idc, columns, rows] = layouts[chroma]
  for (const byte of [244, 0, 51]) u(8, byte)
  ue(0)
  ue(idc)
  if (idc === 3) u(1, 0)
  ue(depth - 8)
  ue(chromaDepth - 8)
  for (const flag of [0, 0]) u(1, flag)
  for (const value of [0, 2, 1]) ue(value)
  u(1, 0)
  const { across, down } = macroblocks(format)
  ue(across - 1)
  ue(down - 1)
  for (const flag of fields ? [0, 0, 1, 1] : [1, 1, 1]) u(1, flag)
  const lines = fields ? 32 : 16
  // Cropped in units of a chroma sample.
  const crop = (size: number, sample: number) => (idc === 0 || sample === 16 ? size : Math.floor(size / 2))
  for (const value of [0, crop(across * 16 - width, columns), 0, crop((down * lines - height) / (lines / 16), rows)])
    ue(value)
  u(1, 1)
  u(1, 0)
  u(1, 0)
  u(1, 1)
  u(3, 5)
  u(1, fullRange || rgb ? 1 : 0)
  u(1, 1)
  for (const byte of [1, 1, rgb ? 0 : 6]) u(8, byte)
  for (const flag of [0, 0, 0, 0, 0, 0]) u(1, flag)
  end()
  return unit(0x67, bytes)
}

/** Macroblocks of a picture, or of a field. */
const macroblocks = ({ width, height, fields }: PcmFormat) => ({
  across: Math.ceil(width / 16),
  down: Math.ceil(height / (fields ? 32 : 16)),
})

/** The picture parameter set (7.3.2.2), with its start code. */
export const pcmPps = (): Buffer => {
  const { bytes, u, ue, end } = bitWriter()
  for (const value of [0, 0]) ue(value)
  for (const flag of [0, 0]) u(1, flag)
  for (const value of [0, 0, 0]) ue(value)
  u(3, 0)
  for (const value of [0, 0, 0]) ue(value)
  for (const flag of [1, 0, 0]) u(1, flag)
  end()
  return unit(0x68, bytes)
}

/** Where a picture stands in its stream. */
export interface PcmPlace {
  readonly colour: PcmColour
  /** Since the last IDR picture, which is 0. */
  readonly sinceIdr: number
  /** Counts IDR pictures: two in a row must differ. */
  readonly idr: number
}

/** A picture of one colour (7.3.3), with start codes: an IDR picture, or an intra picture of no other name. */
export const pcmPicture = (format: PcmFormat, place: PcmPlace): Buffer =>
  format.fields
    ? Buffer.concat([pcmSlice(format, place, 'top'), pcmSlice(format, place, 'bottom')])
    : pcmSlice(format, place, 'frame')

const pcmSlice = (format: PcmFormat, place: PcmPlace, part: 'frame' | 'top' | 'bottom'): Buffer => {
  const { chroma, depth, chromaDepth = depth } = format
  const { bytes, u, ue, align, end } = bitWriter()
  // The second field of an IDR picture is none itself (7.4.1.2.4).
  const isIdr = place.sinceIdr === 0 && part !== 'bottom'
  for (const value of [0, 7, 0]) ue(value)
  u(4, place.sinceIdr & 15)
  if (part !== 'frame') for (const flag of [1, part === 'bottom' ? 1 : 0]) u(1, flag)
  if (isIdr) ue(place.idr & 1)
  for (const flag of isIdr ? [0, 0] : [0]) u(1, flag)
  ue(0)
  ue(1)
  const [, columns, rows] = layouts[chroma]
  const level = (part: number, bits: number) => Math.round(part * (2 ** bits - 1))
  const { across, down } = macroblocks(format)
  for (let block = across * down; block > 0; block--) {
    ue(25)
    align()
    for (let i = 0; i < 256; i++) u(depth, level(place.colour[0], depth))
    for (const plane of [1, 2] as const) {
      for (let i = columns * rows; i > 0; i--) u(chromaDepth, level(place.colour[plane], chromaDepth))
    }
  }
  end()
  return unit(isIdr ? 0x65 : 0x61, bytes)
}

/**
 * H.264 in every chroma layout and bit depth that the standard has (8–14), as a byte stream: uncompressed macroblocks
 * (I_PCM) of one colour. No encoder that Debian's GStreamer brings makes others than 8-bit 4:2:0.
 */
export const pcmH264 = (video: PcmVideo): Buffer => {
  const place = (i: number) => ({ colour: video.colour, sinceIdr: 0, idr: i })
  const pictures = Array.from({ length: video.frames }, (_, i) => pcmPicture(video, place(i)))
  return Buffer.concat([pcmSps(video), pcmPps(), ...pictures])
}
