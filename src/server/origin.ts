import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { isLoopback } from './auth.ts'

const parse = (url: string): URL | null => (URL.canParse(url) ? new URL(url) : null)

/** No DNS server can make literal addresses or localhost mean another machine. */
const isLiteral = (url: URL): boolean =>
  url.hostname === 'localhost' || isIP(url.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0

/**
 * Says why a request must not see data; null when it may. It stops two attacks of web pages on the local network of a browser:
 * a page of another origin that opens a WebSocket, which the same-origin policy allows; and DNS rebinding, where the name of
 * the page comes to mean this machine (https://owasp.org/www-community/attacks/DNS_Rebinding).
 */
export const refuseOrigin = (headers: IncomingHttpHeaders, allowedOrigins: readonly string[]): string | null => {
  const allowed = allowedOrigins.flatMap((origin) => parse(origin) ?? [])
  const host = parse(`http://${headers.host}`)
  if (host === null) return 'Host: expected a host name'
  if (!isLiteral(host) && !allowed.some((origin) => origin.host === host.host || origin.hostname === host.hostname)) {
    return `Host: ${host.host} is neither an IP address nor localhost nor in http.allowedOrigins`
  }
  if (headers.origin === undefined) return null
  const origin = parse(headers.origin)
  const isOwn = origin !== null && origin.host === host.host
  if (isOwn || allowed.some((each) => each.origin === origin?.origin)) return null
  return `Origin: ${headers.origin} is neither this server nor in http.allowedOrigins`
}

const forwarding = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
] as const

/**
 * Says why a request seems to come from another machine although the server listens on loopback; null when nothing says so. A
 * proxy that the configuration does not name would give everybody every scope.
 */
export const refuseForwarded = (headers: IncomingHttpHeaders): string | null => {
  const header = forwarding.find((name) => headers[name] !== undefined)
  const remedy = 'name the proxy in http.trustedProxies and give tokens in http.auth.tokens'
  if (header !== undefined) return `${header}: a proxy is in front of a server without tokens; ${remedy}`
  const host = parse(`http://${headers.host}`)?.hostname.replace(/^\[(.*)\]$/, '$1') ?? ''
  if (isIP(host) === 0 || isLoopback(host)) return null
  return `Host: ${host} is not this machine's loopback, so something forwards to a server without tokens; ${remedy}`
}
