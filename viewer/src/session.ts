/** What came of asking for a ticket: the subprotocol to open a WebSocket with, or what stands in the way. */
export type Admission =
  | { readonly subprotocol: string }
  | { readonly refused: 'no-token' | 'unknown-token' | 'no-scope' }
  | { readonly failed: true }

export interface Session {
  /** Null when there is no answer that is good. */
  get<Answer>(path: string): Promise<Answer | null>
  admission(): Promise<Admission>
  /** From now on this is the token; empty: there is none. */
  use(token: string): void
}

const key = 'rollcall.token'
/** A line that swallows a question must not keep the viewer from asking again. */
const patienceMs = 10_000

/**
 * Keeps the token that was typed for as long as the tab lives. In sessionStorage rather than a cookie: a cookie goes to
 * every port of the host and along with requests that other pages cause; and the content security policy lets no script
 * run here but the viewer's own.
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
