import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A description with one H.264 stream. */
export const sdp = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=x',
  't=0 0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1',
  'a=control:track1',
  '',
].join('\r\n')

/** A request as a peer sees it. */
export interface Asked {
  readonly method: string
  readonly uri: string
  /** The whole text. */
  readonly text: string
  readonly cseq: string
  readonly authorization: string | undefined
}

const closing = (server: Server, sockets: ReadonlySet<Socket>): void => {
  for (const socket of sockets) socket.destroy()
  server.close()
}

/** A TCP server on loopback that does with each connection what the test says. Gives its port. */
export const peer = async (connected: (socket: Socket) => void): Promise<number> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    connected(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => closing(server, sockets))
  return (server.address() as AddressInfo).port
}

/** A peer that reads RTSP requests. What `answer` returns is sent as it is; null sends nothing. */
export const rtspPeer = (answer: (asked: Asked, socket: Socket) => string | Buffer | null): Promise<number> =>
  peer((socket) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        text = text.slice(end + 4)
        const [method = '', uri = ''] = head.split(' ')
        const cseq = /^cseq: *(\d+)/im.exec(head)?.[1] ?? ''
        const sent = answer(
          { method, uri, text: head, cseq, authorization: /^authorization: *(.*)/im.exec(head)?.[1] },
          socket,
        )
        if (sent !== null) socket.write(sent)
      }
    })
  })

/** An RTSP response. */
export const reply = ({ cseq }: Pick<Asked, 'cseq'>, status: string, headers = '', body = ''): string =>
  `RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\n${headers}${body ? `Content-Length: ${body.length}\r\n` : ''}\r\n${body}`

/** What a polite camera answers, which sends no pictures. */
export const polite = (asked: Asked): string => {
  switch (asked.method) {
    case 'DESCRIBE':
      return reply(asked, '200 OK', 'Content-Type: application/sdp\r\n', sdp)
    case 'SETUP':
      return reply(asked, '200 OK', 'Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n')
    default:
      return reply(asked, '200 OK', 'Session: 1\r\n')
  }
}
