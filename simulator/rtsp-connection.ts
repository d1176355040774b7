import type { Socket } from 'node:net'
import type { Log } from '../src/types.ts'
import { authorize, challenges, type RtspAuth } from './auth.ts'
import type { CameraSource } from './camera.ts'
import { flood } from './flood.ts'
import type { UdpPair } from './packet-sender.ts'
import type { Quirks } from './quirks.ts'
import { createRtspReader, formatResponse, type RtspItem, type RtspRequest, type RtspResponse } from './rtsp-message.ts'
import { answer, type RtspAnswer, type RtspContext } from './rtsp-methods.ts'
import { createSession, type RtspSession } from './rtsp-session.ts'
import type { SessionLimit } from './session-limit.ts'

/** What a connection needs. The server owns all but the socket. */
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
  readonly quirks: Quirks
  /** Which connection to the server it is, from 0. */
  readonly count: number
  readonly limit: SessionLimit
  /** Takes a session that goes on sending after its connection has ended. */
  readonly orphaned: (session: RtspSession) => void
  readonly onClose: () => void
}

/** One client's TCP connection, with its sessions. It owns its socket. */
export interface RtspConnection {
  /** Closes the connection when the client was silent for longer than the session's time-out. */
  closeIfSilent(): void
  /** Notes an RTCP packet that came by UDP: it keeps a session alive, as a request does. */
  heardByUdp(address: string, port: number): void
  close(): void
}

/** The most sessions of one connection; more get 503. */
const maxSessions = 16

/** As many requests of a connection are remembered. */
const mostRequests = 32

/**
 * Serves one client until its socket closes. Every way out leads to the socket's `close` event, which ends the
 * sessions.
 */
export const serveConnection = (parts: RtspConnectionParts): RtspConnection => {
  const { socket } = parts
  const reader = createRtspReader()
  const sessions = new Map<string, RtspSession>()
  const newNonce = (): string => parts.randomBytes(16).toString('hex')
  let nonce = newNonce()
  const requests: RtspRequest[] = []
  let heardAtMs = parts.now()
  let ending: NodeJS.Timeout | undefined
  const hear = (sign: RtspRequest | null): void => {
    if (parts.quirks.session?.alive?.(sign) ?? true) heardAtMs = parts.now()
  }

  const context = contextOf(parts, sessions)

  const respond = (request: RtspRequest) => {
    const cseq = request.headers.get('cseq')
    if (cseq === undefined || !/^\d{1,10}$/.test(cseq)) {
      socket.write(formatResponse({ status: 400 }, undefined))
      return
    }
    const refused = refusalOf(parts, nonce, request)
    if (refused === null && parts.auth?.nonceLasts === 'one request') nonce = newNonce()
    const { afterwards, ...proper }: RtspAnswer = refused ?? answer(context, request)
    const past = { requests: [...requests], connection: parts.count }
    const sent = parts.quirks.answer === undefined ? proper : parts.quirks.answer(proper, request, past)
    requests.push(request)
    if (requests.length > mostRequests) requests.shift()
    if (sent !== null) socket.write(formatResponse(sent, cseq))
    if (sent?.endless !== undefined) flood(socket, sent.endless)
    if (sent === null || sent.status === proper.status) afterwards?.()
    const endsAfterMs = request.method === 'PLAY' ? parts.quirks.session?.endsAfterMs?.(parts.count) : null
    if (endsAfterMs != null) ending = setTimeout(() => socket.destroy(), endsAfterMs)
  }

  socket.on('data', (chunk) => {
    for (const item of reader.push(chunk)) {
      if (socket.destroyed) return
      if (item.type === 'request' || item.type === 'interleaved') hear(item.type === 'request' ? item.request : null)
      if (item.type === 'request') respond(item.request)
      if (item.type === 'bad') refuseMalformed(parts, item)
    }
    // A client that sends requests without reading the answers must not fill the memory.
    if (socket.writableLength > 2 * parts.maxBufferBytes + 2 ** 20) socket.destroy()
  })
  // `close` follows.
  socket.on('error', () => undefined)
  socket.on('end', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(ending)
    for (const session of sessions.values()) {
      parts.limit.free(session.id, false)
      if (parts.quirks.session?.sendsOnMs !== undefined && session.playing()) parts.orphaned(session)
      else session.pause()
    }
    sessions.clear()
    parts.onClose()
  })

  return {
    closeIfSilent: () => {
      if (parts.now() - heardAtMs > parts.sessionTimeoutMs) socket.destroy()
    },
    heardByUdp: (address, port) => {
      if (address !== socket.remoteAddress) return
      if ([...sessions.values()].some((session) => session.rtcpPort === port)) hear(null)
    },
    close: () => socket.destroy(),
  }
}

/** What requests of this client ask of its sessions. */
const contextOf = (parts: RtspConnectionParts, sessions: Map<string, RtspSession>): RtspContext => ({
  sessions,
  localAddress: parts.socket.localAddress ?? '127.0.0.1',
  sessionTimeoutMs: parts.sessionTimeoutMs,
  unnamed: parts.quirks.session?.unnamed ?? false,
  find: parts.find,
  setUp: (source, transport) => {
    if (sessions.size >= maxSessions) return 503
    const busy = new Set([...sessions.values()].flatMap((session) => session.channels ?? []))
    const session = createSession({ ...parts, source }, transport, busy)
    if (!parts.limit.take(session.id)) return 453
    sessions.set(session.id, session)
    return session
  },
  tornDown: (session) => parts.limit.free(session.id, true),
})

/** The 401 for a client that is not authorised; null when it may go on. */
const refusalOf = (
  { auth, log }: RtspConnectionParts,
  nonce: string,
  { method, uri, headers }: RtspRequest,
): RtspResponse | null => {
  // OPTIONS only shows that the server is there. Every other method tells something about a camera.
  if (auth === undefined || !(auth.asksAt?.(method) ?? method !== 'OPTIONS')) return null
  const authorization = headers.get('authorization')
  const verdict = authorize(auth, { method, uri, nonce, authorization })
  if (verdict === 'yes') return null
  if (authorization !== undefined) log.info({ method, verdict }, 'demo camera refused a client')
  return { status: 401, headers: { 'WWW-Authenticate': challenges(auth, nonce, verdict === 'stale') } }
}

/** Answers and closes, because the reader cannot find the next request. */
const refuseMalformed = (
  { socket, log }: RtspConnectionParts,
  { reason, status }: RtspItem & { readonly type: 'bad' },
): void => {
  log.debug({ reason }, 'demo camera got a malformed request')
  socket.end(formatResponse({ status, headers: { Connection: 'close' } }, undefined))
  socket.once('finish', () => socket.destroy())
}
