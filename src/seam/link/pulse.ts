import { WebSocket } from 'ws'

const PING_EVERY_MS = 2000
const SILENT_AFTER_MS = 10_000

/**
 * Pings the other side until the connection ends, and cuts it once nothing has come for ten seconds: a machine that is gone says
 * nothing. `readBytes` counts what has come of a message that is still on its way.
 */
export const watchPulse = (socket: WebSocket, readBytes: () => number = () => 0): void => {
  let [heardMs, read] = [performance.now(), 0]
  const hear = (): void => {
    heardMs = performance.now()
  }
  const timer = setInterval(() => {
    if (readBytes() !== read) hear()
    read = readBytes()
    if (performance.now() - heardMs > SILENT_AFTER_MS) socket.terminate()
    else if (socket.readyState === WebSocket.OPEN) socket.ping()
  }, PING_EVERY_MS)
  for (const event of ['message', 'ping', 'pong', 'open'] as const) socket.on(event, hear)
  socket.on('close', () => clearInterval(timer))
}
