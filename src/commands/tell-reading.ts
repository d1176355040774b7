import type { Status } from '../site/status.ts'
import type { Log } from '../types.ts'

const everyMs = 15_000

/** Says every 15 s in the log how much of recordings is read: they may take hours. How long they are is not known before their end. */
export const tellReading = (status: () => Status, log: Log): Disposable => {
  let before = status().frames
  const timer = setInterval(() => {
    const { frames, faces, people, cameras } = status()
    const framesPerS = Math.round((frames - before) / (everyMs / 1000))
    before = frames
    const left = cameras.filter(({ state }) => state !== 'ended').map(({ camera }) => camera)
    log.info({ cameras: left, frames, framesPerS, faces, people }, 'recordings are being read')
  }, everyMs)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
