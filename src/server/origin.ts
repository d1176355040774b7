import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

const parse = (url: string): URL | null => (URL.canParse(url) ? new URL(url) : null)

/** Literal addresses and localhost cannot be pointed elsewhere by somebody's DNS. */
const isLiteral = (url: URL): boolean =>
  url.hostname === 'localhost' || isIP(url.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0

/**
 * Why a request must not see data, or null when it may. Two attacks of web pages on a browser's local network are kept
 * out: pages of another origin that open a WebSocket (which same-origin policy does not stop), and DNS rebinding, where a
 * page's own name suddenly means this machine (https://owasp.org/www-community/attacks/DNS_Rebinding).
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
