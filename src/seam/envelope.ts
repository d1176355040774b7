import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Why the value of a Kafka record cannot be used. `reason` is a label of metrics. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
  readonly reason: 'damaged' | 'version' | 'unsealed' | 'no key' | 'other key'

  constructor(reason: UnreadableError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Packs records for Kafka, and unpacks them. `name` is the key of the record: the camera, or the row. */
export interface Envelope {
  pack(name: string, record: Uint8Array): Uint8Array
  /** Throws UnreadableError; the bytes may be anything. */
  unpack(name: string, value: Uint8Array): Uint8Array
}

/** What is packed: a record of one kind is not taken for another. */
export type EnvelopeKind = 'rollcall.faces.v1' | 'rollcall.state.v1'

const VERSION = 1
const PLAIN = 0
const SEALED = 1
const HEAD = 2
const MARK = 4
const SALT = 16
const COUNTER = 8
const TAG = 16
/** Derived keys that are kept: one for each vision process that has sent something. */
const MOST_KEYS = 1024

/** Bytes of the key of `seam.kafka.sealingKey`, which stands there in base64. */
export const SEALING_KEY_BYTES = 32

const derived = (key: Uint8Array, salt: Uint8Array, info: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length))

/** The nonce of AES-GCM: twelve bytes, the counter at their end. */
const nonceOf = (counter: Uint8Array): Buffer => Buffer.concat([Buffer.alloc(12 - COUNTER), counter])

/**
 * The envelope of a site. With a key, records are sealed with AES-256-GCM, site and name authenticated beside them. Each
 * process derives a key of its own from the shared one and a random salt (HKDF), and counts its nonces: none comes twice, however
 * many records are sealed. Bytes: version, kind, key mark (4), salt (16), counter (8), sealed record, tag (16).
 */
export const createEnvelope = (
  site: string,
  key: Uint8Array | null,
  kind: EnvelopeKind = 'rollcall.faces.v1',
): Envelope => (key === null ? plain : sealed(site, key, kind))

const plain: Envelope = {
  pack: (_, record) => Buffer.concat([Buffer.of(VERSION, PLAIN), record]),
  unpack: (_, value) => {
    if (kindOf(value) === PLAIN) return value.subarray(HEAD)
    throw new UnreadableError('no key', 'it is sealed, and seam.kafka.sealingKey is not set')
  },
}

const sealed = (site: string, key: Uint8Array, kind: EnvelopeKind): Envelope => {
  const mark = derived(key, Buffer.alloc(0), `${kind} mark`, MARK)
  const salt = randomBytes(SALT)
  const own = derived(key, salt, `${kind} seal`, SEALING_KEY_BYTES)
  const keys = new Map<string, Buffer>()
  let count = 0n
  const beside = (name: string): Buffer => Buffer.from(JSON.stringify([site, name]))
  const keyFor = (itsSalt: Uint8Array): Buffer => {
    const salted = Buffer.from(itsSalt).toString('hex')
    const known = keys.get(salted)
    if (known) return known
    if (keys.size >= MOST_KEYS) keys.clear()
    const made = derived(key, itsSalt, `${kind} seal`, SEALING_KEY_BYTES)
    keys.set(salted, made)
    return made
  }
  return {
    pack: (name, record) => {
      const counter = Buffer.alloc(COUNTER)
      counter.writeBigUInt64BE(count++)
      const cipher = createCipheriv('aes-256-gcm', own, nonceOf(counter)).setAAD(beside(name))
      const body = [cipher.update(record), cipher.final()]
      return Buffer.concat([Buffer.of(VERSION, SEALED), mark, salt, counter, ...body, cipher.getAuthTag()])
    },
    unpack: (name, value) => {
      if (kindOf(value) === PLAIN)
        throw new UnreadableError('unsealed', 'it is not sealed, and seam.kafka.sealingKey is set')
      const at = [HEAD, HEAD + MARK, HEAD + MARK + SALT, HEAD + MARK + SALT + COUNTER] as const
      if (value.length < at[3] + TAG) throw new UnreadableError('damaged', 'its end is missing')
      if (!mark.equals(value.subarray(at[0], at[1])))
        throw new UnreadableError('other key', 'it was sealed with another key than seam.kafka.sealingKey')
      const nonce = nonceOf(value.subarray(at[2], at[3]))
      const cipher = createDecipheriv('aes-256-gcm', keyFor(value.subarray(at[1], at[2])), nonce, {
        authTagLength: TAG,
      })
      cipher.setAAD(beside(name)).setAuthTag(value.subarray(-TAG))
      const opened = cipher.update(value.subarray(at[3], -TAG))
      try {
        return Buffer.concat([opened, cipher.final()])
      } catch {
        throw new UnreadableError('damaged', 'its seal does not fit: it was changed, or is of another site or camera')
      }
    },
  }
}

/** How the rest is packed. Throws UnreadableError for a version that this program does not know. */
const kindOf = (value: Uint8Array): typeof PLAIN | typeof SEALED => {
  if (value[0] !== VERSION)
    throw new UnreadableError('version', `it has version ${value[0] ?? 'none'}, expected ${VERSION}`)
  const kind = value[1]
  if (kind !== PLAIN && kind !== SEALED) throw new UnreadableError('version', `it is packed in an unknown way, ${kind}`)
  return kind
}
