import type { Loop, LoopUnit } from '../loop.ts'

/** Flat pictures as JPEG; every field has a default. */
export interface JpegLoopOptions {
  /** Pixels. They default to 64×48. */
  readonly width?: number
  readonly height?: number
  /** It defaults to 4:2:0. */
  readonly chroma?: '4:2:0' | '4:2:2'
  /** Blocks from one restart marker to the next. It defaults to 0: none. */
  readonly restartEvery?: number
  /** Pictures. It defaults to 24. */
  readonly frames?: number
  /** Pictures a second. It defaults to 12. */
  readonly fps?: number
  /** The divisor of the mean of a luma block: what the receiver's table has. It defaults to 8. */
  readonly divisor?: number
}

/** Codes of the standard tables (ITU-T T.81, K.3) for the number of bits of a difference. */
const lumaDc = ['00', '010', '011', '100', '101', '110', '1110', '11110', '111110', '1111110', '11111110']
/** No further coefficient of a luma block; of a chroma block. And no difference of a chroma block. */
const [lumaEnd, chromaEnd, chromaDc] = ['1010', '00', '00']

/**
 * A loop of JPEG pictures of one brightness each, made without an encoder. They have the standard code tables, and as in RTP
 * these are left out.
 */
export const jpegLoop = (options: JpegLoopOptions = {}): Loop => {
  const { width = 64, height = 48, frames = 24, fps = 12 } = options
  const units = Array.from({ length: frames }, (_, i): LoopUnit => {
    const timeUs = Math.round((i * 1e6) / fps)
    const brightness = 90 + 5 * Math.abs((i % 24) - 12)
    return { data: flatPicture(brightness, { ...options, width, height }), ptsUs: timeUs, dtsUs: timeUs, key: true }
  })
  return { codec: 'jpeg', width, height, fps, units }
}

const segment = (marker: number, ...bytes: readonly number[]): readonly number[] => [
  0xff,
  marker,
  (bytes.length + 2) >> 8,
  (bytes.length + 2) & 255,
  ...bytes,
]

const word = (value: number): readonly [number, number] => [value >> 8, value & 255]

/** `brightness` is 0 to 255. */
const flatPicture = (
  brightness: number,
  {
    width,
    height,
    chroma = '4:2:0',
    restartEvery = 0,
    divisor = 8,
  }: JpegLoopOptions & { width: number; height: number },
): Buffer => {
  const rows = chroma === '4:2:0' ? 2 : 1
  const blocks = Math.ceil(width / 16) * Math.ceil(height / (8 * rows))
  const table = (at: number) => [at, ...Array<number>(64).fill(divisor)]
  const head = [
    0xff,
    0xd8,
    ...segment(0xdb, ...table(0), ...table(1)),
    ...segment(0xc0, 8, ...word(height), ...word(width), 3, 1, 0x20 | rows, 0, 2, 0x11, 1, 3, 0x11, 1),
    ...(restartEvery > 0 ? segment(0xdd, ...word(restartEvery)) : []),
    ...segment(0xda, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0),
  ]
  const level = Math.round(((brightness - 128) * 8) / divisor)
  const every = restartEvery > 0 ? restartEvery : blocks
  const parts: number[] = []
  for (let done = 0; done < blocks; done += every) {
    if (done > 0) parts.push(0xff, 0xd0 | ((done / every - 1) & 7))
    parts.push(...scanOf(level, 2 * rows, Math.min(every, blocks - done)))
  }
  return Buffer.from([...head, ...parts, 0xff, 0xd9])
}

/** Entropy-coded blocks with `lumas` luma blocks each, of which only the first differs from the one before it. */
const scanOf = (level: number, lumas: number, blocks: number): readonly number[] => {
  const size = level === 0 ? 0 : 32 - Math.clz32(Math.abs(level))
  const difference = level < 0 ? level + 2 ** size - 1 : level
  const first = lumaDc[size] + (size > 0 ? difference.toString(2).padStart(size, '0') : '') + lumaEnd
  const same = lumaDc[0] + lumaEnd
  const chroma = (chromaDc + chromaEnd).repeat(2)
  const bits = first + same.repeat(lumas - 1) + chroma + (same.repeat(lumas) + chroma).repeat(blocks - 1)
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1')
  // A byte of ones is followed by a zero, so that no marker is seen there.
  return (whole.match(/.{8}/g) ?? []).flatMap((byte) => (byte === '11111111' ? [255, 0] : [Number.parseInt(byte, 2)]))
}
