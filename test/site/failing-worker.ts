/**
 * The real worker, in which a camera named `crash-at-N`, `abort-at-N`, `hang-at-N` or `stop-at-N` does that to the
 * process when its frame N has been analysed: a native crash, an assertion, a call that never returns, SIGSTOP.
 */
import type { FromVision } from '../../src/ipc/messages.ts'

const fail: Record<string, () => void> = {
  crash: () => process.kill(process.pid, 'SIGSEGV'),
  abort: () => process.abort(),
  stop: () => process.kill(process.pid, 'SIGSTOP'),
  hang: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
}

const send = process.send?.bind(process) as (message: FromVision, ...rest: unknown[]) => boolean
process.send = (message: FromVision, ...rest: unknown[]): boolean => {
  const [, how = '', at] = (message.type === 'faces' && /^([a-z]+)-at-(\d+)/.exec(message.faces.camera)) || []
  if (message.type === 'faces' && at !== undefined && message.faces.seq >= Number(at)) fail[how]?.()
  return send(message, ...rest)
}

await import('../../src/worker/worker.ts')
