import { closeSync, openSync, readSync, statSync } from 'node:fs'

type Read = (offset: number, length: number) => DataView

/**
 * How many bytes are missing at the end of a video file: 0 when it is whole, or when its format does not tell.
 * GStreamer plays a truncated file and reports a normal end. Reads MP4 (ISO 14496-12 boxes), Matroska (RFC 8794) and
 * AVI (RIFF). Throws what the file system throws.
 */
export const missingBytes = (path: string): number => {
  const { size } = statSync(path)
  const file = openSync(path, 'r')
  try {
    const read: Read = (offset, length) => {
      const bytes = new Uint8Array(length)
      return new DataView(bytes.buffer, 0, readSync(file, bytes, 0, length, offset))
    }
    return Math.max(0, announcedEnd(read, size) - size)
  } finally {
    closeSync(file)
  }
}

const announcedEnd = (read: Read, size: number): number => {
  const head = read(0, 16)
  if (head.byteLength < 16) return 0
  if (head.getUint32(0) === 0x1a45dfa3) return matroskaEnd(read)
  if (text(head, 0) === 'RIFF') return 8 + head.getUint32(4, true)
  return text(head, 4) === 'ftyp' ? boxesEnd(read, size) : 0
}

const text = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)))

/**
 * Walks the top-level boxes: a 32-bit size and a type. Size 1 means that 64 bits follow, 0 means up to the end of the
 * file.
 */
const boxesEnd = (read: Read, size: number): number => {
  let at = 0
  while (at < size) {
    const box = read(at, 16)
    if (box.byteLength < 8) return at + 8
    const short = box.getUint32(0)
    if (short === 0) return size
    const length = short === 1 && box.byteLength === 16 ? Number(box.getBigUint64(8)) : short
    if (length < 8) return 0
    at += length
  }
  return at
}

/**
 * An EBML header, then one Segment with nearly everything. A size of all ones is unknown; live recorders write that.
 */
const matroskaEnd = (read: Read): number => {
  const header = vint(read(4, 8))
  if (header === null || header.value === null) return 0
  const at = 4 + header.length + header.value
  const segment = read(at, 12)
  if (segment.byteLength < 12 || segment.getUint32(0) !== 0x18538067) return 0
  const size = vint(read(at + 4, 8))
  return size === null || size.value === null ? 0 : at + 4 + size.length + size.value
}

const vint = (view: DataView): { readonly length: number; readonly value: number | null } | null => {
  if (view.byteLength < 8) return null
  const length = Math.clz32(view.getUint8(0)) - 23
  if (length > 8) return null
  const value = view.getBigUint64(0) >> BigInt(8 * (8 - length))
  const ones = (1n << BigInt(7 * length)) - 1n
  return { length, value: (value & ones) === ones ? null : Number(value & ones) }
}
