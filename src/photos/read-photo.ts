import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { RollcallError } from '../errors.ts'
import { mostPhotoBytes } from './photo.ts'

const kindOf = (stat: {
  isDirectory(): boolean
  isFIFO(): boolean
  isSocket(): boolean
  isCharacterDevice(): boolean
}): string =>
  stat.isDirectory()
    ? 'a directory'
    : stat.isFIFO()
      ? 'a pipe'
      : stat.isSocket()
        ? 'a socket'
        : stat.isCharacterDevice()
          ? 'a device'
          : 'no file'

const words: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOENT: ['does not exist', 'check the path'],
  EACCES: ['may not be read by this user', 'change its permissions'],
  ENXIO: ['is a socket, not a photo', 'name a photo'],
  ELOOP: ['is a symbolic link in a circle', 'check the path'],
}

/**
 * Reads a regular file of at most `mostPhotoBytes`. A pipe or a device is named and not waited for. Throws USAGE, with
 * a message that goes on after the file's name.
 */
export const readPhoto = async (file: string): Promise<Uint8Array> => {
  const fail = (what: string, remedy: string, cause?: unknown): never => {
    throw new RollcallError('USAGE', what, { remedy, cause })
  }
  // Without O_NONBLOCK opening a pipe waits for a writer.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY).catch(
    (cause: NodeJS.ErrnoException) => {
      const [what, remedy] = words[cause.code ?? ''] ?? [`cannot be read (${cause.code})`, 'check the path']
      return fail(what, remedy, cause)
    },
  )
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) fail(`is ${kindOf(stat)}, not a photo`, 'name a photo')
    if (stat.size > mostPhotoBytes)
      fail(
        `has ${Math.ceil(stat.size / 1024 ** 2)} MiB, at most ${mostPhotoBytes / 1024 ** 2} are read`,
        'save it as JPEG, or smaller',
      )
    const bytes = Buffer.allocUnsafe(stat.size)
    let length = 0
    // The file may become shorter or longer meanwhile: what was announced is read, and no more.
    for (let read = 1; length < bytes.length && read > 0; length += read)
      read = (await handle.read(bytes, length, bytes.length - length)).bytesRead
    return bytes.subarray(0, length)
  } catch (cause) {
    if (cause instanceof RollcallError) throw cause
    return fail(`cannot be read (${(cause as NodeJS.ErrnoException).code})`, 'check the disk', cause)
  } finally {
    await handle.close()
  }
}
