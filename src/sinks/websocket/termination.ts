import { WebSocket } from 'ws'
import type { Metrics } from '../../metrics.ts'
import type { Log } from '../../types.ts'
import { closeCodes } from './protocol.ts'

/** How long a client may take to answer the closing handshake. */
export const closeTimeoutMs = 1000

/** Errors of ws that the peer has caused, and the code with which ws closes. */
const violations: Readonly<Record<string, keyof typeof closeCodes>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'tooBig',
  WS_ERR_INVALID_UTF8: 'notUtf8',
}

/** Whom the end of a connection is reported to. */
export interface TerminationDeps {
  readonly metrics: Pick<Metrics, 'webSocketTerminations'>
  /** Fields of every log line about this client. */
  readonly about: object
  readonly log: Log
  /** Writes what has been gathered, so that the close frame comes after it. */
  readonly flush: () => void
}

/** Closes a client with a code, a reason for the metrics, and words for the log and the peer. */
export type Terminate = (code: number, reason: keyof typeof closeCodes | 'heartbeat', words: string) => void

/**
 * Makes the function by which the server ends a connection. A client that does not answer the closing handshake within
 * `closeTimeoutMs` is cut off. Also counts clients that ws closes because they break the protocol.
 */
export const createTermination = (socket: WebSocket, { metrics, about, log, flush }: TerminationDeps): Terminate => {
  const cutOffLater = (): void => {
    const timer = setTimeout(() => socket.terminate(), closeTimeoutMs).unref()
    socket.once('close', () => clearTimeout(timer))
  }
  socket.on('error', (error: Error & { code?: string }) => {
    const reason = violations[error.code ?? ''] ?? (error.code?.startsWith('WS_ERR_') ? 'protocolError' : undefined)
    if (reason === undefined) {
      log.debug({ ...about, error: error.message }, 'websocket client failed')
      return
    }
    log.warn({ ...about, reason, words: error.message }, 'websocket client cut off')
    metrics.webSocketTerminations.inc({ reason })
    // ws has sent the close frame.
    cutOffLater()
  })
  return (code, reason, words) => {
    if (socket.readyState !== WebSocket.OPEN) return
    flush()
    log.warn({ ...about, reason, words, bufferedBytes: socket.bufferedAmount }, 'websocket client cut off')
    metrics.webSocketTerminations.inc({ reason })
    // close() would wait until the peer has read what is buffered, which may be never.
    if (code === closeCodes.tooSlow && socket.bufferedAmount > 0) socket.terminate()
    else {
      socket.close(code, words)
      cutOffLater()
    }
  }
}
