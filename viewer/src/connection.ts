import type { ClientMessage, Hello, protocol, ServerMessage } from '../../src/sinks/websocket-protocol.ts'
import type { CameraId, RollcallEvent } from '../../src/types.ts'
import { decodePicture, type PictureMessage } from './picture.ts'
import { retryDelayMs } from './retry-delay.ts'

const subprotocol: typeof protocol = 'rollcall.v1'

export interface ConnectionCallbacks {
  readonly onHello: (hello: Hello) => void
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

/** Keeps one WebSocket to the server open, for as long as the page lives. */
export const connect = (url: string, callbacks: ConnectionCallbacks): Connection => {
  let socket: WebSocket | undefined
  let cameras: readonly CameraId[] = []
  let attempt = 0
  let timer: number | undefined

  const send = (to: WebSocket, message: ClientMessage): void => {
    if (to.readyState === WebSocket.OPEN) to.send(JSON.stringify(message))
  }

  const open = (): void => {
    clearTimeout(timer)
    timer = undefined
    const own = new WebSocket(url, subprotocol)
    let pictures = 0
    socket = own
    own.binaryType = 'arraybuffer'
    own.addEventListener('open', () => {
      // Boxes come with the pictures; frame events would be the same again.
      send(own, { type: 'subscribe', topics: ['sightings', 'people', 'cameras'] })
    })
    own.addEventListener('message', async ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data !== 'string') {
        pictures += 1
        const n = pictures
        await callbacks.onPicture(decodePicture(data))
        send(own, { type: 'ack', n })
        return
      }
      const message: ServerMessage = JSON.parse(data)
      if ('specversion' in message) callbacks.onEvent(message)
      else if (message.type === 'error') console.error(`the server refused a message: ${message.message}`)
      else {
        attempt = 0
        callbacks.onHello(message)
        send(own, { type: 'watch', cameras: [...cameras] })
      }
    })
    own.addEventListener('close', () => {
      const retryInMs = retryDelayMs(attempt, Math.random())
      attempt += 1
      timer = window.setTimeout(open, retryInMs)
      callbacks.onLost(retryInMs)
    })
  }

  open()
  return {
    watch: (wanted) => {
      if (wanted.join() === cameras.join()) return
      cameras = [...wanted]
      if (socket) send(socket, { type: 'watch', cameras: [...cameras] })
    },
    retryNow: () => {
      if (timer !== undefined) open()
    },
  }
}
