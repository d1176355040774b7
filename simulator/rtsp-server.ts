import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { silent } from '../src/silent-log.ts'
import type { Log } from '../src/types.ts'
import type { RtspAuth } from './auth.ts'
import { type CameraSource, createCamera, type SimulatedCamera, type SimulatedCameraOptions } from './camera.ts'
import type { UdpPair } from './packet-sender.ts'
import type { Quirks } from './quirks.ts'
import { type RtspConnection, serveConnection } from './rtsp-connection.ts'
import { createRtspListener } from './rtsp-listener.ts'
import type { RtspSession } from './rtsp-session.ts'
import { createSessionLimit } from './session-limit.ts'
import { bindUdpPair } from './udp-pair.ts'

/** How the server listens, and what it allows a client. Everything has a default. */
export interface RtspServerOptions {
  /** It defaults to 127.0.0.1. */
  readonly host?: string
  /** TCP port; 0 lets the system choose. It defaults to 0. */
  readonly port?: number
  /** Who may watch. By default everybody may. */
  readonly auth?: RtspAuth
  /** A client silent for longer is dropped. It defaults to 60000. */
  readonly sessionTimeoutMs?: number
  /** The most bytes that wait for one slow client before pictures are dropped. It defaults to 524288. */
  readonly maxBufferBytes?: number
  /** More connections are refused. It defaults to 64. */
  readonly maxConnections?: number
  /** Unix milliseconds with a fraction, never jumping back. It defaults to the monotonic clock set to Unix time. */
  readonly now?: () => number
  readonly randomBytes?: (count: number) => Buffer
  /** In what it differs from a good server, and its cameras from good ones. */
  readonly quirks?: Quirks
  /** It defaults to silence. */
  readonly log?: Log
}

/**
 * An RTSP 1.0 server (RFC 2326) with simulated cameras, over TCP and UDP. Owned by whoever started it, who calls
 * `close()`.
 *
 * A camera without viewers does not run: the first client gets its loop from the first picture. Later clients get what
 * the others get, from the next key frame on, as with a real camera, so loops should have frequent key frames.
 */
export interface RtspServer {
  readonly port: number
  /** `rtsp://host:port/path`, with the login when one is given. */
  url(path: string, login?: { readonly user: string; readonly password: string }): string
  /** Adds a camera, in place of the one at the same path. Throws CAMERA_FORMAT when the loop cannot be sent. */
  addCamera(path: string, options: SimulatedCameraOptions): SimulatedCamera
  removeCamera(path: string): void
  /** The whole device is gone: connections are dropped, new ones refused. */
  stop(): Promise<void>
  /** Back on the same port. */
  start(): Promise<void>
  /** Idempotent. */
  close(): Promise<void>
}

const trimSlashes = (path: string): string => path.replace(/^\/+|\/+$/g, '')

/** Starts a server without cameras. Rejects with USAGE when the port is taken; nothing is left open then. */
export const startRtspServer = async (options: RtspServerOptions = {}): Promise<RtspServer> => {
  const { host = '127.0.0.1', port = 0, maxConnections = 64, quirks = {} } = options
  const sessionTimeoutMs = options.sessionTimeoutMs ?? quirks.session?.timeoutMs ?? 60_000
  const now = options.now ?? (() => performance.timeOrigin + performance.now())
  const cameras = new Map<string, CameraSource>()
  await using opening = new AsyncDisposableStack()
  const udp = await bindUdpPair(host)
  opening.defer(() => closeUdp(udp))
  const find = (path: string): CameraSource | null => {
    const source = cameras.get(path)
    return source === undefined || source.stopped() ? null : source
  }
  const connections = createConnections({ ...options, sessionTimeoutMs, now }, udp, find)
  const listener = createRtspListener({ host, port, maxConnections }, connections.accept)
  await listener.start()
  const stop = (): Promise<void> => listener.stop(connections.closeAll)
  const sweep = setInterval(connections.closeSilent, Math.max(50, sessionTimeoutMs / 4))
  const removeCamera = (name: string): void => {
    cameras.get(name)?.close()
    cameras.delete(name)
  }
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    clearInterval(sweep)
    await stop()
    for (const source of cameras.values()) source.close()
    await closeUdp(udp)
  }
  opening.move()

  return {
    get port() {
      return listener.port
    },
    url: (path, login) => urlOf(host, listener.port, path, login),
    addCamera: (path, camera) => {
      const name = trimSlashes(path)
      const source = createCamera(name, { quirks, ...camera }, now)
      removeCamera(name)
      cameras.set(name, source)
      return source.camera
    },
    removeCamera: (path) => removeCamera(trimSlashes(path)),
    start: async () => {
      if (closing === null) await listener.start()
    },
    stop,
    close: () => (closing ??= close()),
  }
}

/** The connections of all clients. They remove themselves when they close. */
const createConnections = (
  options: RtspServerOptions & { readonly sessionTimeoutMs: number; readonly now: () => number },
  udp: UdpPair,
  find: (path: string) => CameraSource | null,
) => {
  const open = new Set<RtspConnection>()
  const others = new Set<Socket>()
  const { sessionTimeoutMs, now, quirks = {}, maxBufferBytes = 524_288 } = options
  const auth = options.auth ?? quirks.auth
  const limit = createSessionLimit(quirks.session ?? {}, now)
  const orphans = new Set<RtspSession>()
  const orphaned = (session: RtspSession): void => void orphans.add(session)
  const shared = { udp, auth, sessionTimeoutMs, maxBufferBytes, now, find, quirks, limit, orphaned }
  let count = 0
  udp.rtcp.on('message', (_, from) => {
    for (const connection of open) connection.heardByUdp(from.address, from.port)
  })
  return {
    accept: (socket: Socket): void => {
      socket.setNoDelay(true)
      if (quirks.serve !== undefined) {
        serveOddly(socket, quirks.serve, others)
        return
      }
      for (const session of orphans) {
        session.moveTo(socket)
        orphans.delete(session)
        const over = setTimeout(() => session.pause(), quirks.session?.sendsOnMs)
        socket.once('close', () => {
          clearTimeout(over)
          session.pause()
        })
      }
      const connection = serveConnection({
        ...shared,
        socket,
        count: count++,
        randomBytes: options.randomBytes ?? randomBytes,
        log: options.log ?? silent,
        onClose: () => open.delete(connection),
      })
      open.add(connection)
    },
    closeAll: (): void => {
      for (const session of orphans) session.pause()
      orphans.clear()
      for (const socket of others) socket.destroy()
      for (const connection of open) connection.close()
    },
    closeSilent: (): void => {
      for (const connection of open) connection.closeIfSilent()
    },
  }
}

/** A connection that is not served as RTSP at all. */
const serveOddly = (socket: Socket, serve: (socket: Socket) => void, open: Set<Socket>): void => {
  open.add(socket)
  socket.on('error', () => undefined)
  socket.on('end', () => socket.destroy())
  socket.on('close', () => open.delete(socket))
  serve(socket)
}

const urlOf = (host: string, port: number, path: string, login: Parameters<RtspServer['url']>[1]): string => {
  // A client cannot connect to the address that stands for all addresses.
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const userInfo = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : ''
  const encoded = trimSlashes(path).split('/').map(encodeURIComponent).join('/')
  return `rtsp://${userInfo}${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/${encoded}`
}

const closeUdp = async ({ rtp, rtcp }: UdpPair): Promise<void> => {
  await Promise.all(
    [rtp, rtcp].map(async (socket) => {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    }),
  )
}
