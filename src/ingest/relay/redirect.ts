import type { CameraFailure } from '../camera-failure.ts'

/** A camera that redirects more often is sent in circles. */
export const MAX_REDIRECTS = 5

/** Whether a status is a redirection to another URL. */
export const isRedirect = (status: number): boolean => [300, 301, 302, 303, 305, 307, 308].includes(status)

/** Where a redirection leads, and whether credentials may go there. */
export interface Redirect {
  /** Without the login that may stand in it: a redirection gives none. */
  readonly location: string
  readonly sameHost: boolean
}

/** What decides about a redirection. */
export interface RedirectRules {
  /** The camera's configured URL. */
  readonly configured: string
  /** Hosts besides the configured one to which it may lead. */
  readonly allowed: readonly string[]
  /** How many were followed before. */
  readonly followed: number
}

const secure: readonly string[] = ['rtsps:', 'https:']
const family = (protocol: string): string => protocol.replace(/s:$/, ':')

/**
 * Whether a redirection is followed. It leads to the configured host or an allowed one, with the same kind of URL, and
 * not from TLS to plain text.
 */
export const followRedirect = (
  from: string,
  location: string | undefined,
  rules: RedirectRules,
): Redirect | CameraFailure => {
  const configured = new URL(rules.configured)
  const place = configured.host
  if (location === undefined || location === '' || !URL.canParse(location, from)) {
    return refused(`${place} redirects to no place`, 'Check the path of its URL; its manual tells it.')
  }
  const url = new URL(location, from)
  if (rules.followed >= MAX_REDIRECTS) {
    return refused(`${place} redirects more than ${MAX_REDIRECTS} times`, 'Give the URL at which the stream is.')
  }
  if (family(url.protocol) !== family(configured.protocol)) {
    return refused(
      `${place} redirects to another kind of URL (${url.protocol}//)`,
      'Give the URL at which the stream is.',
    )
  }
  if (secure.includes(new URL(from).protocol) && !secure.includes(url.protocol)) {
    return refused(`${place} redirects from TLS to plain text`, 'Switch TLS on for the stream, or give its plain URL.')
  }
  // The URL class writes the names of rtsp:// hosts as they were given.
  const host = url.hostname.toLowerCase()
  const sameHost = host === configured.hostname.toLowerCase()
  if (!sameHost && !rules.allowed.some((allowed) => allowed.toLowerCase() === host)) {
    return refused(
      `${place} redirects to another host, ${url.hostname}`,
      `If that is right, give its URL, or set redirectHosts: ["${url.hostname}"]; the password is not sent there.`,
    )
  }
  url.username = ''
  url.password = ''
  return { location: url.href, sameHost }
}

const refused = (says: string, remedy: string): CameraFailure => ({
  code: 'CAMERA_REFUSED',
  says,
  remedy,
  retry: 'rarely',
})
