import { closeSync, constants, openSync, readFileSync, readSync, statSync } from 'node:fs'

/** A program behind a pipe, such as one that decrypts, has this long for each part of what it writes. */
const PATIENCE_MS = 5000
const PAUSE_MS = 10

/**
 * The bytes of a file, or of a pipe such as `<(sops -d cameras.yaml)`. A pipe gives its content once: the second time there
 * is nothing in it and nobody writes, and opening it would wait for ever. Throws what the file system throws, and an Error
 * for a pipe that gives nothing or no end.
 */
export const readAll = (file: string): Buffer => (statSync(file).isFIFO() ? readPipe(file) : readFileSync(file))

const readPipe = (file: string): Buffer => {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const chunks: Buffer[] = []
    const chunk = Buffer.alloc(65_536)
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; ) {
      const length = readNow(fd, chunk)
      if (length === 0) {
        if (chunks.length > 0) return Buffer.concat(chunks)
        throw new Error('it is a pipe that nobody writes to, or one that was read before: name a file')
      }
      if (length === null) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
        waitedMs += PAUSE_MS
      } else {
        chunks.push(Buffer.from(chunk.subarray(0, length)))
        waitedMs = 0
      }
    }
    throw new Error(`it is a pipe whose writer has said nothing for ${PATIENCE_MS / 1000} s: name a file`)
  } finally {
    closeSync(fd)
  }
}

/** Null when nothing is there yet, 0 at the end. */
const readNow = (fd: number, into: Buffer): number | null => {
  try {
    return readSync(fd, into)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null
    throw error
  }
}
