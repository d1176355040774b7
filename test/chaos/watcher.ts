import { protocol, type ServerMessage } from '../../src/sinks/websocket/protocol.ts'
import type { CameraId } from '../../src/types.ts'

/** A viewer: it subscribes to everything, watches all pictures, acknowledges both, and comes back when it is cut off. */
export interface Watcher {
  readonly events: () => number
  readonly pictures: () => number
  close(): void
}

export const createWatcher = (url: string, cameras: readonly CameraId[]): Watcher => {
  let [events, pictures] = [0, 0]
  let socket: WebSocket | null = null
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const connect = (): void => {
    const opened = new WebSocket(`${url.replace('http', 'ws')}/ws`, protocol)
    socket = opened
    let shown = 0
    const send = (message: object): void => opened.send(JSON.stringify(message))
    opened.binaryType = 'arraybuffer'
    opened.onopen = () => {
      send({ type: 'subscribe' })
      send({ type: 'watch', cameras })
    }
    opened.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data !== 'string') {
        pictures++
        send({ type: 'ack', n: ++shown })
        return
      }
      const message = JSON.parse(data) as ServerMessage
      if (message.type !== 'event') return
      events++
      send({ type: 'ack', seq: message.seq })
    }
    opened.onerror = () => undefined
    opened.onclose = () => {
      if (!isClosed) timer = setTimeout(connect, 250)
    }
  }
  connect()
  return {
    events: () => events,
    pictures: () => pictures,
    close: () => {
      isClosed = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}
