import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { type Sink, SinkGone } from '../sink.ts'
import { alreadyClosed, writeFailed } from './lines.ts'
import { streamLines } from './stream.ts'

/**
 * Opens the writing end of a pipe. Throws when it is a pipe no more, and ENXIO while nobody reads it: waiting for a reader would keep one of the four threads
 * busy that all files share, and the process could not end.
 */
export const openPipe = (path: string): Socket => {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  if (fstatSync(fd).isFIFO()) return new Socket({ fd, readable: false, writable: true })
  closeSync(fd)
  throw new Error('something else has taken the place of the pipe')
}

/**
 * Writes events as lines to a named pipe. Readers may come and go: without one `publish` rejects, and a later one opens the
 * pipe again. A reader that pauses makes `publish` wait.
 */
export const pipeLines = (path: string): Sink => {
  let lines: Sink | null = null
  let isClosed = false
  return {
    name: path,
    publish: async (events) => {
      if (isClosed) throw alreadyClosed(path)
      try {
        lines ??= streamLines(openPipe(path), path)
        await lines.publish(events)
      } catch (error) {
        await lines?.close()
        lines = null
        throw writeFailed(path, error instanceof SinkGone ? error.cause : error)
      }
    },
    close: async () => {
      isClosed = true
      await lines?.close()
    },
  }
}
