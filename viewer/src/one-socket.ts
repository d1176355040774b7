import type { RollcallEvent } from '../../src/events/types.ts'
import type { ClientMessage, Resumed, ServerMessage, SnapshotMessage } from '../../src/sinks/websocket/protocol.ts'
import type { CameraId } from '../../src/types.ts'
import { createAcknowledger } from './acknowledge.ts'
import { decodePicture, type PictureMessage } from './picture.ts'

/** Frame events are left out, because each picture brings its boxes. */
const topics: ('sightings' | 'people' | 'cameras')[] = ['sightings', 'people', 'cameras']
/** How long the server may be silent before it has told its heartbeat. */
const firstSilenceMs = 30_000

/** The last event received over all connections. The next connection resumes after it. */
export interface Position {
  last: { readonly epoch: string; readonly seq: number } | undefined
}

/** What the page does with the server's messages. */
export interface SocketCallbacks {
  /** Replaces everything shown by the newest state. */
  readonly onSnapshot: (message: SnapshotMessage) => void
  /** Connected again. What happened meanwhile follows as events. */
  readonly onResumed: (message: Resumed) => void
  readonly onEvent: (event: RollcallEvent) => void
  /** Resolves when the picture has been shown or left out. Only then the server sends the camera's next one. */
  readonly onPicture: (picture: PictureMessage) => Promise<void>
}

/** What one WebSocket needs. */
export interface SocketParts extends SocketCallbacks {
  readonly position: Position
  /** The cameras to get pictures of. */
  readonly watched: () => readonly CameraId[]
  /** Called when the server's first message has come: the connection works. */
  readonly onHello: () => void
  /** Called once, when the socket is closed or the server was silent for two heartbeats. */
  readonly onOver: () => void
}

/** Sends a message; it is lost when the socket is not open. */
export const send = (to: WebSocket, message: ClientMessage): void => {
  if (to.readyState === WebSocket.OPEN) to.send(JSON.stringify(message))
}

/** Subscribes, resumes and acknowledges over one WebSocket, until it is over. */
export const serveSocket = (socket: WebSocket, parts: SocketParts): void => {
  let acknowledger: ReturnType<typeof createAcknowledger> | undefined
  let pictures = 0
  let silence: ReturnType<typeof setTimeout> | undefined
  let silenceMs = firstSilenceMs
  let isOver = false
  socket.binaryType = 'arraybuffer'

  const over = (): void => {
    if (isOver) return
    isOver = true
    clearTimeout(silence)
    acknowledger?.close()
    socket.close()
    parts.onOver()
  }
  const heard = (): void => {
    clearTimeout(silence)
    silence = setTimeout(over, silenceMs)
  }
  socket.addEventListener('message', async ({ data }: { readonly data: ArrayBuffer | string }) => {
    if (isOver) return
    heard()
    if (typeof data !== 'string') {
      const n = ++pictures
      await parts.onPicture(decodePicture(data))
      send(socket, { type: 'ack', n })
      return
    }
    const message = JSON.parse(data) as ServerMessage
    if (message.type === 'hello') {
      silenceMs = 2 * message.heartbeatMs + 1000
      acknowledger = createAcknowledger((seq) => send(socket, { type: 'ack', seq }), message.maxAgeMs)
      subscribe(socket, parts)
    } else apply(message, parts)
    if (message.type === 'event') acknowledger?.add(message.seq)
  })
  socket.addEventListener('close', over)
  heard()
}

const subscribe = (socket: WebSocket, { position: { last }, watched, onHello }: SocketParts): void => {
  onHello()
  send(socket, { type: 'subscribe', topics, ...(last && { after: last }) })
  send(socket, { type: 'watch', cameras: [...watched()] })
}

/** Passes a message to the page, and keeps the position. */
const apply = (message: Exclude<ServerMessage, { type: 'hello' }>, parts: SocketParts): void => {
  const { position } = parts
  switch (message.type) {
    case 'snapshot':
      position.last = { epoch: message.epoch, seq: message.seq }
      parts.onSnapshot(message)
      break
    case 'resumed':
      parts.onResumed(message)
      break
    case 'event':
      if (position.last) position.last = { ...position.last, seq: message.seq }
      parts.onEvent(message.event)
      break
    case 'heartbeat':
      if (position.last) position.last = { ...position.last, seq: Math.max(position.last.seq, message.seq) }
      break
    case 'error':
      console.error(`the server refused a message: ${message.message}`)
  }
}
