/**
 * A frame counter that pictures show themselves, and boxes that say it, too: what is drawn over a picture and the picture can
 * be compared by their pixels alone. A picture has 12 columns of blocks; the first row shows ten bits, their parity and the
 * opposite of it.
 */
export const columns = 12
const counterBits = 10
export const width = columns * 16
export const height = 48
/** Counters begin anew after this one. */
export const most = 1 << counterBits

/** Whether each block of the first row is white. */
export const bitsOf = (counter: number): boolean[] => {
  const bits = Array.from({ length: counterBits }, (_, i) => ((counter >> i) & 1) === 1)
  const parity = bits.filter(Boolean).length % 2 === 1
  return [...bits, parity, !parity]
}

/** The counter of the blocks; null where the parity says that they are none. */
export const counterOf = (blocks: readonly boolean[]): number | null => {
  const counter = blocks.slice(0, counterBits).reduce((sum, bit, i) => sum + (bit ? 1 << i : 0), 0)
  return bitsOf(counter).every((bit, i) => bit === blocks[i]) ? counter : null
}

/** Where the boxes of a counter begin, as fractions of the width: its last five bits, and its first five. */
export const placesOf = (counter: number): readonly [low: number, high: number] => [
  0.03 + 0.029 * (counter & 31),
  0.03 + 0.029 * (counter >> 5),
]
