import type { Scope } from '../../src/server/scope.ts'
import { type Api, ApiError } from './shell/api.ts'

/** A browser in which somebody has signed in with the same token. */
export interface SessionLine {
  readonly id: string
  /** What the browser calls itself. */
  readonly device: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number
  readonly current: boolean
}

/** Who uses this browser, as `/api/session` says. */
export interface Me {
  /** False where everybody is let in. */
  readonly required: boolean
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly sessions: readonly SessionLine[]
}

/** Who uses this browser. The session itself is a cookie that no script can read. */
export interface Session {
  /** Null while nobody has signed in, or the server has not answered. */
  readonly me: () => Me | null
  /** Asks the server. Null when somebody has to sign in; rejects with an ApiError when it does not answer. */
  read(): Promise<Me | null>
  /** Signs in with a token or the code of a link. Resolves with why that was refused; null when it was not. */
  signIn(given: { readonly token: string } | { readonly code: string }): Promise<string | null>
  signOut(): Promise<void>
}

/** Nobody has signed in yet. */
export const createSession = (api: Pick<Api, 'get' | 'post' | 'delete'>): Session => {
  let me: Me | null = null
  return {
    me: () => me,
    read: async () => {
      try {
        me = await api.get<Me>('/api/session')
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 401) throw error
        me = null
      }
      return me
    },
    signIn: async (given) => {
      try {
        me = await api.post<Me>('/api/session', given)
        return null
      } catch (error) {
        return error instanceof ApiError ? `${error.message}.` : String(error)
      }
    },
    signOut: async () => {
      await api.delete('/api/session')
      me = null
    },
  }
}
