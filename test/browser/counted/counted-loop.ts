import { pcmPps } from '../../../simulator/footage/pcm-h264.ts'
import type { Loop } from '../../../simulator/loop.ts'
import { withDecodingTimes } from '../../../simulator/loop.ts'
import { bitsOf, height, width } from './counter.ts'

/** How counted pictures are coded. */
export interface CountedOptions {
  readonly frames: number
  readonly fps: number
  /** Pictures from one IDR picture to the next, one more than a multiple of three. */
  readonly keyEvery: number
  /** Two B pictures between each two others, decoded after them. */
  readonly hasB: boolean
  /** The parameter set says that two pictures may be held back, as encoders write it. It defaults to saying nothing. */
  readonly saysReordering?: boolean
}

const [across, down] = [width / 16, height / 16]

/** Bits and whole bytes of a NAL unit's payload. */
const writer = () => {
  const bytes: number[] = []
  let [byte, used] = [0, 0]
  const u = (bits: number, value: number): void => {
    for (let i = bits - 1; i >= 0; i--) {
      byte = (byte << 1) | ((value >> i) & 1)
      if (++used % 8 !== 0) continue
      bytes.push(byte)
      byte = 0
    }
  }
  const ue = (value: number): void => {
    const length = 31 - Math.clz32(value + 1)
    u(length, 0)
    u(length + 1, value + 1)
  }
  const align = (): void => u((8 - (used % 8)) % 8, 0)
  return {
    bytes,
    u,
    ue,
    align,
    whole: (value: number, count: number) => void bytes.push(...Array<number>(count).fill(value)),
  }
}

const nal = (head: number, { bytes, u, align }: ReturnType<typeof writer>): Buffer => {
  u(1, 1)
  align()
  // Luma and chroma are never 0 to 3, so start codes cannot stand in them.
  return Buffer.from([0, 0, 0, 1, head, ...bytes])
}

/** VUI (ITU-T H.264, E.1.1) with a `bitstream_restriction` alone. */
const writeReordering = ({ u, ue }: ReturnType<typeof writer>): void => {
  for (const flag of [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]) u(1, flag)
  const [reordered, held] = [2, 4]
  for (const value of [0, 0, 10, 10, reordered, held]) ue(value)
}

const sps = (saysReordering: boolean): Buffer => {
  const write = writer()
  for (const byte of [77, 0, 40]) write.u(8, byte)
  for (const value of [0, 0, 0, 4, 2]) write.ue(value)
  write.u(1, 0)
  for (const value of [across - 1, down - 1]) write.ue(value)
  for (const flag of [1, 1, 0, Number(saysReordering)]) write.u(1, flag)
  if (saysReordering) writeReordering(write)
  return nal(0x67, write)
}

type Kind = 'I' | 'P' | 'B'
const sliceTypes = { I: 7, P: 5, B: 6 } as const
const pcmTypes = { I: 25, P: 30, B: 48 } as const
const heads = { I: 0x65, P: 0x61, B: 0x01 } as const

interface Place {
  readonly kind: Kind
  readonly counter: number
  readonly frameNumber: number
  /** In the order of showing, since the last IDR picture. */
  readonly shownAt: number
  readonly idr: number
}

/** A picture of uncompressed macroblocks (I_PCM), whatever its slice says that it refers to. */
const picture = ({ kind, counter, frameNumber, shownAt, idr }: Place): Buffer => {
  const write = writer()
  for (const value of [0, sliceTypes[kind], 0]) write.ue(value)
  write.u(4, frameNumber & 15)
  if (kind === 'I') write.ue(idr & 1)
  write.u(8, (2 * shownAt) & 255)
  if (kind === 'B') write.u(1, 1)
  if (kind !== 'I') write.u(1, 0)
  if (kind !== 'I') write.u(kind === 'B' ? 2 : 1, 0)
  if (kind === 'I') write.u(2, 0)
  if (kind === 'P') write.u(1, 0)
  write.ue(0)
  write.ue(1)
  const bits = bitsOf(counter)
  for (let block = 0; block < across * down; block++) {
    if (kind !== 'I') write.ue(0)
    write.ue(pcmTypes[kind])
    write.align()
    write.whole(block >= across ? 90 : bits[block] ? 235 : 16, 256)
    write.whole(128, 128)
  }
  return nal(heads[kind], write)
}

/** The kinds of a group in the order of decoding, and when each is shown. */
const group = ({ keyEvery, hasB }: CountedOptions): readonly { kind: Kind; shownAt: number }[] => {
  if (!hasB) return Array.from({ length: keyEvery }, (_, i) => ({ kind: i === 0 ? 'I' : 'P', shownAt: i }))
  const rest = Array.from({ length: (keyEvery - 1) / 3 }, (_, i) => 3 * i)
  const threes = rest.flatMap((at) => [
    { kind: 'P' as const, shownAt: at + 3 },
    { kind: 'B' as const, shownAt: at + 1 },
    { kind: 'B' as const, shownAt: at + 2 },
  ])
  return [{ kind: 'I', shownAt: 0 }, ...threes]
}

/** H.264 whose pictures show their number, with B pictures, which no encoder that Debian's GStreamer brings makes. */
export const countedLoop = (options: CountedOptions): Loop => {
  const { frames, fps, keyEvery, saysReordering = false } = options
  const pictures = group(options)
  const units = Array.from({ length: Math.floor(frames / keyEvery) }, (_, idr) => {
    let references = 0
    return pictures.map(({ kind, shownAt }) => {
      const counter = idr * keyEvery + shownAt
      const data = picture({ kind, counter, shownAt, idr, frameNumber: references })
      if (kind !== 'B') references++
      const all = kind === 'I' ? [sps(saysReordering), pcmPps(), data] : [data]
      return { data: Buffer.concat(all), ptsUs: Math.round((counter * 1e6) / fps), key: kind === 'I' }
    })
  }).flat()
  return { codec: 'h264', width, height, fps, units: withDecodingTimes(units) }
}
