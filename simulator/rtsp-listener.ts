import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { RollcallError } from '../src/errors.ts'

/** A TCP listener that can be stopped, and started again on the same port. */
export interface RtspListener {
  /** The port, also while it is stopped; 0 before the first start when the system chooses. */
  readonly port: number
  /** Rejects with USAGE when the port is taken. Without effect while it listens. */
  start(): Promise<void>
  /** Refuses new connections, and resolves when those that are open have closed; `closeAll` has to close them. */
  stop(closeAll: () => void): Promise<void>
}

/** `accept` gets every new connection. Nothing listens before `start`. */
export const createRtspListener = (
  { host, port: wanted, maxConnections }: { host: string; port: number; maxConnections: number },
  accept: (socket: Socket) => void,
): RtspListener => {
  let port = wanted
  let server: Server | null = null
  return {
    get port() {
      return port
    },
    start: async () => {
      if (server !== null) return
      const listening = createServer({ allowHalfOpen: true }, accept)
      listening.maxConnections = maxConnections
      listening.listen(port, host)
      await once(listening, 'listening').catch((cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EADDRINUSE' ? 'another program listens there' : cause.message
        throw new RollcallError('USAGE', `an RTSP server cannot listen on ${host}:${port}: ${why}`, {
          remedy: 'Choose another port, or 0 for any free one.',
          cause,
        })
      })
      server = listening
      const address = listening.address()
      if (address !== null && typeof address === 'object') port = address.port
    },
    stop: async (closeAll) => {
      const stopping = server
      server = null
      if (stopping === null) return
      const closed = once(stopping, 'close')
      stopping.close()
      closeAll()
      await closed
    },
  }
}
