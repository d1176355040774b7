/** The address of a page: its name, and what of it is shown. */
export interface Route {
  readonly name: string
  readonly path: readonly string[]
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Reads `#/people/p-1` as `{ name: 'people', path: ['p-1'] }`. What follows a `?` is left out: `queryOf` reads it. */
export const parseRoute = (hash: string): Route => {
  const [address = ''] = hash.replace(/^#\/?/, '').split('?')
  const [name = '', ...path] = address.split('/').filter((part) => part !== '')
  return { name, path: path.map(decoded) }
}

/** What follows the `?` of `#/events?camera=door`. */
export const queryOf = (hash: string): URLSearchParams => new URLSearchParams(hash.split('?')[1] ?? '')
