import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { RollcallError } from '../errors.ts'
import { eventJson } from '../events/json.ts'
import type { Sink } from './sink.ts'

const newline = Buffer.from('\n')

const describe = (cause: NodeJS.ErrnoException): string =>
  cause.code === 'EPIPE' ? 'its reader has gone' : cause.message

/**
 * Writes one event a line, as structured CloudEvents JSON. `publish` resolves when the stream has passed the lines on, so it
 * waits for a reader that pauses. Once the stream has failed, every further `publish` rejects with SINK. `close` ends the
 * stream, except for stdout and stderr, which belong to the process. `name` is for logs and errors.
 */
export const jsonLines = (stream: Writable, name: string): Sink => {
  const remedy = 'Check that the file can be written, or that the program behind the pipe keeps reading.'
  let failure: RollcallError | undefined
  let closing: Promise<void> | undefined
  const fail = (cause: Error): RollcallError =>
    (failure ??= new RollcallError('SINK', `events to ${name}: ${describe(cause)}`, { cause, remedy }))

  // The callback of a write gets the error too, but without a listener the error would end the process.
  stream.on('error', fail)

  const write = (bytes: Buffer): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    if (failure !== undefined) reject(failure)
    else stream.write(bytes, (error) => (error ? reject(fail(error)) : resolve()))
    return promise
  }

  const end = async (): Promise<void> => {
    if (failure !== undefined) return
    // When this write has been passed on, so have all before it.
    if (stream === process.stdout || stream === process.stderr) return write(Buffer.alloc(0)).catch(() => undefined)
    const { promise, resolve } = Promise.withResolvers<void>()
    stream.once('close', resolve)
    stream.end()
    await promise
    if (failure !== undefined) throw failure
  }

  return {
    name,
    publish: (events) =>
      closing === undefined
        ? write(Buffer.concat(events.flatMap((event) => [eventJson(event).whole, newline])))
        : Promise.reject(new RollcallError('SINK', `events to ${name}: already closed`)),
    close: () => (closing ??= end()),
  }
}

/**
 * Opens `-` as stdout, and anything else as the path of a file, which is created or appended to. When a crash left an unfinished
 * last line, it is ended first, so that it does not spoil the next event. Throws SINK when the file cannot be opened.
 */
export const openJsonLines = async (target: string): Promise<Sink> => {
  if (target === '-') return jsonLines(process.stdout, 'stdout')
  try {
    await using opening = new AsyncDisposableStack()
    const file = opening.use(await open(target, 'a+'))
    const { size } = await file.stat()
    const isTorn = size > 0 && (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== 0x0a
    // From here on the stream owns the file.
    const stream = file.createWriteStream()
    opening.move()
    if (isTorn) stream.write('\n')
    return jsonLines(stream, target)
  } catch (cause) {
    throw new RollcallError(
      'SINK',
      `events file ${target}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        remedy: 'Name a file in a directory that exists and can be written, or - for stdout.',
      },
    )
  }
}
