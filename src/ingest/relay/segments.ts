import type { ServerResponse } from 'node:http'
import { drained } from './drained.ts'

/** What a playlist says of a segment. */
interface Known {
  /** Its media sequence number (RFC 8216, 4.3.3.2). */
  readonly sequence: number
  /** It is a transport stream for all that the playlist says, and not encrypted. */
  readonly isPlain: boolean
}

/** The segments that a camera's newest playlists name, by their addresses. */
export interface Segments {
  /** Takes a media playlist; `addressOf` makes the address of a line. */
  note(text: string, addressOf: (line: string) => string | null): void
  find(location: string): Known | null
  /** Notes that a segment is delivered; gives whether it comes right after the one before. */
  isNext(segment: Known): boolean
}

/** Many times what any live playlist names. */
const MOST_SEGMENTS = 2000

/** Begins with none. */
export const createSegments = (): Segments => {
  const known = new Map<string, Known>()
  let last: number | null = null
  return {
    note: (text, addressOf) => {
      if (!text.includes('#EXTINF')) return
      const isPlain = !/#EXT-X-(MAP|BYTERANGE|KEY:(?!METHOD=NONE))/.test(text)
      let sequence = Number(/#EXT-X-MEDIA-SEQUENCE:\s*(\d+)/.exec(text)?.[1] ?? 0)
      for (const line of text.split('\n').map((each) => each.trim())) {
        if (line === '' || line.startsWith('#')) continue
        const address = addressOf(line)
        if (address !== null) {
          known.delete(address)
          known.set(address, { sequence, isPlain })
        }
        sequence++
      }
      for (const address of known.keys()) {
        if (known.size <= MOST_SEGMENTS) break
        known.delete(address)
      }
    },
    find: (location) => known.get(location) ?? null,
    isNext: ({ sequence }) => {
      const isNext = last === null || sequence === last + 1
      last = sequence
      return isNext
    },
  }
}

const PACKET_BYTES = 188
const SYNC = 0x47

/** A packet of no stream (ISO/IEC 13818-1, 2.4.3.2); its error indicator, when set, tells the addon that something was lost. */
const nullPacket = (isError: boolean): Buffer => {
  const packet = Buffer.alloc(PACKET_BYTES, 0xff)
  packet.set([SYNC, isError ? 0x9f : 0x1f, 0xff, 0x10])
  return packet
}

/** GStreamer takes ten packets in a row for a transport stream. */
const MISSING = Buffer.concat([...Array.from({ length: 10 }, () => nullPacket(false)), nullPacket(true)])
const LOSS = nullPacket(true)

/** What became of a segment. */
export type Passed = 'whole' | 'torn'

/**
 * Passes a segment on. What its transport stream lacks at the end, because the camera broke off, is made up, so that GStreamer
 * goes on with the next segment instead of ending the stream; the addon hears that something is missing. `follows` is whether
 * the segment before was the one before. Other formats are passed on as they are, and fail as they do.
 */
export const passSegment = async (
  body: AsyncIterable<Buffer>,
  response: ServerResponse,
  follows: boolean,
): Promise<Passed> => {
  let bytes = 0
  let isStream = false
  let isCut = false
  try {
    for await (const chunk of body) {
      if (response.destroyed) return 'whole'
      if (bytes === 0) {
        isStream = chunk[0] === SYNC
        if (isStream && !follows) response.write(LOSS)
      }
      bytes += chunk.length
      if (!response.write(chunk)) await drained(response)
    }
  } catch (error) {
    if (!isStream) throw error
    isCut = true
  }
  const rest = bytes % PACKET_BYTES
  const isTorn = isStream && (isCut || rest > 0)
  if (isTorn) response.write(Buffer.concat([Buffer.alloc((PACKET_BYTES - rest) % PACKET_BYTES, 0xff), LOSS]))
  response.end()
  return isTorn ? 'torn' : 'whole'
}

/** Stands in for a segment that the camera does not have. */
export const passMissing = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'video/mp2t' }).end(MISSING)
}
