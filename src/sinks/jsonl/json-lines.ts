import { stat } from 'node:fs/promises'
import { describeDiskError } from '../../disk.ts'
import { RollcallError } from '../../errors.ts'
import type { Log } from '../../types.ts'
import type { Sink } from '../sink.ts'
import { fileLines } from './file.ts'
import { pipeLines } from './pipe.ts'
import type { RotationOptions } from './rotation.ts'
import { openStdout } from './stdout.ts'

/**
 * Opens `-` as stdout, and anything else as the path of a file or named pipe; a file is created or appended to. One event a
 * line, as structured CloudEvents JSON. Throws SINK when the file cannot be opened.
 */
export const openJsonLines = async (target: string, rotation: RotationOptions, log: Log): Promise<Sink> => {
  if (target === '-') return openStdout()
  const isPipe = await stat(target).then(
    (stats) => stats.isFIFO(),
    () => false,
  )
  if (isPipe) return pipeLines(target)
  try {
    return await fileLines(target, rotation, log)
  } catch (cause) {
    throw new RollcallError('SINK', `events file ${target}: ${describeDiskError(cause)}`, {
      cause,
      remedy: 'Name a file in a directory that exists and can be written, or - for stdout.',
    })
  }
}
