/** The answer to asking for a ticket: the subprotocol to open a WebSocket with, or why there is none. */
export type Admission =
  | { readonly subprotocol: string }
  | { readonly refused: 'no-token' | 'unknown-token' | 'no-scope' }
  | { readonly failed: true }

/** Requests to the server, with the token of this tab. */
export interface Session {
  /** The headers that say who asks. */
  readonly headers: () => Record<string, string>
  /** Asks for a ticket to open a WebSocket. */
  admission(): Promise<Admission>
  /** Sets the token; an empty one removes it. */
  use(token: string): void
}

const key = 'rollcall.token'
/** A request without an answer fails after this time, so that the viewer asks again. */
const patienceMs = 10_000

/**
 * Keeps the token for as long as the tab lives, in `storage` rather than in a cookie: a cookie goes to every port of
 * the host, and with requests that other pages cause. The content security policy lets no other script run here.
 */
export const createSession = (storage: Storage): Session => {
  const headers = (): Record<string, string> => {
    const token = storage.getItem(key)
    return token === null ? {} : { authorization: `Bearer ${token}` }
  }
  return {
    headers,
    admission: async () => {
      const signal = AbortSignal.timeout(patienceMs)
      const response = await fetch('/api/ws-ticket', { method: 'POST', headers: headers(), signal }).catch(() => null)
      if (response?.ok) return (await response.json()) as { subprotocol: string }
      if (response?.status === 401) return { refused: storage.getItem(key) === null ? 'no-token' : 'unknown-token' }
      return response?.status === 403 && storage.getItem(key) !== null ? { refused: 'no-scope' } : { failed: true }
    },
    use: (token) => {
      if (token === '') storage.removeItem(key)
      else storage.setItem(key, token)
    },
  }
}
