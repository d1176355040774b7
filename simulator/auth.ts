import { createHash, timingSafeEqual } from 'node:crypto'

/** A way to log in. */
export interface RtspLogin {
  readonly scheme: 'basic' | 'digest'
  /** The hash of the digest scheme. It defaults to MD5, which all clients know. */
  readonly algorithm?: 'MD5' | 'SHA-256'
}

/** Who may watch, and by which scheme the server asks. */
export interface RtspAuth extends RtspLogin {
  readonly user: string
  readonly password: string
  /** Other ways, which are offered before the first one. A client may choose. */
  readonly also?: readonly RtspLogin[]
  /** It defaults to `Rollcall demo`. */
  readonly realm?: string
  /** Asks for a count and a number of the client in each digest (`qop=auth`). It defaults to false. */
  readonly qop?: boolean
  /** It defaults to `connection`. */
  readonly nonceLasts?: 'connection' | 'one request'
  /** At which methods it asks. It defaults to all but OPTIONS. */
  readonly asksAt?: (method: string) => boolean
}

const realmOf = (auth: RtspAuth): string => auth.realm ?? 'Rollcall demo'

/**
 * The WWW-Authenticate headers (RFC 2617; RFC 7616 for SHA-256). With `stale` the client need not ask a person again.
 */
export const challenges = (auth: RtspAuth, nonce: string, stale: boolean): readonly string[] =>
  [...(auth.also ?? []), auth].map((login) => challenge({ ...auth, ...login }, nonce, stale))

const challenge = (auth: RtspAuth, nonce: string, stale: boolean): string => {
  const realm = realmOf(auth).replace(/["\\]/g, '\\$&')
  if (auth.scheme === 'basic') return `Basic realm="${realm}"`
  const algorithm = auth.algorithm === 'SHA-256' ? ', algorithm=SHA-256' : ''
  const qop = auth.qop ? ', qop="auth"' : ''
  return `Digest realm="${realm}", nonce="${nonce}"${algorithm}${qop}${stale ? ', stale=TRUE' : ''}`
}

/** What a client sent to be let in. */
export interface Attempt {
  readonly method: string
  readonly uri: string
  /** The nonce that this connection was given. */
  readonly nonce: string
  /** The Authorization header. */
  readonly authorization: string | undefined
}

/**
 * Checks a request's Authorization header. `stale` means a right answer to an old nonce: the client may try again with
 * the new one.
 */
export const authorize = (auth: RtspAuth, attempt: Attempt): Verdict => {
  const verdicts = [auth, ...(auth.also ?? [])].map((login) => verdictOf({ ...auth, ...login }, attempt))
  return verdicts.find((verdict) => verdict !== 'no') ?? 'no'
}

type Verdict = 'yes' | 'no' | 'stale'

const verdictOf = (auth: RtspAuth, attempt: Attempt): Verdict => {
  const [, scheme, rest] = /^(\w+) +(.*)$/s.exec(attempt.authorization ?? '') ?? []
  if (scheme?.toLowerCase() !== auth.scheme || rest === undefined) return 'no'
  if (auth.scheme === 'basic') {
    return same(Buffer.from(rest, 'base64').toString('utf8'), `${auth.user}:${auth.password}`) ? 'yes' : 'no'
  }
  return checkDigest(auth, attempt, parameters(rest))
}

const checkDigest = (auth: RtspAuth, attempt: Attempt, given: ReadonlyMap<string, string>): Verdict => {
  const uri = given.get('uri') ?? ''
  const nonce = given.get('nonce') ?? ''
  // Clients put the whole URL or only its path into the digest. An answer for another resource must not pass.
  if (uri !== attempt.uri && uri !== pathOf(attempt.uri)) return 'no'
  if (given.get('username') !== auth.user || given.get('realm') !== realmOf(auth)) return 'no'
  const hash = (text: string) =>
    createHash(auth.algorithm === 'SHA-256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex')
  const secret = hash(`${auth.user}:${realmOf(auth)}:${auth.password}`)
  const request = hash(`${attempt.method}:${uri}`)
  const qop = given.get('qop')
  const extra = qop ? `:${given.get('nc') ?? ''}:${given.get('cnonce') ?? ''}:${qop}` : ''
  if (qop === undefined ? auth.qop : qop !== 'auth') return 'no'
  const expected = hash(`${secret}:${nonce}${extra}:${request}`)
  if (!same((given.get('response') ?? '').toLowerCase(), expected)) return 'no'
  return nonce === attempt.nonce ? 'yes' : 'stale'
}

const pathOf = (uri: string): string => uri.replace(/^\w+:\/\/[^/]*/, '')

/** Compares in constant time, so the duration does not tell how much was right. */
const same = (a: string, b: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

const parameters = (text: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const match of text.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/g)) {
    found.set(match[1].toLowerCase(), match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '')
  }
  return found
}
