import { createAcknowledger } from './acknowledge.ts'
import { decodeBinary } from './binary.ts'
import type { ClientMessage, Picture, ServerMessage, Unit } from './protocol.ts'

/** How long the server may be silent before it has told its heartbeat. */
const firstSilenceMs = 30_000

/** What is done with the messages of one WebSocket. */
export interface SocketParts {
  /** What to ask for, once the server has said hello. */
  readonly greet: () => readonly ClientMessage[]
  /** Gets each message but events, in order. */
  readonly onMessage: (message: Exclude<ServerMessage, { type: 'event' }>) => void
  /** Gets each event, in order. The next message waits until a promise is settled; then the event is acknowledged. */
  readonly onEvent: (message: Extract<ServerMessage, { type: 'event' }>) => undefined | Promise<void>
  /** Settles when the picture or unit has been dealt with; then it is acknowledged. */
  readonly onPicture: (picture: Picture) => undefined | Promise<void>
  readonly onUnit: (unit: Unit) => undefined | Promise<void>
  /** Called once, with the reason, when the socket is closed or the server was silent for two heartbeats. */
  readonly onOver: (why: string) => void
}

/** One WebSocket in use. */
export interface OpenSocket {
  /** Sends a message; it is lost when the socket is not open. */
  send(message: ClientMessage): void
  /** Closes it; `onOver` is not called any more. */
  close(): void
}

/** Greets, passes on what comes and acknowledges it, over one WebSocket, until it is over. */
export const serveSocket = (socket: WebSocket, parts: SocketParts): OpenSocket => {
  let silence: ReturnType<typeof setTimeout> | undefined
  let silenceMs = firstSilenceMs
  let isOver = false
  socket.binaryType = 'arraybuffer'
  const send = (message: ClientMessage): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }
  const text = createTextQueue(parts, send)
  const end = (): void => {
    isOver = true
    clearTimeout(silence)
    text.close()
    socket.close()
  }
  const over = (why: string): void => {
    if (isOver) return
    end()
    parts.onOver(why)
  }
  const heard = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => over('the server was silent for two heartbeats'), silenceMs)
  }
  const onBinary = createBinary(parts, send)
  socket.addEventListener('message', ({ data }: { readonly data: ArrayBuffer | string }) => {
    if (isOver) return
    heard()
    if (typeof data !== 'string') return void onBinary(data)
    const message = JSON.parse(data) as ServerMessage
    if (message.type === 'hello') silenceMs = 2 * message.heartbeatMs + 1000
    text.add(message)
  })
  // A close event always follows, with less to say.
  socket.addEventListener('error', () => over('the connection failed'))
  socket.addEventListener('close', ({ code, reason }) => over(`closed with ${code}${reason && ` (${reason})`}`))
  heard()
  return { send, close: end }
}

/** Deals with text messages one after the other. A subscriber that needs time makes the others wait. */
const createTextQueue = (parts: SocketParts, send: (message: ClientMessage) => void) => {
  const waiting: ServerMessage[] = []
  let acknowledger: ReturnType<typeof createAcknowledger> | undefined
  let isBusy = false
  let isClosed = false
  const deal = (message: ServerMessage): undefined | Promise<void> => {
    if (message.type === 'event') return parts.onEvent(message)
    parts.onMessage(message)
    if (message.type !== 'hello') return undefined
    acknowledger = createAcknowledger((seq) => send({ type: 'ack', seq }), message.maxAgeMs)
    for (const greeting of parts.greet()) send(greeting)
    return undefined
  }
  const drain = async (): Promise<void> => {
    isBusy = true
    for (let message = waiting.shift(); message && !isClosed; message = waiting.shift()) {
      const pending = deal(message)
      // Without a promise nothing waits: a page must not lose a turn of the loop for each event.
      if (pending) await pending
      if (message.type === 'event' && !isClosed) acknowledger?.add(message.seq)
    }
    isBusy = false
  }
  return {
    add: (message: ServerMessage): void => {
      waiting.push(message)
      if (!isBusy) void drain()
    },
    close: (): void => {
      isClosed = true
      acknowledger?.close()
    },
  }
}

/**
 * Passes on pictures and units. An acknowledgement says that the first `n` binary messages have been dealt with, so one that
 * takes longer holds back those after it.
 */
const createBinary = (parts: SocketParts, send: (message: ClientMessage) => void) => {
  let received = 0
  let acknowledged = 0
  const done = new Set<number>()
  return async (data: ArrayBuffer): Promise<void> => {
    const n = ++received
    const message = decodeBinary(data)
    if (message.kind === 'still') await parts.onPicture(message.picture)
    if (message.kind === 'unit') await parts.onUnit(message.unit)
    done.add(n)
    if (n !== acknowledged + 1) return
    while (done.delete(acknowledged + 1)) acknowledged += 1
    send({ type: 'ack', n: acknowledged })
  }
}
