import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { RollcallError } from '../../errors.ts'
import { readAll } from '../../read-all.ts'
import { replaceFile } from '../../replace-file.ts'

const mentions = z.strictObject({ ids: z.int().min(0), tracks: z.int().min(0) })

/** What a receipt says, besides its signature. Nothing else may stand in it: it would not be signed. */
const said = z.strictObject({
  format: z.literal(1),
  rollcall: z.string(),
  site: z.string(),
  person: z.string(),
  aliases: z.array(z.string()),
  /** RFC 3339. */
  deletedAt: z.string(),
  /** What was known, as its API tells. */
  held: z.strictObject({ looks: z.int(), sightings: z.int(), tracks: z.int() }),
  /** Whether the person was asked for afterwards, and nobody was there. */
  readBack: z.boolean(),
  /** Every file of the state directory in which the person stood before or after. */
  files: z.array(z.strictObject({ file: z.string(), before: mentions, after: mentions, why: z.string().nullable() })),
  /** How many files were looked through. */
  looked: z.int(),
  /** Where this does not reach, in words. */
  elsewhere: z.array(z.string()),
})

const receipt = said.extend({
  signature: z.strictObject({ algorithm: z.literal('Ed25519'), publicKey: z.string(), value: z.string() }),
})

/** See `said`. */
export type Said = z.infer<typeof said>
/** A signed receipt of a deletion. */
export type Receipt = z.infer<typeof receipt>

/** The key of a site, made with its first receipt. Who has it can sign receipts in its name. */
const keyIn = (state: string): KeyObject => {
  const file = join(state, 'receipts.key')
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    replaceFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  }
  return createPrivateKey(readFileSync(file, 'utf8'))
}

const publicTextOf = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')

/** The bytes that are signed: the receipt without its signature, as JSON in the order of its keys. */
const bytesOf = (text: Said): Buffer => Buffer.from(JSON.stringify(said.parse(text)))

/** What signs with the key of the site in `state`, RFC 8032. Throws what the file system throws, so that nothing is done in vain. */
export const signerOf = (state: string): ((text: Said) => Receipt) => {
  const key = keyIn(state)
  return (text) => {
    const value = sign(null, bytesOf(text), key).toString('base64')
    return { ...text, signature: { algorithm: 'Ed25519', publicKey: publicTextOf(key), value } }
  }
}

/** Reads a receipt. Throws USAGE for anything else. */
export const readReceipt = (file: string): Receipt => {
  try {
    return receipt.parse(JSON.parse(readAll(file).toString()))
  } catch (cause) {
    throw new RollcallError('USAGE', `${file} is no receipt of rollcall forget`, {
      cause,
      remedy: 'Name the file that rollcall forget has written.',
    })
  }
}

/** Why a receipt is not to be believed; null when it was signed by the site in `state` and not a byte has changed since. */
export const doubtAbout = (state: string, { signature, ...text }: Receipt): string | null => {
  if (!isSignedBy(signature, text)) return 'it was changed after it was signed'
  if (!existsSync(join(state, 'receipts.key'))) return `there is no key of receipts in ${state} to compare with`
  return publicTextOf(keyIn(state)) === signature.publicKey ? null : 'it was signed by another site'
}

/** False for a key that is none, too. */
const isSignedBy = ({ publicKey, value }: Receipt['signature'], text: Said): boolean => {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' })
    return verify(null, bytesOf(text), key, Buffer.from(value, 'base64'))
  } catch {
    return false
  }
}
