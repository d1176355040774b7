import { once } from 'node:events'
import { connect } from 'node:net'
import { until } from './until.ts'

export interface Response {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export interface RtpPacket {
  readonly marker: boolean
  readonly sequence: number
  readonly timestamp: number
  readonly ssrc: number
  readonly payload: Buffer
}

export interface Report {
  readonly ssrc: number
  readonly unixMs: number
  readonly rtpTimestamp: number
  readonly packets: number
  readonly octets: number
}

/** As little of a client as shows what is on the wire; it shares no code with the server. */
export const connectRtsp = async (port: number) => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const responses: Response[] = []
  const rtp: RtpPacket[] = []
  const reports: Report[] = []
  let pending: Buffer = Buffer.alloc(0)
  let closed = false
  let cseq = 0
  socket.on('close', () => {
    closed = true
  })
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk])
    for (;;) {
      const bytes = pending[0] === 0x24 ? readInterleaved(pending, rtp, reports) : readResponse(pending, responses)
      if (bytes === 0) return
      pending = pending.subarray(bytes)
    }
  })

  const request = async (method: string, url: string, headers: Record<string, string> = {}): Promise<Response> => {
    cseq += 1
    const lines = Object.entries({ CSeq: String(cseq), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
    const before = responses.length
    socket.write(`${method} ${url} RTSP/1.0\r\n${lines.join('')}\r\n`)
    await until(`an answer to ${method}`, () => closed || responses.length > before)
    if (responses.length === before) throw new Error('the server closed the connection')
    return responses[before]
  }

  return {
    socket,
    request,
    responses,
    rtp,
    reports,
    closed: () => closed,
    close: () => socket.destroy(),
    /** DESCRIBE, SETUP, PLAY; returns the session's id and the answers. */
    play: async (url: string, transport = 'RTP/AVP/TCP;unicast;interleaved=0-1') => {
      const description = await request('DESCRIBE', url)
      const setup = await request('SETUP', `${url}/trackID=0`, { Transport: transport })
      const session = (setup.headers.get('session') ?? '').split(';')[0]
      const played = await request('PLAY', url, { Session: session })
      return { session, description, setup, played }
    },
  }
}

const readResponse = (bytes: Buffer, responses: Response[]): number => {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return 0
  const [first, ...lines] = bytes.toString('utf8', 0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const length = Number(headers.get('content-length') ?? 0)
  if (bytes.length < end + 4 + length) return 0
  const body = bytes.toString('utf8', end + 4, end + 4 + length)
  responses.push({ status: Number(first.split(' ')[1]), headers, body })
  return end + 4 + length
}

const readInterleaved = (bytes: Buffer, rtp: RtpPacket[], reports: Report[]): number => {
  if (bytes.length < 4 || bytes.length < 4 + bytes.readUInt16BE(2)) return 0
  const packet = bytes.subarray(4, 4 + bytes.readUInt16BE(2))
  if ((bytes[1] & 1) === 0) rtp.push(readRtp(packet))
  else reports.push(readReport(packet))
  return 4 + packet.length
}

export const readRtp = (packet: Buffer): RtpPacket => ({
  marker: (packet[1] & 0x80) !== 0,
  sequence: packet.readUInt16BE(2),
  timestamp: packet.readUInt32BE(4),
  ssrc: packet.readUInt32BE(8),
  payload: Buffer.from(packet.subarray(12)),
})

export const readReport = (packet: Buffer): Report => ({
  ssrc: packet.readUInt32BE(4),
  unixMs: (packet.readUInt32BE(8) - 2_208_988_800 + packet.readUInt32BE(12) / 2 ** 32) * 1000,
  rtpTimestamp: packet.readUInt32BE(16),
  packets: packet.readUInt32BE(20),
  octets: packet.readUInt32BE(24),
})
