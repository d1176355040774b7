import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs'

/** A program behind a pipe, such as one that decrypts, has this long for each part of what it writes. */
const PATIENCE_MS = 5000
const PAUSE_MS = 10

/** What people write by hand, and certificates, are far smaller; what has no end (/dev/zero) is not read until memory is full. */
const USUAL_LIMIT = 64 * 1024 * 1024

/** The longest text of V8. */
const LONGEST_TEXT = 0x1fffffe8

/**
 * The bytes of a file, or of a pipe such as `<(sops -d cameras.yaml)`. A pipe gives its content once: the second time there
 * is nothing in it and nobody writes, and opening it would wait for ever. Throws what the file system throws, and an Error
 * for a pipe that gives nothing or no end, and for more than `limit` bytes.
 */
export const readAll = (file: string, limit = USUAL_LIMIT): Buffer => {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const chunks: Buffer[] = []
    const chunk = Buffer.alloc(65_536)
    let bytes = 0
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; ) {
      const length = readNow(fd, chunk)
      if (length === 0) {
        if (bytes === 0 && fstatSync(fd).isFIFO())
          throw new Error('it is a pipe that nobody writes to, or one that was read before: name a file')
        return Buffer.concat(chunks)
      }
      if (length === null) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
        waitedMs += PAUSE_MS
        continue
      }
      waitedMs = 0
      bytes += length
      if (bytes > limit) throw tooLong(limit)
      chunks.push(Buffer.from(chunk.subarray(0, length)))
    }
    throw new Error(`it is a pipe whose writer has said nothing for ${PATIENCE_MS / 1000} s: name a file`)
  } finally {
    closeSync(fd)
  }
}

const tooLong = (limit: number): Error => new Error(`it holds more than ${limit} bytes`)

/**
 * The text of a file, or of a stream such as stdin, of up to half a gigabyte: exports of people and labels may be large.
 * It waits for whoever writes into a pipe. Throws what the file system throws, and an Error for more.
 */
export const readText = async (from: string | AsyncIterable<Uint8Array>, limit = LONGEST_TEXT): Promise<string> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of typeof from === 'string' ? createReadStream(from) : from) {
    bytes += chunk.length
    if (bytes > limit) throw tooLong(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
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
