/** One request of a client (RFC 2326 6). */
export interface RtspRequest {
  readonly method: string
  readonly uri: string
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array
}

/** What arrives on an RTSP connection. After `bad` the reader cannot find the next item: answer and close. */
export type RtspItem =
  | { readonly type: 'request'; readonly request: RtspRequest }
  /** The client's answer to a request of the server. */
  | { readonly type: 'answer' }
  | { readonly type: 'interleaved'; readonly channel: number; readonly data: Uint8Array }
  | {
      readonly type: 'bad'
      readonly status: 400 | 413 | 505
      readonly reason: string
      readonly cseq: string | undefined
    }

/** A longer request head is refused with 413. */
export const maxHeadBytes = 16_384
/** A longer request body is refused with 413. */
export const maxBodyBytes = 65_536

/** Divides a byte stream into requests and interleaved packets (RFC 2326 4, 6, 10.12), however the network split it. */
export const createRtspReader = (): { push(chunk: Uint8Array): readonly RtspItem[] } => {
  let pending: Buffer = Buffer.alloc(0)
  let broken = false

  const next = (): RtspItem | null => {
    let start = 0
    while (pending[start] === 0x0d || pending[start] === 0x0a) start += 1
    if (start > 0) pending = pending.subarray(start)
    if (pending.length === 0) return null
    return pending[0] === 0x24 ? nextInterleaved() : nextRequest()
  }

  const nextInterleaved = (): RtspItem | null => {
    if (pending.length < 4) return null
    const end = 4 + pending.readUInt16BE(2)
    if (pending.length < end) return null
    const item = { type: 'interleaved', channel: pending[1], data: pending.subarray(4, end) } as const
    pending = pending.subarray(end)
    return item
  }

  const nextRequest = (): RtspItem | null => {
    const headEnd = pending.indexOf('\r\n\r\n')
    if (headEnd > maxHeadBytes || (headEnd < 0 && pending.length > maxHeadBytes)) {
      return { type: 'bad', status: 413, reason: `a request head has at most ${maxHeadBytes} bytes`, cseq: undefined }
    }
    if (headEnd < 0) return null
    if (pending.toString('latin1', 0, 5) === 'RTSP/') {
      pending = pending.subarray(headEnd + 4)
      return { type: 'answer' }
    }
    const head = parseHead(pending.toString('latin1', 0, headEnd))
    if ('status' in head) return head
    const length = head.headers.get('content-length') ?? '0'
    const cseq = head.headers.get('cseq')
    if (!/^\d{1,9}$/.test(length)) return { type: 'bad', status: 400, reason: 'Content-Length is no number', cseq }
    if (Number(length) > maxBodyBytes) {
      return { type: 'bad', status: 413, reason: `a body has at most ${maxBodyBytes} bytes`, cseq }
    }
    const end = headEnd + 4 + Number(length)
    if (pending.length < end) return null
    const body = pending.subarray(headEnd + 4, end)
    pending = pending.subarray(end)
    return { type: 'request', request: { ...head, body } }
  }

  return {
    push: (chunk) => {
      if (broken) return []
      pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk])
      const items: RtspItem[] = []
      for (let item = next(); item !== null; item = next()) {
        items.push(item)
        if (item.type === 'bad') {
          broken = true
          break
        }
      }
      return items
    },
  }
}

const parseHead = (head: string): Omit<RtspRequest, 'body'> | (RtspItem & { type: 'bad' }) => {
  const [first = '', ...lines] = head.split('\r\n')
  const headers = new Map<string, string>()
  const bad = (status: 400 | 505, reason: string) =>
    ({ type: 'bad', status, reason, cseq: headers.get('cseq') }) as const
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) return bad(400, 'a header line has the form Name: value')
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value)
  }
  const [, method, uri, version] = /^([A-Z_]{1,32}) (\S+) RTSP\/(\d\.\d)$/.exec(first) ?? []
  if (method === undefined || uri === undefined) return bad(400, 'a request line has the form METHOD url RTSP/1.0')
  return version === '1.0' ? { method, uri, headers } : bad(505, 'the version is RTSP/1.0')
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  406: 'Not Acceptable',
  413: 'Request Entity Too Large',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'RTSP Version Not Supported',
  551: 'Option not supported',
}

/** What a request is answered with. CSeq, Server and Content-Length are added by `formatResponse`. */
export interface RtspResponse {
  readonly status: number
  /** A list becomes several headers of the name. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
  /** Sent as it is, in place of all else. */
  readonly raw?: string | Buffer
  /** Sent again and again after it, without end. */
  readonly endless?: string
}

/** The text of a response (RFC 2326 7), or its bytes. Without `cseq` the request had none. */
export const formatResponse = (response: RtspResponse, cseq: string | undefined): string | Buffer => {
  if (response.raw !== undefined) return response.raw
  const body = response.body ?? ''
  const fields = Object.entries({
    ...(cseq === undefined ? {} : { CSeq: cseq }),
    Server: 'Rollcall demo camera',
    ...response.headers,
    ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
  })
  const lines = fields.flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`)).join('')
  return `RTSP/1.0 ${response.status} ${reasons[response.status] ?? 'Unknown'}\r\n${lines}\r\n${body}`
}
