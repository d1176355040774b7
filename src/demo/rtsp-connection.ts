import type { Socket } from 'node:net'
import type { Log } from '../types.ts'
import { authorize, challenge, type RtspAuth } from './auth.ts'
import type { CameraSource } from './camera.ts'
import type { UdpPair } from './packet-sender.ts'
import { createRtspReader, formatResponse, type RtspRequest, type RtspResponse } from './rtsp-message.ts'
import { answer, type RtspContext } from './rtsp-methods.ts'
import { createSession, type RtspSession } from './rtsp-session.ts'

export interface RtspConnectionParts {
  readonly socket: Socket
  readonly udp: UdpPair
  readonly auth: RtspAuth | undefined
  readonly sessionTimeoutMs: number
  readonly maxBufferBytes: number
  readonly now: () => number
  readonly randomBytes: (count: number) => Buffer
  readonly log: Log
  readonly find: (path: string) => CameraSource | null
  readonly onClose: () => void
}

export interface RtspConnection {
  /** A client that says nothing for the session's time-out is gone. */
  closeIfSilent(): void
  /** RTCP by UDP keeps a session alive as a request does. */
  heardByUdp(address: string, port: number): void
  close(): void
}

const maxSessions = 16

/** Owns one client's socket and sessions; every way out goes through the socket's `close` event. */
export const serveConnection = (parts: RtspConnectionParts): RtspConnection => {
  const { socket, log } = parts
  const reader = createRtspReader()
  const sessions = new Map<string, RtspSession>()
  const nonce = parts.randomBytes(16).toString('hex')
  let heardAtMs = parts.now()

  const context: RtspContext = {
    sessions,
    localAddress: socket.localAddress ?? '127.0.0.1',
    sessionTimeoutMs: parts.sessionTimeoutMs,
    find: parts.find,
    setUp: (source, transport) => {
      if (sessions.size >= maxSessions) return null
      const busy = new Set([...sessions.values()].flatMap((session) => session.channels ?? []))
      const session = createSession({ ...parts, source }, transport, busy)
      sessions.set(session.id, session)
      return session
    },
  }

  const refuse = (request: RtspRequest): RtspResponse | null => {
    // OPTIONS is a ping; everything else tells about a camera.
    if (parts.auth === undefined || request.method === 'OPTIONS') return null
    const authorization = request.headers.get('authorization')
    const verdict = authorize(parts.auth, { method: request.method, uri: request.uri, nonce, authorization })
    if (verdict === 'yes') return null
    if (authorization !== undefined) log.info({ method: request.method, verdict }, 'demo camera refused a client')
    return { status: 401, headers: { 'WWW-Authenticate': challenge(parts.auth, nonce, verdict === 'stale') } }
  }

  const respond = (request: RtspRequest) => {
    const cseq = request.headers.get('cseq')
    if (cseq === undefined || !/^\d{1,10}$/.test(cseq)) {
      socket.write(formatResponse({ status: 400 }, undefined))
      return
    }
    const refused = refuse(request)
    if (refused !== null) {
      socket.write(formatResponse(refused, cseq))
      return
    }
    const { afterwards, ...response } = answer(context, request)
    socket.write(formatResponse(response, cseq))
    afterwards?.()
  }

  socket.on('data', (chunk) => {
    heardAtMs = parts.now()
    for (const item of reader.push(chunk)) {
      if (socket.destroyed) return
      if (item.type === 'request') respond(item.request)
      if (item.type === 'bad') {
        log.debug({ reason: item.reason }, 'demo camera got a malformed request')
        socket.end(formatResponse({ status: item.status, headers: { Connection: 'close' } }, undefined))
        socket.once('finish', () => socket.destroy())
      }
    }
    // Whoever asks and asks without reading the answers must not fill the memory.
    if (socket.writableLength > 2 * parts.maxBufferBytes + 2 ** 20) socket.destroy()
  })
  // Nothing to do: `close` follows.
  socket.on('error', () => undefined)
  socket.on('end', () => socket.destroy())
  socket.on('close', () => {
    for (const session of sessions.values()) session.pause()
    sessions.clear()
    parts.onClose()
  })

  return {
    closeIfSilent: () => {
      if (parts.now() - heardAtMs > parts.sessionTimeoutMs) socket.destroy()
    },
    heardByUdp: (address, port) => {
      if (address !== socket.remoteAddress) return
      if ([...sessions.values()].some((session) => session.rtcpPort === port)) heardAtMs = parts.now()
    },
    close: () => socket.destroy(),
  }
}
