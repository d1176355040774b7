import { crc32 } from 'node:zlib'

/**
 * One entry of a journal on disk:
 *
 *   "RCL1" | u32 bytes of payload | u48 number | u32 CRC-32 of the length, the number and the payload | payload
 *
 * Big-endian. The number rises by at least one from record to record of a journal.
 */
export interface JournalRecord {
  readonly number: number
  readonly payload: Buffer
}

const MAGIC = Buffer.from('RCL1')
const HEADER_BYTES = 18
/** Far above any event: a larger length is damage, and is noticed before it asks for gigabytes. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024

/** Text is written as UTF-8. */
export type Payload = string | Buffer

/** Bytes that the payload takes on disk, without its header. */
export const sizeOf = (payload: Payload): number =>
  typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length

/** One buffer with a record for each payload, numbered from `first` on. */
export const encodeRecords = (payloads: readonly Payload[], first: number): Buffer => {
  const sizes = payloads.map(sizeOf)
  // Not from Node's pool: the writes that are kept for the reader would keep 64 kB each.
  const buffer = Buffer.allocUnsafeSlow(sizes.reduce((sum, size) => sum + HEADER_BYTES + size, 0))
  let at = 0
  payloads.forEach((payload, i) => {
    const size = sizes[i] as number
    const body = at + HEADER_BYTES
    MAGIC.copy(buffer, at)
    buffer.writeUInt32BE(size, at + 4)
    buffer.writeUIntBE(first + i, at + 8, 6)
    if (typeof payload === 'string') buffer.write(payload, body)
    else payload.copy(buffer, body)
    buffer.writeUInt32BE(checksum(buffer, at, body + size), at + 14)
    at = body + size
  })
  return buffer
}

const checksum = (buffer: Buffer, at: number, end: number): number =>
  crc32(buffer.subarray(at + HEADER_BYTES, end), crc32(buffer.subarray(at + 4, at + 14)))

/** The record that begins at `at`, null when none does, or the bytes that the buffer must have to decide. */
const recordAt = (buffer: Buffer, at: number): JournalRecord | number | null => {
  if (at + HEADER_BYTES > buffer.length) return at + HEADER_BYTES
  if (buffer.compare(MAGIC, 0, 4, at, at + 4) !== 0) return null
  const size = buffer.readUInt32BE(at + 4)
  if (size > MAX_PAYLOAD_BYTES) return null
  const end = at + HEADER_BYTES + size
  if (end > buffer.length) return end
  if (checksum(buffer, at, end) !== buffer.readUInt32BE(at + 14)) return null
  return { number: buffer.readUIntBE(at + 8, 6), payload: buffer.subarray(at + HEADER_BYTES, end) }
}

/** What `decodeRecords` found in a buffer. */
export interface Decoded {
  readonly records: readonly JournalRecord[]
  /** Bytes from the beginning of the buffer that are dealt with: the next call begins after them. */
  readonly consumed: number
  /** Bytes that belong to no whole record. */
  readonly damaged: number
}

/**
 * Finds the whole records of `buffer`, at most `limit`, in order. Torn or damaged bytes are skipped up to the next record
 * with the right checksum. `isWhole` says that nothing follows the buffer: a record that needs more bytes is then torn.
 */
export const decodeRecords = (buffer: Buffer, limit: number, isWhole: boolean): Decoded => {
  const records: JournalRecord[] = []
  let damaged = 0
  let at = 0
  while (at < buffer.length && records.length < limit) {
    const found = recordAt(buffer, at)
    if (typeof found === 'number' && !isWhole) break
    if (found !== null && typeof found !== 'number') {
      records.push(found)
      at += HEADER_BYTES + found.payload.length
      continue
    }
    const next = buffer.indexOf(MAGIC, at + 1)
    const to = next >= 0 ? next : isWhole ? buffer.length : Math.max(at + 1, buffer.length - MAGIC.length + 1)
    damaged += to - at
    at = to
  }
  return { records, consumed: at, damaged }
}
