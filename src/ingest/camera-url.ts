import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RollcallError } from '../errors.ts'

interface Credentials {
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

/** Some vendors put passwords into the query or the path: `?usr=a&pwd=b`, `/user=a_password=b_channel=1`. */
const secretParameter =
  /\b(\w*?(?:user|usr|login|pass|pwd|password|passwd|token|auth|secret|key|sig|signature))=[^&/?#\s]+/gi

/** Hides everything up to the last @, more than `redactUrl` does, because the URL may be mistaken. */
const redact = (text: string): string => text.replace(/:\/\/.*@/s, '://***@').replace(secretParameter, '$1=***')

/**
 * Reads a camera's URL, without touching network or disk. Relative paths are relative to `directory`.
 * Throws CAMERA_URL; the message never holds a credential.
 */
/**
 * Reads a camera's URL, without touching network or disk. Relative paths are relative to `directory`. Throws
 * CAMERA_URL, whose message never holds a credential.
 */
export const parseCameraUrl = (text: string, directory: string = process.cwd()): CameraUrl => {
  const fail = (what: string): never => {
    throw new RollcallError('CAMERA_URL', `"${redact(text)}": ${what}`, {
      remedy: 'Write user and password percent-encoded (@ is %40, / is %2F, # is %23, ? is %3F).',
    })
  }
  if (text.trim() === '') fail(`the URL is empty; ${expected}`)
  if (/\p{Cc}/u.test(text)) fail('there is a control character in it')

  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1].toLowerCase()
  const redacted = redact(text)
  switch (scheme) {
    case undefined:
      return { kind: 'file', path: isAbsolute(text) ? text : resolve(directory, text), credentials: null, redacted }
    case 'file':
      return { kind: 'file', path: filePath(text, fail), credentials: null, redacted }
    case 'v4l2': {
      const device = text.slice('v4l2://'.length)
      if (!/^\/dev\/[\w./-]+$/.test(device))
        fail('expected v4l2:// and the path of a device, such as v4l2:///dev/video0')
      return { kind: 'v4l2', device, credentials: null, redacted }
    }
    case 'rtsp':
    case 'rtsps':
      return { kind: 'rtsp', tls: scheme === 'rtsps', ...readNetwork(text, scheme, fail), redacted }
    case 'http':
    case 'https':
      return { kind: 'http', tls: scheme === 'https', ...readNetwork(text, scheme, fail), redacted }
    default:
      return fail(`"${scheme}://" is not known here; ${expected}`)
  }
}

type Fail = (what: string) => never

const filePath = (text: string, fail: Fail): string => {
  try {
    return fileURLToPath(text)
  } catch {
    return fail('expected file:// and an absolute path, such as file:///videos/door.mp4')
  }
}

const decode = (text: string, fail: Fail): string => {
  let decoded: string
  try {
    decoded = decodeURIComponent(text)
  } catch {
    return fail('a % in user or password is not followed by two hexadecimal digits; write it as %25')
  }
  return decoded.includes('\0') ? fail('there is a control character in user or password') : decoded
}

const readNetwork = (
  text: string,
  scheme: string,
  fail: Fail,
): { readonly location: string; readonly credentials: Credentials | null } => {
  const [, authority, rest] = /^[^:]+:\/\/([^/?#]*)(.*)$/s.exec(text) ?? fail(expected)
  const at = authority.lastIndexOf('@')
  const hostAndPort = authority.slice(at + 1)
  const match = /^(\[[0-9a-f:.]+\]|[\p{L}\p{N}_.-]+)(?::(.*))?$/iu.exec(hostAndPort)
  if (match === null) return fail('expected a host name or address after ://, such as rtsp://192.168.1.10:554/stream')
  const [, host, port] = match
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    // When an @ follows, this is probably a part of the password.
    fail(
      `expected a port from 1 to 65535${rest.includes('@') ? ', or credentials percent-encoded' : `, not "${port}"`}`,
    )
  }
  const location = `${scheme}://${host}${port === undefined ? '' : `:${port}`}${rest.replace(/#.*$/s, '').replaceAll(' ', '%20')}`
  if (at < 0) return { location, credentials: null }
  const [user, ...password] = authority.slice(0, at).split(':')
  return { location, credentials: { user: decode(user, fail), password: decode(password.join(':'), fail) } }
}

/** Replaces every credential of `url` in a text by `***`. Texts from GStreamer may hold them. */
export const redactText = (text: string, url: CameraUrl): string => {
  const { user = '', password = '' } = url.credentials ?? {}
  const secrets = [password, encodeURIComponent(password), user, encodeURIComponent(user)]
  const longestFirst = secrets.filter((secret) => secret.length > 2).sort((a, b) => b.length - a.length)
  return longestFirst.reduce((left, secret) => left.replaceAll(secret, '***'), redact(text))
}
