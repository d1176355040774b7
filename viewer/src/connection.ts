import type { protocol } from '../../src/sinks/websocket/protocol.ts'
import type { CameraId } from '../../src/types.ts'
import { type Position, type SocketCallbacks, send, serveSocket } from './one-socket.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { Admission } from './session.ts'

const version: typeof protocol = 'rollcall.v1'

/** What the page does about the connection. */
export interface ConnectionCallbacks extends SocketCallbacks {
  /** Asks for a ticket. A rejection counts as `failed`. */
  readonly admission: () => Promise<Admission>
  /** The server wants a token. Nothing is tried again before `retryNow`. */
  readonly onRefused: (because: Extract<Admission, { refused: unknown }>['refused']) => void
  /** The connection is lost, or an attempt failed. The next one starts `retryInMs` from now. */
  readonly onLost: (retryInMs: number) => void
}

/** The page's connection to the server. It lives as long as the page. */
export interface Connection {
  /** Sets the cameras to get pictures of, now and after every reconnect. */
  watch(cameras: readonly CameraId[]): void
  /** Makes the next attempt at once. Without effect while connected. */
  retryNow(): void
}

/** Keeps one WebSocket to the server open, for as long as the page lives, and resumes where the last one ended. */
export const connect = (url: string, callbacks: ConnectionCallbacks): Connection => {
  const position: Position = { last: undefined }
  let socket: WebSocket | undefined
  let cameras: readonly CameraId[] = []
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Waits for a token or for the next attempt; false while one is made or open. */
  let isWaiting = false

  const retryLater = (): void => {
    const retryInMs = retryDelayMs(attempt, Math.random())
    attempt += 1
    isWaiting = true
    timer = setTimeout(() => void open(), retryInMs)
    callbacks.onLost(retryInMs)
  }
  const open = async (): Promise<void> => {
    clearTimeout(timer)
    isWaiting = false
    const admission = await callbacks.admission().catch(() => ({ failed: true }) as const)
    if ('subprotocol' in admission) serve(admission.subprotocol)
    else if ('failed' in admission) retryLater()
    else {
      isWaiting = true
      callbacks.onRefused(admission.refused)
    }
  }
  const serve = (ticket: string): void => {
    socket = new WebSocket(url, [version, ticket])
    const onHello = (): void => {
      attempt = 0
    }
    serveSocket(socket, { ...callbacks, position, watched: () => cameras, onHello, onOver: retryLater })
  }

  void open()
  return {
    watch: (wanted) => {
      if (wanted.join() === cameras.join()) return
      cameras = [...wanted]
      if (socket) send(socket, { type: 'watch', cameras: [...cameras] })
    },
    retryNow: () => {
      if (isWaiting) void open()
    },
  }
}
