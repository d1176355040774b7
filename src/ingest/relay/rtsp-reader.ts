/** One request or response (RFC 2326 4). */
export interface RtspMessage {
  /** `METHOD uri RTSP/1.0` or `RTSP/1.0 status reason`. */
  readonly first: string
  /** In the order and spelling in which they came. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** What came on an RTSP connection. `packets` are whole interleaved packets, with their `$` heads (RFC 2326 10.12). */
export type RtspItem =
  | { readonly type: 'message'; readonly message: RtspMessage }
  | { readonly type: 'packets'; readonly bytes: Buffer }
  | { readonly type: 'bad'; readonly problem: RtspProblem }

/** Why nothing more can be read: the head or body is too long, or it is no RTSP; `begins` are its first bytes. */
export type RtspProblem =
  | { readonly what: 'head'; readonly limit: number }
  | { readonly what: 'body'; readonly limit: number }
  | { readonly what: 'protocol'; readonly begins: string }

/** Cameras send a few hundred bytes. */
export const MAX_HEAD_BYTES = 16_384
/** The description of a stream is a few kilobytes. */
const MAX_BODY_BYTES = 262_144

const packet = '$'.charCodeAt(0)
const endOfHead = '\r\n\r\n'

/** Divides a byte stream into messages and packets, however the network split it. Holds at most one head and body. */
export const createRtspReader = (): { push(chunk: Buffer): readonly RtspItem[] } => {
  let pending: Buffer = Buffer.alloc(0)
  let isOver = false

  const next = (): RtspItem | null => {
    pending = pending.subarray(blanks(pending))
    if (pending.length === 0) return null
    return pending[0] === packet ? nextPackets() : nextMessage()
  }

  const nextPackets = (): RtspItem | null => {
    let end = 0
    while (pending.length - end >= 4 && pending[end] === packet) {
      const following = end + 4 + pending.readUInt16BE(end + 2)
      if (following > pending.length) break
      end = following
    }
    if (end === 0) return null
    const bytes = pending.subarray(0, end)
    pending = pending.subarray(end)
    return { type: 'packets', bytes }
  }

  const nextMessage = (): RtspItem | null => {
    const begins = pending.toString('latin1', 0, 64)
    if (!mayBeRtsp(begins)) return { type: 'bad', problem: { what: 'protocol', begins } }
    const head = pending.indexOf(endOfHead)
    if (head > MAX_HEAD_BYTES || (head < 0 && pending.length > MAX_HEAD_BYTES)) {
      return { type: 'bad', problem: { what: 'head', limit: MAX_HEAD_BYTES } }
    }
    if (head < 0) return null
    const [first = '', ...lines] = pending.toString('latin1', 0, head).split('\r\n')
    const headers = lines.flatMap(headerOf)
    const length = Number(headerValue(headers, 'content-length') ?? 0)
    if (!(length >= 0 && length <= MAX_BODY_BYTES))
      return { type: 'bad', problem: { what: 'body', limit: MAX_BODY_BYTES } }
    const start = head + endOfHead.length
    if (pending.length < start + length) return null
    const body = pending.subarray(start, start + length)
    pending = pending.subarray(start + length)
    return { type: 'message', message: { first, headers, body } }
  }

  return {
    push: (chunk) => {
      if (isOver) return []
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const items: RtspItem[] = []
      for (let item = next(); item !== null; item = next()) {
        items.push(item)
        if (item.type === 'bad') {
          isOver = true
          pending = Buffer.alloc(0)
          break
        }
      }
      return items
    },
  }
}

/** Some cameras send empty lines or zeros between messages. */
const blanks = (bytes: Buffer): number => {
  let count = 0
  while (bytes[count] === 0x0d || bytes[count] === 0x0a || bytes[count] === 0) count++
  return count
}

/** Judged as soon as 16 bytes have come, or a line. */
const mayBeRtsp = (begins: string): boolean => {
  const line = begins.split('\r\n', 1)[0]
  if (/^RTSP\/\d/.test(line)) return true
  const enough = begins.length >= 16 || begins.includes('\n')
  if (!enough) return 'RTSP/1.0'.startsWith(line.slice(0, 8)) || /^[A-Z_]+( |$)/.test(line)
  return /^[A-Z_]{3,32} \S/.test(line) && !/ HTTP\/\d/.test(line)
}

const headerOf = (line: string): readonly (readonly [string, string])[] => {
  const colon = line.indexOf(':')
  return colon <= 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]]
}

/** The values of a header, joined by commas; `name` is in lower case. */
export const headerValue = (headers: RtspMessage['headers'], name: string): string | undefined => {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/** The bytes of a message; Content-Length is that of its body. */
export const formatMessage = ({ first, headers, body }: RtspMessage): Buffer => {
  const sized = headers.filter(([name]) => name.toLowerCase() !== 'content-length')
  const all = body.length === 0 ? sized : [...sized, ['Content-Length', String(body.length)] as const]
  const head = [first, ...all.map(([name, value]) => `${name}: ${value}`)].join('\r\n')
  return Buffer.concat([Buffer.from(`${head}${endOfHead}`, 'latin1'), body])
}
