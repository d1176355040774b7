import { type FileHandle, open } from 'node:fs/promises'

/** A last line without its end that is longer is not looked at. */
const MAX_TAIL_BYTES = 4_194_304

/**
 * Appends one line of JSON, all of it or nothing: what a full disk did not take is cut off again. So is an unfinished line that a
 * crash has left. Creates the file, for its user only. Rejects with what the file system says. Two calls for one file must
 * not overlap.
 */
export const appendLine = async (path: string, json: string): Promise<void> => {
  await using file = await open(path, 'a+', 0o600)
  const size = await mendTail(file)
  const line = Buffer.from(`${json}\n`)
  try {
    for (let at = 0; at < line.length; ) at += (await file.write(line, at)).bytesWritten
  } catch (error) {
    await file.truncate(size).catch(() => undefined)
    throw error
  }
}

/** Ends the last line of a file, or takes it away, as `appendLine` does. Rejects with what the file system says. */
export const endLastLine = async (path: string): Promise<void> => {
  await using file = await open(path, 'r+')
  await mendTail(file)
}

/** Ends the last line, or takes it away when it is no whole JSON. Resolves to the size of the file then. */
const mendTail = async (file: FileHandle): Promise<number> => {
  const { size } = await file.stat()
  const length = Math.min(size, MAX_TAIL_BYTES)
  const last = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1))
  if (size === 0 || last.buffer[0] === 0x0a) return size
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
  const tail = buffer.subarray(buffer.lastIndexOf(0x0a) + 1)
  const isAll = tail.length < length || length === size
  if (isAll && !isJson(tail)) {
    await file.truncate(size - tail.length)
    return size - tail.length
  }
  await file.write('\n', size)
  return size + 1
}

const isJson = (text: Buffer): boolean => {
  try {
    JSON.parse(text.toString())
    return true
  } catch {
    return false
  }
}
