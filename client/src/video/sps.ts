import { nalsOf, withoutPrevention, withPrevention } from './annex-b.ts'
import { createBitReader, createBitWriter } from './bits.ts'

type Reader = ReturnType<typeof createBitReader>

/** Profiles whose SPS says how chroma is kept (ITU-T H.264, 7.3.2.1.1). */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

const skipScalingList = (read: Reader, size: number): void => {
  let [last, next] = [8, 8]
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + read.se() + 256) % 256
    last = next === 0 ? last : next
  }
}

const skipChroma = (read: Reader): void => {
  const format = read.ue()
  if (format === 3) read.bit()
  read.ue()
  read.ue()
  read.bit()
  if (read.bit() === 0) return
  for (let i = 0; i < (format === 3 ? 12 : 8); i++) if (read.bit() === 1) skipScalingList(read, i < 6 ? 16 : 64)
}

const skipPictureOrder = (read: Reader): void => {
  const type = read.ue()
  if (type === 0) read.ue()
  if (type !== 1) return
  read.bit()
  read.se()
  read.se()
  for (let left = read.ue(); left > 0; left--) read.se()
}

/** Up to `vui_parameters_present_flag`. Returns how many reference frames there are. */
const skipToVui = (read: Reader): number => {
  read.bits(8)
  const profile = read.bits(8)
  read.bits(16)
  read.ue()
  if (highProfiles.has(profile)) skipChroma(read)
  read.ue()
  skipPictureOrder(read)
  const references = read.ue()
  read.bit()
  read.ue()
  read.ue()
  if (read.bit() === 0) read.bit()
  read.bit()
  if (read.bit() === 1) for (let i = 0; i < 4; i++) read.ue()
  return references
}

const skipHrd = (read: Reader): void => {
  const count = read.ue() + 1
  read.bits(8)
  for (let i = 0; i < count; i++) {
    read.ue()
    read.ue()
    read.bit()
  }
  read.bits(20)
}

/** From behind `vui_parameters_present_flag` up to `bitstream_restriction_flag` (annex E.1.1). */
const skipVui = (read: Reader): void => {
  if (read.bit() === 1 && read.bits(8) === 255) read.bits(32)
  if (read.bit() === 1) read.bit()
  if (read.bit() === 1) {
    read.bits(4)
    if (read.bit() === 1) read.bits(24)
  }
  if (read.bit() === 1) {
    read.ue()
    read.ue()
  }
  if (read.bit() === 1) read.bits(65)
  const hrds = [read.bit()]
  if (hrds[0] === 1) skipHrd(read)
  hrds.push(read.bit())
  if (hrds[1] === 1) skipHrd(read)
  if (hrds.includes(1)) read.bit()
  read.bit()
}

/** An SPS, with its head, that says that no picture is shown later than it is decoded. Throws RangeError on a broken one. */
const restricted = (sps: Uint8Array): Uint8Array<ArrayBuffer> => {
  const raw = withoutPrevention(sps)
  const read = createBitReader(raw)
  const write = createBitWriter()
  const references = skipToVui(read)
  const copy = createBitReader(raw)
  const copyTo = (end: number): void => {
    while (copy.at() < end) write.bits(copy.bit(), 1)
  }
  copyTo(read.at())
  if (read.bit() === 1) {
    skipVui(read)
    copyTo(read.at())
  } else {
    write.bits(1, 1)
    // No aspect, overscan, signal type, chroma place, timing, HRDs (two), picture structure.
    write.bits(0, 8)
  }
  write.bits(1, 1)
  // Motion vectors over the picture's edges; the usual bounds of bytes, bits and motion vectors.
  write.bits(1, 1)
  for (const value of [2, 1, 16, 16]) write.ue(value)
  write.ue(0)
  write.ue(Math.max(1, references))
  return withPrevention(write.bytes())
}

/**
 * An H.264 access unit whose SPS says that no picture is shown later than it is decoded (`max_num_reorder_frames` 0). Without
 * that a decoder holds about eight pictures back. For streams without B-frames only. The unit itself when it has no SPS, or a
 * broken one.
 */
export const withoutReordering = (data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
  const nals = nalsOf(data)
  if (!nals.some(({ from }) => ((data[from] ?? 0) & 0x1f) === 7)) return data
  try {
    const parts = nals.flatMap(({ from, to }) => {
      const nal = data.subarray(from, to)
      return [Uint8Array.of(0, 0, 0, 1), ((nal[0] ?? 0) & 0x1f) === 7 ? restricted(nal) : nal]
    })
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  } catch {
    return data
  }
}

/** Whether an H.264 key unit itself says that pictures are shown in the order of decoding (`pic_order_cnt_type` 2, or no B slices in the profile). */
export const isInOrder = (data: Uint8Array): boolean => {
  const nal = nalsOf(data).find(({ from }) => ((data[from] ?? 0) & 0x1f) === 7)
  if (nal === undefined) return false
  const raw = withoutPrevention(data.subarray(nal.from, nal.to))
  if (raw[1] === 66) return true
  try {
    const read = createBitReader(raw)
    read.bits(32)
    read.ue()
    if (highProfiles.has(raw[1] ?? 0)) skipChroma(read)
    read.ue()
    return read.ue() === 2
  } catch {
    return false
  }
}
