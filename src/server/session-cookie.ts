import type { IncomingHttpHeaders } from 'node:http'

/** The longest that a cookie is kept without use, seconds. */
const maxAgeS = 30 * 86_400

/** With TLS no other host and no plain page can set it (https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis). */
const nameOf = (isSecure: boolean): string => (isSecure ? '__Host-rollcall' : 'rollcall')

/** The session's secret in the cookies of a request; null when there is none. */
export const secretIn = ({ cookie = '' }: IncomingHttpHeaders, isSecure: boolean): string | null => {
  const name = `${nameOf(isSecure)}=`
  const own = cookie.split(';').find((each) => each.trim().startsWith(name))
  const secret = own?.trim().slice(name.length) ?? ''
  return /^[\w-]{43}$/.test(secret) ? secret : null
}

/** The header that gives a browser its session, and with null takes it away. Scripts never see it. */
export const sessionCookie = (secret: string | null, isSecure: boolean): string =>
  `${nameOf(isSecure)}=${secret ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${secret === null ? 0 : maxAgeS}${isSecure ? '; Secure' : ''}`

/**
 * Says why a cookie must not count; null when it may: the request comes from another page, also one on another port of the same
 * host, which SameSite lets through (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
 */
export const refuseCookie = (headers: IncomingHttpHeaders, isReading: boolean): string | null => {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || (site === 'none' && isReading)) return null
  if (site !== undefined) return `Sec-Fetch-Site: ${site} is another page than this server's`
  const { origin, host } = headers
  if (origin === undefined) return isReading ? null : 'Origin: expected this server, because the request has a cookie'
  return URL.canParse(origin) && new URL(origin).host === host ? null : `Origin: ${origin} is not this server`
}
