import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { RollcallError, redactUrl } from '../../errors.ts'
import { protocol, type ServerMessage } from '../../sinks/websocket/protocol.ts'
import { certificateRemedy } from '../people/http-client.ts'
import type { TailOptions } from './tail-kafka.ts'

const retryMs = 1000

interface Position {
  readonly epoch: string
  readonly seq: number
}

/**
 * Prints the events that come over `/ws`, and resumes after a lost connection. Throws SINK when the first connection fails.
 */
export const tailWebSocket = async (
  url: string,
  { topics, token, print, signal }: TailOptions & { readonly token: string | null },
): Promise<void> => {
  let after: Position | undefined
  let wasOpen = false
  const watch = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url, protocol, {
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      })
      let epoch = ''
      let printed: Promise<unknown> = Promise.resolve()
      const close = (): void => socket.close()
      signal.addEventListener('abort', close, { once: true })
      let failure = ''
      socket.on('error', (error) => {
        failure = error.message
      })
      socket.on('close', (code, reason) => {
        signal.removeEventListener('abort', close)
        resolve(failure || `${code} ${reason.toString()}`.trim())
      })
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) return
        const message = JSON.parse(data.toString()) as ServerMessage
        if (message.type === 'hello') {
          wasOpen = true
          epoch = message.epoch
          socket.send(JSON.stringify({ type: 'subscribe', topics, ...(after && { after }) }))
        } else if (message.type === 'event') {
          const { seq, event } = message
          // Acknowledged when it is printed: a reader that pauses holds the server back, not this memory.
          printed = printed
            .then(() => print(JSON.stringify(event)))
            .then(() => {
              after = { epoch, seq }
              if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'ack', seq }))
            })
            .catch(close)
        } else if (message.type === 'error') failure = message.message
      })
    })
  while (!signal.aborted) {
    const why = await watch()
    if (!wasOpen && !signal.aborted)
      throw new RollcallError('SINK', `${redactUrl(url)}: ${why}`, {
        remedy: /certificate/i.test(why)
          ? certificateRemedy
          : 'Start Rollcall with HTTP, name its address with --url, and give a token in ROLLCALL_TOKEN beyond loopback.',
      })
    if (signal.aborted) break
    console.error(`connection ended: ${why}`)
    await sleep(retryMs, undefined, { signal }).catch(() => undefined)
  }
}
