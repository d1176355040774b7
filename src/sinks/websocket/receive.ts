import type { WebSocket } from 'ws'
import type { CameraId, VideoWish } from '../../types.ts'
import type { Binaries } from './binaries.ts'
import type { EventConsumer } from './event-consumer.ts'
import { createMessageAllowance } from './message-allowance.ts'
import type { Pings } from './pings.ts'
import {
  type ClientMessage,
  closeCodes,
  maxMessagesPerSecond,
  type ProtocolError,
  parseClientMessage,
} from './protocol.ts'
import type { Terminate } from './termination.ts'

/** Who acts on a client's messages. */
export interface ReceiveParts {
  readonly consumer: EventConsumer
  readonly binaries: Pick<Binaries, 'acknowledge' | 'read'>
  readonly pings: Pings
  /** Sends what has room now; called after every message and pong. */
  readonly goOn: () => void
  /** The client watches these stills and this video from now on. */
  readonly watch: (cameras: readonly CameraId[], video: readonly VideoWish[]) => void
  readonly tell: (message: ProtocolError) => void
  readonly terminate: Terminate
  readonly isOpen: () => boolean
  readonly ageMs: () => number
}

/**
 * Acts on what a client sends: subscriptions, watched cameras, acknowledgements, pongs. Closes the connection on an
 * invalid message, or on too many. An acknowledgement of what was not sent is told of once, and ignored.
 */
export const receiveFrom = (socket: WebSocket, parts: ReceiveParts): void => {
  const { consumer, binaries, pings, tell, terminate, goOn, isOpen } = parts
  let toldOfAck = false
  const isAllowed = createMessageAllowance(maxMessagesPerSecond, parts.ageMs)
  socket.on('pong', (data) => {
    const read = pings.answered(data)
    if (read === null) return
    consumer.read(read.chunks)
    binaries.read(read.binaries)
    goOn()
  })
  socket.on('message', (data, isBinary) => {
    if (!isOpen()) return
    // `ws` gives one buffer where it is not told otherwise.
    if (!isAllowed((data as Buffer).length)) {
      const words = `more than ${maxMessagesPerSecond} messages a second, a big one counting as several`
      return terminate(closeCodes.tooManyMessages, 'tooManyMessages', words)
    }
    const message = isBinary ? 'message: expected text, got binary' : parseClientMessage((data as Buffer).toString())
    if (typeof message === 'string') {
      tell({ type: 'error', message })
      return terminate(closeCodes.invalidMessage, 'invalidMessage', 'invalid message')
    }
    const ignored = applyMessage(message, parts)
    if (ignored !== undefined && !toldOfAck) {
      toldOfAck = true
      tell({ type: 'error', message: `${ignored}; ignored` })
    }
    goOn()
  })
}

/** Returns why an acknowledgement is ignored, naming the field; undefined when the message was applied. */
const applyMessage = (message: ClientMessage, { consumer, binaries, watch }: ReceiveParts): string | undefined => {
  if (message.type === 'subscribe') consumer.subscribe(message)
  else if (message.type === 'watch') watch(message.cameras, message.video ?? [])
  else {
    const { seq, n } = message
    if (seq !== undefined && seq > consumer.sentSeq) return `seq: event ${seq} has not been sent`
    if (seq !== undefined) consumer.acknowledge(seq)
    if (n !== undefined && !binaries.acknowledge(n)) return `n: binary message ${n} has not been sent`
  }
  return undefined
}
