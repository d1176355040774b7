/** A child process of the benchmark: it sends faces to its parent as a vision process does. */
import { createTraffic, looksOf } from './traffic.ts'

/** What the parent asks. */
export interface ToIpcPeer {
  readonly rate: number
  readonly seconds: number
}

/** The last message, after all faces. */
export interface IpcDone {
  readonly type: 'done'
  readonly messages: number
  readonly cpuMs: number
}

const cameras = 50
const next = createTraffic(looksOf(1000, 1), 1)
const made = Array.from({ length: cameras * 5 }, (_, i) => next(i % cameras, 1_700_000_000_000 + i))

process.on('message', async ({ rate, seconds }: ToIpcPeer) => {
  const before = process.cpuUsage()
  const fromMs = performance.now()
  let sent = 0
  for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = performance.now() - fromMs) {
    while (sent < (elapsedMs / 1000) * rate) process.send?.({ type: 'faces', faces: made[sent++ % made.length] })
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const { user, system } = process.cpuUsage(before)
  process.send?.({ type: 'done', messages: sent, cpuMs: (user + system) / 1000 } satisfies IpcDone)
})
