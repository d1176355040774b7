/** The answer to asking for a ticket: the subprotocol to open a WebSocket with, or why there is none. */
export type Admission =
  | { readonly subprotocol: string }
  | { readonly refused: 'no-token' | 'unknown-token' | 'no-scope' }
  | { readonly failed: true }

/** Requests to the server, with the token of this tab. */
export interface Session {
  /** The JSON at this path; null when the server does not answer with 2xx. */
  get<Answer>(path: string): Promise<Answer | null>
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
  const ask = (path: string, method: 'GET' | 'POST'): Promise<Response | null> => {
    const token = storage.getItem(key)
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    return fetch(path, { method, headers, signal: AbortSignal.timeout(patienceMs) }).catch(() => null)
  }
  return {
    get: async <Answer>(path: string) => {
      const response = await ask(path, 'GET')
      return response?.ok ? ((await response.json()) as Answer) : null
    },
    admission: async () => {
      const response = await ask('/api/ws-ticket', 'POST')
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
