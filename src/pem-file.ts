import { statSync } from 'node:fs'
import { RollcallError } from './errors.ts'
import { readAll } from './read-all.ts'

/**
 * A certificate or key, which somebody may exchange for another one while this program runs, before it ends. Returns a function
 * that reads it anew, for each connection. While that fails, and for what is no file, such as a pipe, it gives what was
 * read last. Throws SINK at once, with its key in the configuration, when it cannot be read at first.
 */
export const openPemFile = (path: string, field: string): (() => Buffer) => {
  let pem: Buffer
  try {
    pem = readAll(path)
  } catch (cause) {
    throw new RollcallError('SINK', `${field}: ${(cause as Error).message}`, {
      cause,
      remedy: 'Name a PEM file that can be read.',
    })
  }
  return () => {
    try {
      const now = statSync(path).isFile() ? readAll(path) : pem
      if (now.length > 0) pem = now
    } catch {
      // Whoever exchanges it may be about to.
    }
    return pem
  }
}
