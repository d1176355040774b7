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
  readonly binaries: Pick<Binaries, 'acknowledge' | 'due'>
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
 * invalid message, or on too many.
 */
export const receiveFrom = (socket: WebSocket, parts: ReceiveParts): void => {
  const { consumer, pings, tell, terminate, goOn, isOpen } = parts
  const isAllowed = createMessageAllowance(maxMessagesPerSecond, parts.ageMs)
  socket.on('pong', (data) => {
    const chunks = pings.answered(data)
    if (chunks === null) return
    consumer.read(chunks)
    goOn()
  })
  socket.on('message', (data, isBinary) => {
    if (!isOpen()) return
    if (!isAllowed()) {
      const words = `more than ${maxMessagesPerSecond} messages a second`
      return terminate(closeCodes.tooManyMessages, 'tooManyMessages', words)
    }
    const message = isBinary ? 'message: expected text, got binary' : parseClientMessage((data as Buffer).toString())
    const problem = typeof message === 'string' ? message : applyMessage(message, parts)
    if (problem === undefined) return goOn()
    tell({ type: 'error', message: problem })
    terminate(closeCodes.invalidMessage, 'invalidMessage', 'invalid message')
  })
}

/** Returns what is wrong with the message, naming the field; undefined when it was applied. */
const applyMessage = (message: ClientMessage, { consumer, binaries, watch }: ReceiveParts): string | undefined => {
  if (message.type === 'subscribe') consumer.subscribe(message)
  else if (message.type === 'watch') watch(message.cameras, message.video ?? [])
  else {
    const { seq, n } = message
    if (seq !== undefined && seq > consumer.sentSeq) return `seq: event ${seq} has not been sent`
    if (n !== undefined && !binaries.acknowledge(n)) return `n: binary message ${n} has not been sent`
    if (seq !== undefined) consumer.acknowledge(seq)
  }
  return undefined
}
