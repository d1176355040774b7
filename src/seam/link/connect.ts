import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { Metrics } from '../../metrics.ts'
import type { Log } from '../../types.ts'
import { ask, type Meeting, MeetingError, opening, REFUSED, REPLACED, sealing } from './meeting.ts'
import {
  decodeFromVision,
  encodeToVision,
  type LinkedFromVision,
  type LinkedToVision,
  mostMessageBytes,
} from './messages.ts'
import { watchPulse } from './pulse.ts'

/** Identity's end of the way to one vision process. Owned by who opened it, who closes it. */
export interface Link {
  /** False when nobody is there to hear it. */
  send(message: Exclude<LinkedToVision, { readonly type: 'took' }>): boolean
  /** Null while it is connected, and while the first try is under way; else why it is not. */
  readonly failure: () => string | null
  readonly isConnected: () => boolean
  close(): void
}

/** What a link works with. */
export interface LinkParts extends Meeting {
  readonly address: string
  readonly onMessage: (message: LinkedFromVision) => void
  /** It is connected, or no more. */
  readonly onChange: () => void
  readonly metrics: Pick<Metrics, 'link'>
  readonly log: Log
}

const RETRY_MS = { first: 250, most: 5000 }
const CONNECT_WITHIN_MS = 5000

/** Connects, proves the key and has it proved, and connects again until it is closed. */
export const openLink = (parts: LinkParts): Link => {
  const { address, owner, log, onChange } = parts
  let current: Connection | null = null
  let failure: string | null = null
  let waitMs = RETRY_MS.first
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const connect = (): void => {
    const connection = connectTo(parts, {
      onOpen: () => {
        failure = null
        waitMs = RETRY_MS.first
        log.info({ process: owner, address }, 'its pictures can be had')
        onChange()
      },
      onClose: (reason, code) => {
        if (isClosed) return
        // Until this process knows that it is not the one any more; otherwise two would take turns.
        if (code === REPLACED) waitMs = RETRY_MS.most
        if (failure !== reason) log.warn({ process: owner, address, reason }, 'its pictures cannot be had')
        failure = reason
        current = null
        timer = setTimeout(connect, waitMs)
        waitMs = Math.min(2 * waitMs, RETRY_MS.most)
        onChange()
      },
    })
    current = connection
  }
  connect()
  return {
    send: (message) => current?.send(message) === true,
    failure: () => failure,
    isConnected: () => current?.isOpen() === true,
    close: () => {
      isClosed = true
      clearTimeout(timer)
      current?.close()
    },
  }
}

interface Connection {
  readonly isOpen: () => boolean
  send(message: LinkedToVision): boolean
  close(): void
}

interface Told {
  readonly onOpen: () => void
  /** Called once, never before `connectTo` has returned. */
  readonly onClose: (reason: string, code?: number) => void
}

const closeReasons: Readonly<Record<number, string>> = {
  [REPLACED]: 'another identity process has taken its place',
  [REFUSED]: 'it refuses: it is of another site or version',
}

/** One connection, from its beginning to its end. */
const connectTo = (parts: LinkParts, { onOpen, onClose }: Told): Connection => {
  let reason = 'it ended the connection'
  let seal: ((message: Uint8Array) => Buffer) | null = null
  const send = (message: LinkedToVision): boolean => {
    if (seal === null || socket?.readyState !== WebSocket.OPEN) return false
    socket.send(seal(encodeToVision(message)))
    return true
  }
  const socket = socketTo(parts.address)
  if (socket === null) {
    setImmediate(onClose, `${parts.address} is no address of a WebSocket`)
    return { isOpen: () => false, send, close: () => {} }
  }
  const { hello, confirm } = ask(parts)
  const taking = createTaking(parts, (count) => send({ type: 'took', count }))
  const meet = (data: Buffer): ((data: Buffer) => void) => {
    const { session, confirmation } = confirm(data.toString())
    clearTimeout(late)
    socket.send(confirmation)
    seal = sealing(session.seal.identity)
    const open = opening(session.seal.vision)
    onOpen()
    return (sealed) => taking(open(sealed))
  }
  let take: ((data: Buffer) => void) | null = null
  const late = setTimeout(() => {
    reason = 'it does not answer'
    socket.terminate()
  }, CONNECT_WITHIN_MS)
  let raw: Socket | null = null
  socket.on('upgrade', (response) => {
    raw = response.socket
  })
  watchPulse(socket, () => raw?.bytesRead ?? 0)
  socket.on('open', () => socket.send(hello))
  socket.on('error', (error) => {
    reason = error.message || ((error as NodeJS.ErrnoException).code ?? 'it cannot be reached')
  })
  socket.on('close', (code) => {
    clearTimeout(late)
    seal = null
    onClose(closeReasons[code] ?? reason, code)
  })
  socket.on('message', (data: Buffer) => {
    try {
      if (take === null) take = meet(data)
      else take(data)
    } catch (error) {
      if (!(error instanceof MeetingError)) throw error
      reason = error.message
      socket.terminate()
    }
  })
  return {
    isOpen: () => seal !== null,
    send,
    close: () => socket.terminate(),
  }
}

/** Null for what is no URL of a WebSocket. */
const socketTo = (address: string): WebSocket | null => {
  try {
    return new WebSocket(address, {
      maxPayload: mostMessageBytes.fromVision,
      perMessageDeflate: false,
      handshakeTimeout: CONNECT_WITHIN_MS,
    })
  } catch {
    return null
  }
}

/** Passes messages on, and says how many were taken: once for all that came together. */
const createTaking = ({ owner, onMessage, metrics, log }: LinkParts, say: (count: number) => void) => {
  let count = 0
  let isDue = false
  let isTold = false
  const read = (bytes: Buffer): LinkedFromVision | null => {
    try {
      return decodeFromVision(bytes)
    } catch (error) {
      metrics.link.unreadable.inc()
      if (!isTold) log.warn({ process: owner, error: String(error) }, 'a message of a vision process cannot be read')
      isTold = true
      return null
    }
  }
  return (bytes: Buffer): void => {
    const message = read(bytes)
    if (message !== null) {
      metrics.link.taken.inc({ what: message.type }, bytes.length)
      onMessage(message)
    }
    count++
    if (isDue) return
    isDue = true
    setImmediate(() => {
      isDue = false
      say(count)
    })
  }
}
