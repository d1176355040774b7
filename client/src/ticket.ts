/** The answer to asking for a ticket: the subprotocol to open a WebSocket with, or why there is none. */
export type Admission =
  | { readonly subprotocol: string }
  /** Another token, or another session, is needed. */
  | { readonly refused: Refusal }
  /** The server did not answer, or could not: worth another attempt. */
  | { readonly failed: string }

/** `no-token`: neither a token nor a session was there. `unknown-token`: it is not, or no longer, valid. */
export type Refusal = 'no-token' | 'unknown-token' | 'no-scope'

/** A request without an answer fails after this time, so that it is made again. */
const patienceMs = 10_000

/**
 * Asks for a ticket, which opens one WebSocket: browsers cannot send a token with one, and in a URL it would end up in
 * logs. Without `token` a browser sends the session's cookie. Never rejects.
 */
export const askForTicket = async (base: URL, token: string | undefined): Promise<Admission> => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const url = new URL('api/ws-ticket', base)
  try {
    const response = await fetch(url, { method: 'POST', headers, signal: AbortSignal.timeout(patienceMs) })
    if (response.ok) return { subprotocol: ((await response.json()) as { subprotocol: string }).subprotocol }
    if (response.status === 401) return { refused: token === undefined ? 'no-token' : 'unknown-token' }
    const code = await codeOf(response)
    return code === 'SCOPE' ? { refused: 'no-scope' } : { failed: `${url.origin} answered ${response.status} ${code}` }
  } catch (error) {
    return { failed: `${url.origin} did not answer: ${(error as Error).message}` }
  }
}

const codeOf = async (response: Response): Promise<string> => {
  const answer = (await response.json().catch(() => ({}))) as { error?: { code?: string } }
  return answer.error?.code ?? ''
}
