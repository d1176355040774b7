import type {
  ClientMessage,
  protocol,
  Resumed,
  ServerMessage,
  SnapshotMessage,
} from '../../src/sinks/websocket/protocol.ts'
import type { CameraId, RollcallEvent } from '../../src/types.ts'
import { createAcknowledger } from './acknowledge.ts'
import { decodePicture, type PictureMessage } from './picture.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { Admission } from './session.ts'

const version: typeof protocol = 'rollcall.v1'
/** Boxes come with the pictures; frame events would be the same again. */
const topics: ('sightings' | 'people' | 'cameras')[] = ['sightings', 'people', 'cameras']

export interface ConnectionCallbacks {
  /** Asks for a ticket. One that rejects counts as one that failed. */
  readonly admission: () => Promise<Admission>
  /** The server wants a token; nothing is tried again before `retryNow`. */
  readonly onRefused: (because: Extract<Admission, { refused: unknown }>['refused']) => void
  /** The newest state, in place of everything before. */
  readonly onSnapshot: (message: SnapshotMessage) => void
  /** Connected again; what happened meanwhile follows as events. */
  readonly onResumed: (message: Resumed) => void
  readonly onEvent: (event: RollcallEvent) => void
  /** Resolves when it has been shown, or could not be: only then does the server send more of this camera. */
  readonly onPicture: (picture: PictureMessage) => Promise<void>
  /** Called when the connection is lost or an attempt failed; `retryInMs` from now the next one starts. */
  readonly onLost: (retryInMs: number) => void
}

export interface Connection {
  /** The cameras to get pictures of, now and after every reconnect. */
  watch(cameras: readonly CameraId[]): void
  /** Does not wait for the next attempt. */
  retryNow(): void
}

/** Keeps one WebSocket to the server open, for as long as the page lives, and resumes where the last one ended. */
export const connect = (url: string, callbacks: ConnectionCallbacks): Connection => {
  let socket: WebSocket | undefined
  let cameras: readonly CameraId[] = []
  let last: { epoch: string; seq: number } | undefined
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Waits for a token or for the next attempt; false while one is made or open. */
  let isWaiting = false

  const send = (to: WebSocket, message: ClientMessage): void => {
    if (to.readyState === WebSocket.OPEN) to.send(JSON.stringify(message))
  }

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
    if ('subprotocol' in admission) serve(new WebSocket(url, [version, admission.subprotocol]))
    else if ('failed' in admission) retryLater()
    else {
      isWaiting = true
      callbacks.onRefused(admission.refused)
    }
  }

  const serve = (own: WebSocket): void => {
    let acknowledger: ReturnType<typeof createAcknowledger> | undefined
    let pictures = 0
    let silence: ReturnType<typeof setTimeout> | undefined
    let silenceMs = 30_000
    let isOver = false
    socket = own
    own.binaryType = 'arraybuffer'

    const over = (): void => {
      if (isOver) return
      isOver = true
      clearTimeout(silence)
      acknowledger?.close()
      own.close()
      retryLater()
    }
    const heard = (): void => {
      clearTimeout(silence)
      silence = setTimeout(over, silenceMs)
    }

    const receive = (message: ServerMessage): void => {
      switch (message.type) {
        case 'hello':
          silenceMs = 2 * message.heartbeatMs + 1000
          acknowledger = createAcknowledger((seq) => send(own, { type: 'ack', seq }), message.maxAgeMs)
          attempt = 0
          send(own, { type: 'subscribe', topics, ...(last && { after: last }) })
          send(own, { type: 'watch', cameras: [...cameras] })
          break
        case 'snapshot':
          last = { epoch: message.epoch, seq: message.seq }
          callbacks.onSnapshot(message)
          break
        case 'resumed':
          callbacks.onResumed(message)
          break
        case 'event':
          if (last) last.seq = message.seq
          callbacks.onEvent(message.event)
          acknowledger?.add(message.seq)
          break
        case 'heartbeat':
          if (last) last.seq = Math.max(last.seq, message.seq)
          break
        case 'error':
          console.error(`the server refused a message: ${message.message}`)
      }
    }

    own.addEventListener('message', async ({ data }: { readonly data: ArrayBuffer | string }) => {
      if (isOver) return
      heard()
      if (typeof data === 'string') {
        receive(JSON.parse(data) as ServerMessage)
        return
      }
      pictures += 1
      const n = pictures
      await callbacks.onPicture(decodePicture(data))
      send(own, { type: 'ack', n })
    })
    own.addEventListener('close', over)
    heard()
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
