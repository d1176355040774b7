import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** The two ends of a link. */
export type Side = 'vision' | 'identity'

/** Who may meet: those who have the key of the site. */
export interface Meeting {
  /** `seam.kafka.sealingKey`, from which everything here is derived. */
  readonly key: Uint8Array
  readonly site: string
  /** The vision process, by name. */
  readonly owner: string
}

/** What both ends know once they have met, each from what the other said. */
export interface Session {
  readonly proof: Readonly<Record<Side, Buffer>>
  /** The key of what each side sends. */
  readonly seal: Readonly<Record<Side, Buffer>>
}

/** Close code: another process has proved the key, and is the identity process now. */
export const REPLACED = 4000
/** Close code: nothing was proved, or what nobody understands was said. */
export const REFUSED = 4003

const VERSION = 1
const NONCE_BYTES = 32
const KEY_BYTES = 32
const TAG_BYTES = 16

const base64 = z.string().max(200)
const hello = z.object({ v: z.literal(VERSION), nonce: base64 })
const answer = z.object({ v: z.literal(VERSION), nonce: base64, proof: base64 })
const confirmation = z.object({ proof: base64 })

/** Why two processes do not meet: another version, another key, another site or another process. */
export class MeetingError extends Error {
  override readonly name = 'MeetingError'
}

const read = <T>(schema: z.ZodType<T>, text: string): T => {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new MeetingError('the other side speaks another language, or is another version')
  }
}

const nonceOf = (text: string): Buffer => {
  const nonce = Buffer.from(text, 'base64')
  if (nonce.length !== NONCE_BYTES) throw new MeetingError('the other side speaks another language')
  return nonce
}

/** Both nonces are in every key, so what was said in one meeting is worth nothing in another. */
const sessionOf = ({ key, site, owner }: Meeting, asked: Buffer, answered: Buffer): Session => {
  const derive = (what: string, side: Side): Buffer => {
    const info = `rollcall.link.v1 ${what} ${side} ${JSON.stringify([site, owner])}`
    return Buffer.from(hkdfSync('sha256', key, Buffer.concat([asked, answered]), info, KEY_BYTES))
  }
  const proof = (side: Side): Buffer => createHmac('sha256', derive('proof', side)).update(side).digest()
  return {
    proof: { vision: proof('vision'), identity: proof('identity') },
    seal: { vision: derive('seal', 'vision'), identity: derive('seal', 'identity') },
  }
}

const check = (session: Session, side: Side, proof: string): void => {
  const given = Buffer.from(proof, 'base64')
  const expected = session.proof[side]
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new MeetingError(`${side} has another seam.kafka.sealingKey, or is another site or process`)
}

/**
 * Identity's half of a meeting: it asks, takes the answer and confirms.
 *
 *   identity   {nonce} ─▶            {proof} ─▶ sealed messages
 *   vision             ◀─ {nonce, proof}        sealed messages
 *
 * Nobody who does not have the key learns anything of it, nor can repeat or change what was said.
 */
export const ask = (meeting: Meeting) => {
  const asked = randomBytes(NONCE_BYTES)
  return {
    hello: JSON.stringify({ v: VERSION, nonce: asked.toString('base64') }),
    /** Throws MeetingError unless the other side has the key. */
    confirm: (text: string): { readonly session: Session; readonly confirmation: string } => {
      const { nonce, proof } = read(answer, text)
      const session = sessionOf(meeting, asked, nonceOf(nonce))
      check(session, 'vision', proof)
      return { session, confirmation: JSON.stringify({ proof: session.proof.identity.toString('base64') }) }
    },
  }
}

/** The vision process's half. Throws MeetingError for what is no hello. */
export const answerTo = (meeting: Meeting, text: string) => {
  const asked = nonceOf(read(hello, text).nonce)
  const answered = randomBytes(NONCE_BYTES)
  const session = sessionOf(meeting, asked, answered)
  const proof = session.proof.vision.toString('base64')
  return {
    answer: JSON.stringify({ v: VERSION, nonce: answered.toString('base64'), proof }),
    /** Throws MeetingError unless the other side has the key. */
    accept: (confirmed: string): Session => {
      check(session, 'identity', read(confirmation, confirmed).proof)
      return session
    },
  }
}

/** Nonces are counted by both ends: a message that is repeated, left out or changed cannot be opened. */
const counting = (): (() => Buffer) => {
  let count = 0n
  return () => {
    const nonce = Buffer.alloc(12)
    nonce.writeBigUInt64BE(count++, 4)
    return nonce
  }
}

/** Seals one side's messages, each with the next nonce (AES-256-GCM). */
export const sealing = (key: Buffer): ((message: Uint8Array) => Buffer) => {
  const next = counting()
  return (message) => {
    const cipher = createCipheriv('aes-256-gcm', key, next())
    return Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()])
  }
}

/** Opens the messages of the other side, in their order. Throws MeetingError for one that is not the next. */
export const opening = (key: Buffer): ((sealed: Buffer) => Buffer) => {
  const next = counting()
  return (sealed) => {
    if (sealed.length < TAG_BYTES) throw new MeetingError('a message is cut off')
    const cipher = createDecipheriv('aes-256-gcm', key, next(), { authTagLength: TAG_BYTES })
    cipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    const opened = cipher.update(sealed.subarray(0, -TAG_BYTES))
    try {
      return Buffer.concat([opened, cipher.final()])
    } catch {
      throw new MeetingError('a message was changed on its way')
    }
  }
}
