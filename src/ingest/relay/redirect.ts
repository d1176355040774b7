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
  const place = new URL(rules.configured).host
  if (location === undefined || location === '' || !URL.canParse(location, from)) {
    return refused(`${place} redirects to no place`, 'Check the path of its URL; its manual tells it.')
  }
  const url = new URL(location, from)
  if (rules.followed >= MAX_REDIRECTS) {
    return refused(`${place} redirects more than ${MAX_REDIRECTS} times`, 'Give the URL at which the stream is.')
  }
  const refusal = leadsElsewhere(from, url.href, 'redirects to', rules)
  if (refusal !== null) return refusal
  url.username = ''
  url.password = ''
  return { location: url.href, sameHost: hostOf(url) === hostOf(new URL(rules.configured)) }
}

/** The URL class writes the names of rtsp:// hosts as they were given. */
const hostOf = ({ hostname }: URL): string => hostname.toLowerCase()

/**
 * Why `location`, to which `from` leads, is not asked: it is no URL of the same kind, on a host that is neither the
 * configured one nor allowed, or in plain text where `from` has TLS. Null when it may be asked.
 */
export const leadsElsewhere = (
  from: string,
  location: string,
  how: 'redirects to' | 'names',
  rules: Pick<RedirectRules, 'configured' | 'allowed'>,
): CameraFailure | null => {
  const configured = new URL(rules.configured)
  const says = `${configured.host} ${how}`
  const where = how === 'names' ? ' in its playlist' : ''
  if (!URL.canParse(location)) return refused(`${says} what is no URL${where}`, 'Give the URL at which the stream is.')
  const url = new URL(location)
  if (family(url.protocol) !== family(configured.protocol)) {
    return refused(`${says} another kind of URL${where} (${url.protocol}//)`, 'Give the URL at which the stream is.')
  }
  if (secure.includes(new URL(from).protocol) && !secure.includes(url.protocol)) {
    return refused(
      how === 'names'
        ? `${says} an address in plain text${where}, which has TLS`
        : `${configured.host} redirects from TLS to plain text`,
      'Switch TLS on for the stream, or give its plain URL.',
    )
  }
  const isAllowed = [configured.hostname, ...rules.allowed].some((allowed) => allowed.toLowerCase() === hostOf(url))
  if (isAllowed) return null
  return refused(
    `${says} another host${where}, ${url.hostname}`,
    `If that is right, give its URL, or set redirectHosts: ["${url.hostname}"]; the password is not sent there.`,
  )
}

const refused = (says: string, remedy: string): CameraFailure => ({
  code: 'CAMERA_REFUSED',
  says,
  remedy,
  retry: 'rarely',
})
