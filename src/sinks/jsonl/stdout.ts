import { fstatSync, write } from 'node:fs'
import { promisify } from 'node:util'
import type { RollcallEvent } from '../../events/types.ts'
import type { Sink } from '../sink.ts'
import { alreadyClosed, linesOf, writeFailed } from './lines.ts'
import { openPipe } from './pipe.ts'
import { streamLines } from './stream.ts'

const STDOUT = 1

/**
 * Opens stdout for events, whatever it is. A pipe is opened a second time, because Node's own stdout blocks the whole process
 * while the pipe is full, so that not even a signal is answered; and stderr may be the same pipe. It is not closed.
 */
export const openStdout = (): Sink => {
  const stats = fstatSync(STDOUT)
  if (stats.isFile()) return descriptorLines(STDOUT, 'stdout')
  try {
    if (stats.isFIFO()) return streamLines(openPipe('/proc/self/fd/1'), 'stdout')
  } catch {
    // The pipe belongs to another user, or there is no /proc.
  }
  letWait(process.stdout)
  return streamLines(process.stdout, 'stdout')
}

/** Makes writes to a pipe or socket wait in memory. Node has no public way to say so (https://nodejs.org/api/process.html#a-note-on-process-io). */
const letWait = (stream: object): void => {
  const { _handle } = stream as { readonly _handle?: { readonly setBlocking?: (isBlocking: boolean) => void } }
  _handle?.setBlocking?.(false)
}

const writeTo = promisify(write)

/**
 * Writes events as lines to an open file. What a full disk did not take of a batch is written when the batch comes again, so
 * no line is torn and none comes twice: the file cannot be cut, because its descriptor's position is behind that already.
 */
const descriptorLines = (fd: number, name: string): Sink => {
  let rest: { readonly events: readonly RollcallEvent[]; bytes: Buffer } | null = null
  let isClosed = false
  return {
    name,
    publish: async (events) => {
      if (isClosed) throw alreadyClosed(name)
      const pending = rest?.events === events ? rest : { events, bytes: linesOf(events) }
      rest = pending
      try {
        while (pending.bytes.length > 0) {
          const { bytesWritten } = await writeTo(fd, pending.bytes, 0, pending.bytes.length, null)
          pending.bytes = pending.bytes.subarray(bytesWritten)
        }
      } catch (cause) {
        throw writeFailed(name, cause)
      }
      rest = null
    },
    close: async () => {
      isClosed = true
    },
  }
}
