import type { ClientMessage, Resumed, ServerMessage, SnapshotMessage } from '../../src/sinks/websocket/protocol.ts'
import type { CameraId, RollcallEvent } from '../../src/types.ts'
import { createAcknowledger } from './acknowledge.ts'
import { decodePicture, type PictureMessage } from './picture.ts'

/** Boxes come with the pictures; frame events would be the same again. */
const topics: ('sightings' | 'people' | 'cameras')[] = ['sightings', 'people', 'cameras']
/** How long nothing may be heard before the server has said how often it speaks. */
const firstSilenceMs = 30_000

/** The last event that came, over all connections: the next one resumes after it. */
export interface Position {
  last: { readonly epoch: string; readonly seq: number } | undefined
}

export interface SocketCallbacks {
  /** The newest state, in place of everything before. */
  readonly onSnapshot: (message: SnapshotMessage) => void
  /** Connected again; what happened meanwhile follows as events. */
  readonly onResumed: (message: Resumed) => void
  readonly onEvent: (event: RollcallEvent) => void
  /** Resolves when it has been shown, or could not be: only then does the server send more of this camera. */
  readonly onPicture: (picture: PictureMessage) => Promise<void>
}

export interface SocketParts extends SocketCallbacks {
  readonly position: Position
  /** The cameras to get pictures of. */
  readonly watched: () => readonly CameraId[]
  /** The server has spoken: this connection is good. */
  readonly onHello: () => void
  /** Called once: it is closed, or the server has been silent for two heartbeats. */
  readonly onOver: () => void
}

export const send = (to: WebSocket, message: ClientMessage): void => {
  if (to.readyState === WebSocket.OPEN) to.send(JSON.stringify(message))
}

/** Subscribes, resumes, acknowledges: everything said over one WebSocket, until it is over. */
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

/** Tells the page, and remembers how far it has got. */
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
