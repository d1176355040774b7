import { placeOf } from './target.ts'

/** How an address of a playlist is written for GStreamer, which then asks the relay for it. */
export interface RelayedPaths {
  /** Scheme, host and port of the camera. */
  readonly origin: string
  /** Before the path of what is on the camera itself. */
  readonly prefix: string
}

/** Before the address of what is elsewhere. */
const elsewhere = ({ prefix }: RelayedPaths): string => `${prefix}-other/`

/** The path at the relay of an address, whatever it leads to: whether it may be asked for is decided when it is asked for. */
const relayedPath = (location: string, paths: RelayedPaths): string => {
  const { origin, rest } = placeOf(location)
  if (!/^https?:/i.test(location)) return elsewhere(paths) + encoded(location)
  const path = rest.startsWith('/') ? rest : `/${rest}`
  return origin === paths.origin ? paths.prefix + path : elsewhere(paths) + encoded(origin) + path
}

const encoded = (text: string): string => Buffer.from(text).toString('base64url')

/** The address that `relayedPath` has written; null for a path that is no relay's. */
export const locationOf = (path: string, paths: RelayedPaths): string | null => {
  const { origin, prefix } = paths
  if (path.startsWith(`${prefix}/`)) return origin + path.slice(prefix.length)
  const other = elsewhere(paths)
  if (!path.startsWith(other)) return null
  const [, text = '', rest = ''] = /^([\w-]*)(.*)$/s.exec(path.slice(other.length)) ?? []
  return Buffer.from(text, 'base64url').toString('utf8') + rest
}

/**
 * An address of a playlist as it is asked for. Only the camera's own login is sent. And `http://other:80@cam` must mean the
 * same to all that read it. Throws where it is none.
 */
export const plainAddress = (address: string, base: string): string => {
  const url = new URL(address, base)
  url.username = ''
  url.password = ''
  const { origin, rest } = placeOf(url.href)
  return /^https?:/i.test(url.href) ? origin + (rest.startsWith('/') ? rest : `/${rest}`) : url.href
}

/**
 * An HLS playlist in which every address leads to the relay (RFC 8216 4.1: the lines that begin with no #, and attributes
 * called URI). `base` is the URL of the playlist, which relative addresses are relative to. GStreamer fetches what a
 * playlist names, and would do so from any host.
 */
export const relayPlaylist = (text: string, base: string, paths: RelayedPaths): string => {
  const relayed = (address: string): string => {
    if (!URL.canParse(address, base)) return elsewhere(paths) + encoded(address)
    return relayedPath(plainAddress(address, base), paths)
  }
  return text
    .split('\n')
    .map((line) => line.split('\r', 1)[0] as string)
    .map((line) => {
      if (line.trim() === '') return ''
      if (!line.startsWith('#')) return relayed(line.trim())
      return line.replace(/(\bURI\s*=\s*)("[^"]*"?|[^",\s]+)/g, (_, name: string, value: string) => {
        const address = value.replaceAll('"', '')
        return `${name}"${relayed(address)}"`
      })
    })
    .join('\n')
}

/** How the segments of an HLS playlist are encrypted (RFC 8216, 4.3.2.4): the first method that is not NONE; null for none. */
export const encryptionOf = (text: string): string | null =>
  /^#EXT-X-(?:SESSION-)?KEY:(?:.*,)?\s*METHOD=(?!NONE)([A-Z0-9-]+)/m.exec(text)?.[1] ?? null
