import type { bench } from './hand-driven.ts'

/** The camera of these tests: its URL, and times that are short. */
export const url = 'rtsp://admin:hunter2@cam/s'
export const options = {
  connectTimeoutMs: 3000,
  stallAfterMs: 1000,
  frozenAfterMs: 5000,
  backoff: { firstMs: 100, maxMs: 1000, resetAfterMs: 10_000 },
}

/** Frames 100 ms apart, each taken at once. */
export const play = async (b: ReturnType<typeof bench>, frames: number, mark?: number) => {
  for (let i = 0; i < frames; i++) {
    const atMs = b.scheduler.now()
    b.pipeline().frame(mark === undefined ? { atMs } : { atMs, mark })
    b.take()?.close()
    await b.advance(100)
  }
}
