import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** The SHA-256 of files after each other, lower-case hexadecimal. Rejects when one cannot be read. */
export const sha256Of = async (...files: readonly string[]): Promise<string> => {
  const hash = createHash('sha256')
  for (const file of files) for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}
