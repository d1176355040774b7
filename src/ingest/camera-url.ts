import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RollcallError } from '../errors.ts'

/** User and password as a person types them, not percent-encoded. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** A camera's URL in parts. Credentials are percent-decoded; `location` and `redacted` never hold them. */
export type CameraUrl = { readonly credentials: Credentials | null; readonly redacted: string } & (
  | { readonly kind: 'rtsp'; readonly location: string; readonly tls: boolean }
  | { readonly kind: 'http'; readonly location: string; readonly tls: boolean }
  | { readonly kind: 'v4l2'; readonly device: string }
  | { readonly kind: 'file'; readonly path: string }
)

const expected = 'expected rtsp://, rtsps://, http://, https://, v4l2:///dev/video0, file:// or a path'

const secretName = '\\w*?(?:user|usr|login|pass|pwd|password|passwd|token|auth|secret|key|sig|signature)'
/** Some vendors put passwords into the query or the path: `?usr=a&pwd=b`, `/user=a_password=b_channel=1`. */
const inQuery = new RegExp(`(?<=\\?\\S*)\\b(${secretName})=[^&\\s]+`, 'gi')
const inPath = new RegExp(`\\b(${secretName})=[^&/?\\s]+`, 'gi')

/**
 * Hides everything up to the last @, more than `redactUrl` does, because a URL may be mistaken, and the values of
 * parameters that are called like a login.
 */
const hideLogin = (text: string): string =>
  text
    .replace(/:\/\/.*@/s, '://***@')
    .replace(inQuery, '$1=***')
    .replace(inPath, '$1=***')

/** Whether a parameter of the query or the path is called like a login, and has a value. */
export const holdsSecret = (url: string): boolean => url.search(inQuery) >= 0 || url.search(inPath) >= 0

/** A URL as it may be shown. A text without :// may be an address with a login, too. */
export const shownUrl = (text: string): string =>
  hideLogin(text.includes('://') ? text : text.replace(/^.*:.*@/s, '***@'))

/** How a camera's URL is read. */
export interface UrlContext {
  /** What relative paths are relative to. It defaults to the working directory. */
  readonly directory?: string
  /** The keys `user` and `password`; null or absent: the login stands in the URL, or there is none. */
  readonly login?: Credentials | null
}

/**
 * Reads a camera's URL, without touching network or disk. Throws CAMERA_URL, whose message never holds a credential:
 * also for a URL that can be read in two ways, because one of them takes a part of the password for the host.
 */
export const parseCameraUrl = (
  given: string,
  { directory = process.cwd(), login = null }: UrlContext = {},
): CameraUrl => {
  const text = given.trim()
  const fail: Fail = (what, remedy = encoding) => {
    throw new RollcallError('CAMERA_URL', `"${shownUrl(text)}": ${what}`, { remedy })
  }
  if (text === '') fail(`the URL is empty; ${expected}`, 'Write where the pictures come from.')
  if (/\p{Cc}/u.test(text)) fail('there is a control character in it')

  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1].toLowerCase()
  switch (scheme) {
    case 'rtsp':
    case 'rtsps':
    case 'http':
    case 'https':
      return readNetwork(text, scheme, login, fail)
    case undefined:
    case 'file':
    case 'v4l2':
      if (login !== null)
        fail('it takes no user and password', 'Remove the keys user and password; a file or device has no login.')
      return { ...readLocal(text, scheme, directory, fail), credentials: null, redacted: shownUrl(text) }
    default:
      return fail(`"${scheme}://" is not known here; ${expected}`)
  }
}

type Fail = (what: string, remedy?: string) => never

const encoding =
  'Give the login in the keys user and password, where nothing needs encoding; in the URL @ is %40, / is %2F, : is %3A, # is %23, ? is %3F, % is %25.'

/** Texts without a protocol that are certainly no path: IPv4 or HOST:PORT in front, or a login before an @. */
const bareAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:[:/]|$)|[\w.-]+:\d+(?:\/|$)|[^/@]+:[^@]*@)/
const brokenScheme = /^(rtsps?|https?|v4l2|file|rtmps?|rtp|udp|srt|onvif):/i

const readLocal = (
  text: string,
  scheme: 'file' | 'v4l2' | undefined,
  directory: string,
  fail: Fail,
): { readonly kind: 'file'; readonly path: string } | { readonly kind: 'v4l2'; readonly device: string } => {
  if (scheme === 'file') return { kind: 'file', path: filePath(text, fail) }
  if (scheme === 'v4l2') {
    const device = text.slice('v4l2://'.length)
    if (!/^\/dev\/[\w./-]+$/.test(device)) fail('expected v4l2:// and the path of a device, such as v4l2:///dev/video0')
    return { kind: 'v4l2', device }
  }
  const broken = brokenScheme.exec(text)?.[1]
  if (broken !== undefined) fail(`expected :// after ${broken}`, `Write ${broken}://HOST:PORT/PATH.`)
  if (bareAddress.test(text))
    fail(
      'an address without a protocol; expected rtsp://, rtsps://, http:// or https:// before it',
      'Write rtsp://HOST:PORT/PATH; a file of this name is ./NAME.',
    )
  return { kind: 'file', path: isAbsolute(text) ? text : resolve(directory, text) }
}

const filePath = (text: string, fail: Fail): string => {
  try {
    return fileURLToPath(text)
  } catch {
    return fail('expected file:// and an absolute path, such as file:///videos/door.mp4')
  }
}

const decode = (text: string, fail: Fail): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail('a % in user or password is not followed by two hexadecimal digits; write it as %25')
  }
}

const readNetwork = (
  text: string,
  scheme: 'rtsp' | 'rtsps' | 'http' | 'https',
  login: Credentials | null,
  fail: Fail,
): CameraUrl => {
  const [, authority, rest] = /^[^:]+:\/\/([^/?#]*)(.*)$/s.exec(text) ?? fail(expected)
  const at = authority.lastIndexOf('@')
  const hostAndPort = authority.slice(at + 1)
  const match = /^(\[[0-9a-f:.]+\]|[\p{L}\p{N}_.-]+)(?::(.*))?$/iu.exec(hostAndPort)
  if (match === null) return fail('expected a host name or address after ://, such as rtsp://192.168.1.10:554/stream')
  const [, host, port] = match
  if (login === null && isAmbiguous(authority, host, rest))
    fail('it is not clear where the password ends and the host begins: an @ stands after a /, ? or #')
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    fail(
      at < 0 && !rest.includes('@')
        ? `expected a port from 1 to 65535, not "${port}"`
        : 'expected a port from 1 to 65535',
    )
  }
  if (login !== null && at >= 0)
    fail('there is a login in the URL and another in the keys user and password', 'Keep one: best user and password.')
  const location = `${scheme}://${host}${port === undefined ? '' : `:${port}`}${rest.replace(/#.*$/s, '').replaceAll(' ', '%20')}`
  const [user, ...password] = authority.slice(0, Math.max(0, at)).split(':')
  const inUrl = at < 0 ? null : { user: decode(user, fail), password: decode(password.join(':'), fail) }
  const credentials = login ?? inUrl
  if (credentials !== null && /\p{Cc}/u.test(credentials.user + credentials.password))
    fail('there is a control character in user or password', 'Check for a line break at the end of the password.')
  return {
    kind: scheme.startsWith('rtsp') ? 'rtsp' : 'http',
    location,
    tls: scheme.endsWith('s'),
    credentials,
    redacted: shownUrl(text),
  }
}

/**
 * Whether a password with a /, ? or # may have been taken for host and path. Without a colon before the @ there is no
 * password, and no user is called like an IP address.
 */
const isAmbiguous = (authority: string, host: string, rest: string): boolean => {
  const at = rest.lastIndexOf('@')
  const isAddress = /^\[|^\d{1,3}(\.\d{1,3}){3}$/.test(host)
  return at >= 0 && !isAddress && `${authority}${rest.slice(0, at)}`.includes(':')
}

/** Replaces every credential of `url` in a text by `***`, in each spelling in which GStreamer and servers may repeat it. */
export const redactText = (text: string, { credentials }: Pick<CameraUrl, 'credentials'>): string => {
  if (credentials === null) return hideLogin(text)
  const { user, password } = credentials
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  const secrets = [password, user].filter((secret) => secret.length > 2).flatMap(spellings)
  const longestFirst = [basic, ...secrets].sort((a, b) => b.length - a.length)
  return longestFirst.reduce((left, secret) => left.replaceAll(secret, '***'), hideLogin(text))
}

/** As it is, percent-encoded in upper and lower case, and with the backslashes of one, two and three layers of quotes. */
const spellings = (secret: string): readonly string[] => {
  const encoded = encodeURIComponent(secret)
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())
  const escaped = (text: string): string => text.replace(/["\\]/g, '\\$&')
  return [secret, encoded, lower, escaped(secret), escaped(escaped(secret)), JSON.stringify(secret).slice(1, -1)]
}
