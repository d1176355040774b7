/** The token of this tab. */
export interface Session {
  /** Undefined when there is none. */
  readonly token: () => string | undefined
  /** The headers that say who asks. */
  readonly headers: () => Record<string, string>
  /** Sets the token; an empty one removes it. */
  use(token: string): void
}

const key = 'rollcall.token'

/**
 * Keeps the token for as long as the tab lives, in `storage` rather than in a cookie: a cookie goes to every port of
 * the host, and with requests that other pages cause. The content security policy lets no other script run here.
 */
export const createSession = (storage: Storage): Session => {
  const token = (): string | undefined => storage.getItem(key) ?? undefined
  return {
    token,
    headers: () => {
      const own = token()
      return own === undefined ? {} : { authorization: `Bearer ${own}` }
    },
    use: (next) => {
      if (next === '') storage.removeItem(key)
      else storage.setItem(key, next)
    },
  }
}
