import { createHash, randomBytes } from 'node:crypto'
import type { CameraFailure } from '../camera-failure.ts'
import type { Credentials } from '../camera-url.ts'

/** How a camera has asked for the login so far, kept over connections. */
export interface SeenLogins {
  /** It asked for a digest, so it must never get the password in clear. */
  digest: boolean
  /** It got the password in clear. */
  inClear: boolean
  /** How it was answered last, for people; absent before. */
  name?: string
}

/** An answered challenge. */
export interface Login {
  /** How it is answered, for people. */
  readonly name: string
  /** The Authorization header of a request. */
  authorization(method: string, uri: string): string
}

interface Challenge {
  /** In lower case. */
  readonly scheme: string
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Strongest first (RFC 7616 3.2). */
const hashes: Readonly<Record<string, string>> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
}

/**
 * The challenges of a WWW-Authenticate header, several of which may be joined by commas (RFC 9110 11.6.1).
 *
 *   Digest realm="a, b", nonce="1", Basic realm="c"   → digest {realm: "a, b", nonce: "1"}, basic {realm: "c"}
 */
export const parseChallenges = (header: string): readonly Challenge[] => {
  const found: { scheme: string; parameters: Map<string, string> }[] = []
  const pieces =
    /(?:^|,)\s*([\w-]+)(?=\s+[\w-]+\s*=|\s*(?:,|$))|([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|^\s*([\w-]+)\s/g
  for (const [, scheme, name, quoted, plain, bare] of header.matchAll(pieces)) {
    const begins = scheme ?? bare
    if (begins !== undefined) found.push({ scheme: begins.toLowerCase(), parameters: new Map() })
    else found.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '')
  }
  return found
}

const algorithmOf = ({ parameters }: Challenge): string => (parameters.get('algorithm') || 'MD5').toUpperCase()

const digestOf = (challenges: readonly Challenge[]): Challenge | undefined => {
  const strength = (challenge: Challenge): number =>
    Object.keys(hashes).indexOf(algorithmOf(challenge).replace(/-SESS$/, ''))
  const usable = challenges.filter((challenge) => challenge.scheme === 'digest' && strength(challenge) >= 0)
  return usable.sort((a, b) => strength(a) - strength(b))[0]
}

/** Whether the peer asks for a digest, so that it must never get the password in clear. */
const offersDigest = (header: string): boolean => parseChallenges(header).some(({ scheme }) => scheme === 'digest')

/** Whether an answered nonce was only too old. */
export const isStale = (header: string): boolean =>
  parseChallenges(header).some(({ parameters }) => parameters.get('stale')?.toLowerCase() === 'true')

/** Answers a challenge as `answerChallenge` does, and notes in `seen` what it was. */
export const answerAndNote = (
  header: string,
  credentials: Credentials | null,
  { name, tls }: { readonly name: string; readonly tls: boolean },
  seen: SeenLogins,
): Login | CameraFailure => {
  const answer = answerChallenge(header, credentials, { place: name, tls, digestSeen: seen.digest })
  seen.digest ||= offersDigest(header)
  seen.inClear ||= !tls && 'name' in answer && answer.name === 'Basic'
  if ('name' in answer) seen.name = answer.name
  return answer
}

/**
 * Answers a challenge (status 401): by the strongest digest that is offered, otherwise by Basic. Basic is refused where
 * it would send the password in clear to a peer that has asked for a digest before (`digestSeen`): somebody may be in
 * between.
 */
export const answerChallenge = (
  header: string,
  credentials: Credentials | null,
  { place, tls, digestSeen }: { readonly place: string; readonly tls: boolean; readonly digestSeen: boolean },
): Login | CameraFailure => {
  if (credentials === null) {
    return unauthorized(`user and password are needed (401): ${place} asks for a login`, 'Set its user and password.')
  }
  const challenges = parseChallenges(header)
  const digest = digestOf(challenges)
  if (digest !== undefined) return digestLogin(digest, credentials)
  const names = [...new Set(challenges.map((challenge) => nameOf(challenge)))].join(', ')
  if (challenges.some(({ scheme }) => scheme === 'digest')) {
    return unauthorized(`${place} asks for a login that Rollcall does not know (${names})`, setDigest)
  }
  if (!challenges.some(({ scheme }) => scheme === 'basic')) {
    const asked = names === '' ? 'without saying which' : names
    return unauthorized(`${place} asks for a login that Rollcall does not know (401, ${asked})`, setDigest)
  }
  if (digestSeen && !tls) {
    return unauthorized(
      `${place} asked for a digest before, and now for the password in clear (Basic)`,
      'Somebody may be in between. If its settings were changed, restart Rollcall; otherwise check the network.',
    )
  }
  const token = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')
  return { name: 'Basic', authorization: () => `Basic ${token}` }
}

const setDigest = 'Set its login to Digest (MD5 or SHA-256) or Basic.'

const unauthorized = (says: string, remedy: string): CameraFailure => ({
  code: 'CAMERA_UNAUTHORIZED',
  says,
  remedy,
  retry: 'rarely',
})

/** The failure of a login that was answered and refused. */
export const wrongLogin = (place: string, { name }: Login): CameraFailure =>
  unauthorized(
    `wrong user or password (401) for ${place}, asked by ${name}`,
    'Check its user and password, and that the camera has not locked the user.',
  )

const nameOf = (challenge: Challenge): string => {
  const { scheme, parameters } = challenge
  if (scheme !== 'digest') return scheme.slice(0, 20)
  return `Digest with ${algorithmOf(challenge).slice(0, 20)}${parameters.has('qop') ? `, qop ${parameters.get('qop')?.slice(0, 20)}` : ''}`
}

/** RFC 7616; RFC 2617 where the camera names no `qop`. */
const digestLogin = (challenge: Challenge, { user, password }: Credentials): Login => {
  const given = (name: string): string => challenge.parameters.get(name) ?? ''
  const algorithm = algorithmOf(challenge)
  const hash = (text: string): string =>
    createHash(hashes[algorithm.replace(/-SESS$/, '')])
      .update(text)
      .digest('hex')
  const [realm, nonce, opaque] = [given('realm'), given('nonce'), given('opaque')]
  const hasQop = given('qop')
    .split(',')
    .some((qop) => qop.trim().toLowerCase() === 'auth')
  const cnonce = randomBytes(8).toString('hex')
  const login = hash(`${user}:${realm}:${password}`)
  const secret = algorithm.endsWith('-SESS') ? hash(`${login}:${nonce}:${cnonce}`) : login
  let count = 0
  const authorization = (method: string, uri: string): string => {
    const nc = (++count).toString(16).padStart(8, '0')
    const extra = hasQop ? `${nc}:${cnonce}:auth:` : ''
    const fields = [
      `username="${escaped(user)}"`,
      `realm="${escaped(realm)}"`,
      `nonce="${escaped(nonce)}"`,
      `uri="${uri}"`,
      `response="${hash(`${secret}:${nonce}:${extra}${hash(`${method}:${uri}`)}`)}"`,
      ...(challenge.parameters.has('algorithm') ? [`algorithm=${challenge.parameters.get('algorithm')}`] : []),
      ...(challenge.parameters.has('opaque') ? [`opaque="${escaped(opaque)}"`] : []),
      ...(hasQop ? [`qop=auth, nc=${nc}, cnonce="${cnonce}"`] : []),
      ...(!hasQop && algorithm.endsWith('-SESS') ? [`cnonce="${cnonce}"`] : []),
    ]
    return `Digest ${fields.join(', ')}`
  }
  return { name: `Digest with ${algorithm}`, authorization }
}

const escaped = (text: string): string => text.replace(/["\\]/g, '\\$&')
