import { placeOf } from './target.ts'

/** The URLs with which a camera's stream is asked for, absolute and without credentials. */
export interface ControlUrls {
  /** For PLAY, PAUSE, GET_PARAMETER and TEARDOWN, the likeliest first. */
  readonly play: readonly string[]
  /** For SETUP, the likeliest first. */
  readonly setUp: readonly string[]
}

/**
 * The URLs of a camera with one track (RFC 2326 C.1.1). `base` is its Content-Base or Content-Location, `session` and
 * `track` are its control attributes, `asked` is the URL that was described. Cameras do not agree on how a URL and a
 * relative control are put together: most put one behind the other, some follow RFC 3986, and some take no URL but one
 * of both.
 */
export const controlUrls = (
  asked: string,
  { base, session, track }: { readonly base?: string; readonly session?: string; readonly track?: string },
): ControlUrls => {
  const root = absoluteUrl(base, asked) ?? asked
  const whole = session === undefined || isWhole(session) ? root : resolved(root, session)[0]
  if (track === undefined || isWhole(track)) return { play: distinct([whole, asked]), setUp: distinct([whole, asked]) }
  const tracks = [root, whole, asked].flatMap((each) => resolved(each, track))
  return { play: distinct([whole, tracks[0], asked]), setUp: distinct(tracks) }
}

const distinct = (urls: readonly string[]): readonly string[] => [...new Set(urls)]

const isWhole = (control: string): boolean => control === '' || control === '*'

/** The ways in which a control attribute and a URL are put together, the most common first. */
const resolved = (root: string, control: string): readonly string[] => {
  const own = /^[a-z]+:\/\//i.test(control) ? absoluteUrl(control, root) : null
  if (own !== null) return [own]
  const relative = inUrl(control)
  if (relative.startsWith('?')) return [`${root.replace(/\/$/, '')}${relative}`, `${root}${relative}`]
  const { origin, rest } = placeOf(root)
  const [, path = '', query = ''] = /^([^?]*)(.*)$/s.exec(rest) ?? []
  const joined = `${slashed(root)}${relative.replace(/^\/+/, '')}`
  const standard = `${origin}${slashed(path)}${relative.replace(/^\/+/, '')}${query.replace(/\/$/, '')}`
  return relative.startsWith('/') ? [`${origin}${relative}`, joined] : [joined, standard]
}

const slashed = (url: string): string => (url.endsWith('/') ? url : `${url}/`)

/** Nothing that a camera wrote may end the line or the URL of a request. */
const inUrl = (text: string): string => text.trim().replace(/[^\x21-\x7e]/g, encodeURIComponent)

/**
 * A URL that a camera wrote, made absolute. `asked` stands in for what is missing or cannot be read: `rtsp://rtsp://h/s`,
 * `h/s`, `/s`, `rtsp://::ffff:10.0.0.5:554/s`. Null when nothing of it is left.
 */
const absoluteUrl = (text: string | undefined, asked: string): string | null => {
  const { origin } = placeOf(asked)
  const written = inUrl(text ?? '')
  const [, scheme, all = ''] = /^(?:(rtsps?|rtspu|https?):\/\/)*(.*)$/is.exec(written) ?? []
  if (written === '' || all === '') return null
  if (all.startsWith('/')) return `${origin}${all}`
  const [, authority = '', rest = ''] = /^([^/?]*)(.*)$/s.exec(all) ?? []
  const host = authority.replace(/^.*@/, '')
  const isHost = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host)
  if (isHost && scheme !== undefined) return `${scheme.toLowerCase().replace(/^http/, 'rtsp')}://${host}${rest}`
  if (isHost && /[.:]/.test(host)) return `rtsp://${host}${rest}`
  return isHost ? null : `${origin}${rest}`
}
