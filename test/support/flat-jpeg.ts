/** What a grey JPEG is made of. */
export interface FlatJpeg {
  readonly width: number
  readonly height: number
  /** Horizontal and vertical sampling of each component: `[[2, 2], [1, 1], [1, 1]]` is 4:2:0. */
  readonly sampling: readonly (readonly [number, number])[]
  /** Bits of a sample: 8, or 12. It defaults to 8. */
  readonly precision?: 8 | 12
  /** Whether only the header is made, for sizes that nobody wants to write. */
  readonly headerOnly?: boolean
}

const segment = (marker: number, bytes: readonly number[]): number[] => [
  0xff,
  marker,
  (bytes.length + 2) >> 8,
  (bytes.length + 2) & 255,
  ...bytes,
]

const word = (value: number) => [value >> 8, value & 255]
/** One code of one bit, for the one symbol 0: no difference (DC), end of block (AC). */
const huffman = (table: number) => segment(0xc4, [table, 1, ...Array(15).fill(0), 0])

/**
 * A JPEG (ITU-T T.81) in any sampling, whose every sample is the middle of its range: each block is the two bits 00.
 */
export const flatJpeg = ({ width, height, sampling, precision = 8, headerOnly = false }: FlatJpeg): Buffer => {
  const [across, down] = [Math.max(...sampling.map(([h]) => h)), Math.max(...sampling.map(([, v]) => v))]
  const single = sampling.length === 1
  const units = Math.ceil(width / (single ? 8 : 8 * across)) * Math.ceil(height / (single ? 8 : 8 * down))
  const blocks = single ? 1 : sampling.reduce((sum, [h, v]) => sum + h * v, 0)
  const header = [
    0xff,
    0xd8,
    ...segment(0xdb, [0, ...Array(64).fill(1)]),
    ...segment(precision === 8 ? 0xc0 : 0xc1, [
      precision,
      ...word(height),
      ...word(width),
      sampling.length,
      ...sampling.flatMap(([h, v], i) => [i + 1, (h << 4) | v, 0]),
    ]),
    ...huffman(0x00),
    ...huffman(0x10),
    ...segment(0xda, [sampling.length, ...sampling.flatMap((_, i) => [i + 1, 0]), 0, 63, 0]),
  ]
  const data = headerOnly ? Buffer.alloc(64) : Buffer.alloc(Math.ceil((units * blocks * 2) / 8))
  return Buffer.concat([Buffer.from(header), data, Buffer.from([0xff, 0xd9])])
}
