import type { Readable, Writable } from 'node:stream'
import { mostPhotoBytes } from './photo.ts'

/** A message between Rollcall and the process that decodes: a small header as JSON, then bytes. */
export interface Message<Header> {
  readonly header: Header
  readonly bytes: Uint8Array
}

/** Far more than a header has. */
const mostHeader = 65_536

/** Writes one message: two lengths as 32-bit numbers, the header, the bytes. */
export const send = (to: Writable, header: object, ...parts: readonly Uint8Array[]): void => {
  const json = Buffer.from(JSON.stringify(header))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32LE(json.length, 0)
  lengths.writeUInt32LE(
    parts.reduce((sum, { length }) => sum + length, 0),
    4,
  )
  to.write(lengths)
  to.write(json)
  for (const part of parts) to.write(part)
}

/**
 * Calls `onMessage` for each whole message. The sender is not trusted: `onFault` hears of lengths that cannot be, and
 * of a header that is no JSON.
 */
export const receive = <Header>(
  from: Readable,
  onMessage: (message: Message<Header>) => void,
  onFault: (what: string) => void,
): void => {
  let waiting: Buffer[] = []
  let length = 0
  let wanted = 8
  from.on('data', (chunk: Buffer) => {
    waiting.push(chunk)
    length += chunk.length
    while (length >= wanted) {
      const all = waiting.length === 1 ? (waiting[0] as Buffer) : Buffer.concat(waiting, length)
      waiting = [all]
      const [json, rest] = [all.readUInt32LE(0), all.readUInt32LE(4)]
      if (json > mostHeader || rest > mostPhotoBytes) {
        onFault(`a message of ${json} and ${rest} bytes`)
        return
      }
      wanted = 8 + json + rest
      if (length < wanted) return
      let header: Header
      try {
        header = JSON.parse(all.toString('utf8', 8, 8 + json)) as Header
      } catch {
        onFault('a header that is no JSON')
        return
      }
      const bytes = Uint8Array.prototype.slice.call(all, 8 + json, wanted)
      const left = all.subarray(wanted)
      waiting = left.length > 0 ? [left] : []
      length = left.length
      wanted = 8
      onMessage({ header, bytes })
    }
  })
}
