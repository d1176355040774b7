import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fchmodSync, openSync, readSync } from 'node:fs'
import { RollcallError } from '../../errors.ts'
import { replaceFile } from '../../replace-file.ts'

/** How the bytes of pictures are kept beside what is said of them. */
export interface Seal {
  /** Returns what the row of this picture holds. */
  seal(id: string, bytes: Uint8Array): Uint8Array
  /** The picture; null for what was not sealed under this ID with this key. */
  open(id: string, sealed: Uint8Array): Uint8Array | null
  /** The rows of these pictures are gone. */
  forget(ids: readonly string[]): void
}

/** Keeps the bytes here, and overwrites them when they are forgotten: SQLite would leave copies in freed memory. */
export const sealInMemory = (): Seal => {
  const kept = new Map<string, Uint8Array>()
  const forget = (id: string): void => {
    kept.get(id)?.fill(0)
    kept.delete(id)
  }
  return {
    seal(id, bytes) {
      forget(id)
      kept.set(id, Uint8Array.from(bytes))
      return new Uint8Array(0)
    },
    open: (id) => kept.get(id) ?? null,
    forget: (ids) => ids.forEach(forget),
  }
}

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM (NIST SP 800-38D): a nonce of 12 random bytes, the ciphertext, a tag of 16 bytes. The ID is authenticated, so
 * that no picture can stand for another.
 */
export const sealWith = (key: Uint8Array): Seal => ({
  forget: () => undefined,
  seal(id, bytes) {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id))
    return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  },
  open(id, sealed) {
    if (sealed.length < nonceBytes + tagBytes) return null
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
      .setAAD(Buffer.from(id))
      .setAuthTag(sealed.subarray(-tagBytes))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
    } catch {
      return null
    }
  },
})

/** The first bytes of the file, one more than a key has; null when there is no file. Takes it from other users. */
const readKey = (file: string): Buffer | null => {
  if (!existsSync(file)) return null
  const fd = openSync(file, 'r')
  try {
    fchmodSync(fd, 0o600)
    const key = Buffer.alloc(keyBytes + 1)
    return key.subarray(0, readSync(fd, key, 0, key.length, 0))
  } finally {
    closeSync(fd)
  }
}

/** Reads the key in this file, or makes one. Readable by this user only. Throws STATE. */
export const keyIn = (file: string): Uint8Array => {
  try {
    const key = readKey(file)
    if (key?.length === keyBytes) return key
    if (key !== null && key.length > 0)
      throw new RollcallError('STATE', `${file}: expected a key of ${keyBytes} bytes, found ${key.length} or more`, {
        remedy: 'Put the key back, or delete the file: then the pictures of people are begun anew.',
      })
    const fresh = randomBytes(keyBytes)
    replaceFile(file, fresh)
    return fresh
  } catch (error) {
    if (error instanceof RollcallError) throw error
    throw new RollcallError('STATE', `identity.crops: ${(error as Error).message}`, {
      cause: error,
      remedy: 'Let this user write in the state directory, or set identity.crops to memory.',
    })
  }
}
