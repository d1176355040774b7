import type { Writable } from 'node:stream'
import { describeDiskError } from '../../disk.ts'
import { type Sink, SinkGone } from '../sink.ts'
import { alreadyClosed, linesOf } from './lines.ts'

/**
 * Writes events as lines to a stream. `publish` resolves when the stream has passed the lines on, so it waits for a reader
 * that pauses. Once the stream has failed, every further `publish` rejects with SinkGone. `close` cuts off what is not passed
 * on, and destroys the stream, except for stdout, which belongs to the process. `name` is for logs and errors.
 */
export const streamLines = (stream: Writable, name: string): Sink => {
  const remedy = 'Keep the program behind the pipe reading.'
  let failure: SinkGone | undefined
  let isClosed = false
  const fail = (cause: Error): SinkGone =>
    (failure ??= new SinkGone(`events to ${name}: ${describeDiskError(cause)}`, { cause, remedy }))

  // The callback of a write gets the error too, but without a listener the error would end the process.
  stream.on('error', fail)

  return {
    name,
    publish: (events) => {
      if (isClosed) return Promise.reject(alreadyClosed(name))
      if (failure !== undefined) return Promise.reject(failure)
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      stream.write(linesOf(events), (error) => (error ? reject(fail(error)) : resolve()))
      return promise
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      if (stream === process.stdout || stream.closed) return
      const { promise, resolve } = Promise.withResolvers<void>()
      stream.once('close', resolve)
      stream.destroy()
      await promise
    },
  }
}
