import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { RollcallError } from '../errors.ts'
import type { Log } from '../types.ts'
import type { RtspAuth } from './auth.ts'
import { type CameraSource, createCamera, type SimulatedCamera, type SimulatedCameraOptions } from './camera.ts'
import { type RtspConnection, serveConnection } from './rtsp-connection.ts'
import { bindUdpPair } from './udp-pair.ts'

export interface RtspServerOptions {
  /** It defaults to 127.0.0.1. */
  readonly host?: string
  /** TCP port; 0 lets the system choose. It defaults to 0. */
  readonly port?: number
  /** Who may watch. By default everybody may. */
  readonly auth?: RtspAuth
  /** A client silent for longer is dropped. It defaults to 60000. */
  readonly sessionTimeoutMs?: number
  /** What may wait for one slow client in this process before pictures are dropped. It defaults to 524288. */
  readonly maxBufferBytes?: number
  /** It defaults to 64; more are refused. */
  readonly maxConnections?: number
  /** Unix milliseconds with a fraction, never jumping back. It defaults to the monotonic clock set to Unix time. */
  readonly now?: () => number
  readonly randomBytes?: (count: number) => Buffer
  /** It defaults to silence. */
  readonly log?: Log
}

/**
 * An RTSP 1.0 server (RFC 2326) with simulated cameras, over TCP and UDP.
 *
 * A camera sleeps while nobody watches: the first client gets its loop from the first picture. One that comes later
 * gets what the others get, from the next key frame on, as with a real camera; make loops with frequent key frames for
 * that.
 */
export interface RtspServer {
  readonly port: number
  /** `rtsp://host:port/path`, with the credentials inside when asked for. */
  url(path: string, login?: { readonly user: string; readonly password: string }): string
  /** Replaces the one at the same path. Throws CAMERA_FORMAT when the loop cannot be sent. */
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

const silence: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export const startRtspServer = async (options: RtspServerOptions = {}): Promise<RtspServer> => {
  const host = options.host ?? '127.0.0.1'
  const now = options.now ?? (() => performance.timeOrigin + performance.now())
  const sessionTimeoutMs = options.sessionTimeoutMs ?? 60_000
  /** Every address is no address that a client can ask for. */
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const cameras = new Map<string, CameraSource>()
  const connections = new Set<RtspConnection>()
  const udp = await bindUdpPair(host)
  let port = options.port ?? 0
  let server: Server | null = null
  let closing: Promise<void> | null = null

  udp.rtcp.on('message', (_, from) => {
    for (const connection of connections) connection.heardByUdp(from.address, from.port)
  })

  const accept = (socket: Socket) => {
    socket.setNoDelay(true)
    const connection = serveConnection({
      socket,
      udp,
      auth: options.auth,
      sessionTimeoutMs,
      maxBufferBytes: options.maxBufferBytes ?? 524_288,
      now,
      randomBytes: options.randomBytes ?? randomBytes,
      log: options.log ?? silence,
      find: (path) => {
        const source = cameras.get(path)
        return source === undefined || source.stopped() ? null : source
      },
      onClose: () => connections.delete(connection),
    })
    connections.add(connection)
  }

  const start = async () => {
    if (server !== null || closing !== null) return
    const listening = createServer({ allowHalfOpen: true }, accept)
    listening.maxConnections = options.maxConnections ?? 64
    listening.listen(port, host)
    await once(listening, 'listening').catch((cause: unknown) => {
      throw new RollcallError('USAGE', `an RTSP server was expected to be able to listen on ${host}:${port}`, {
        remedy: 'Choose another port, or 0 for any free one.',
        cause,
      })
    })
    server = listening
    const address = listening.address()
    if (address !== null && typeof address === 'object') port = address.port
  }

  const stop = async () => {
    const stopping = server
    server = null
    if (stopping === null) return
    const closed = once(stopping, 'close')
    stopping.close()
    for (const connection of connections) connection.close()
    await closed
  }

  try {
    await start()
  } catch (error) {
    udp.rtp.close()
    udp.rtcp.close()
    throw error
  }
  const sweep = setInterval(
    () => {
      for (const connection of connections) connection.closeIfSilent()
    },
    Math.max(50, sessionTimeoutMs / 4),
  )

  return {
    get port() {
      return port
    },
    url: (path, login) => {
      const userInfo = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : ''
      return `rtsp://${userInfo}${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/${trimSlashes(path).split('/').map(encodeURIComponent).join('/')}`
    },
    addCamera: (path, camera) => {
      const name = trimSlashes(path)
      const source = createCamera(name, camera, now)
      cameras.get(name)?.close()
      cameras.set(name, source)
      return source.camera
    },
    removeCamera: (path) => {
      const name = trimSlashes(path)
      cameras.get(name)?.close()
      cameras.delete(name)
    },
    start,
    stop,
    close: () => {
      closing ??= (async () => {
        clearInterval(sweep)
        await stop()
        for (const source of cameras.values()) source.close()
        await Promise.all(
          [udp.rtp, udp.rtcp].map(async (socket) => {
            const closed = once(socket, 'close')
            socket.close()
            await closed
          }),
        )
      })()
      return closing
    },
  }
}
