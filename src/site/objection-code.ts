import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'

/** No letter or digit that is mistaken for another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** So many letters and digits by chance: five bits each, almost. */
const drawn = (length: number): string => {
  let text = ''
  while (text.length < length) for (const byte of randomBytes(length)) text += alphabet[byte & 31] ?? ''
  return text.slice(0, length)
}

const hashed = (code: string, salt: Buffer): Buffer => scryptSync(code, salt, 32)

/** The ID of a new objector: it says nothing of who it is. */
export const newObjectorId = (): string => `o-${drawn(10)}`

/** A code of 79 bits that takes an objection back, in groups of four, and what is kept of it: its salted hash (scrypt). */
export const newCode = (): { readonly code: string; readonly hash: string } => {
  const code = drawn(16)
  const salt = randomBytes(16)
  const hash = `scrypt:${salt.toString('base64url')}:${hashed(code, salt).toString('base64url')}`
  return { code: (code.match(/.{4}/g) ?? []).join('-'), hash }
}

/** Whether this is the code of a hash, however it is written. Takes tens of milliseconds, on purpose. */
export const isCode = (given: string, hash: string): boolean => {
  const [kind, salt = '', value = ''] = hash.split(':')
  const expected = Buffer.from(value, 'base64url')
  const letters = given.toLowerCase().replace(/[^a-z0-9]/g, '')
  const found = hashed(letters, Buffer.from(salt, 'base64url'))
  return kind === 'scrypt' && expected.length === found.length && timingSafeEqual(expected, found)
}
