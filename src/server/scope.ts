import type {} from 'fastify'

/**
 * What a token may do. `read`: see cameras, people, events, pictures and metrics. `operate`: change the gallery. `biometric`: enrol,
 * import and export embeddings. None includes another.
 */
export const scopes = ['read', 'operate', 'biometric'] as const
/** One right of a token. */
export type Scope = (typeof scopes)[number]

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Who may call the route. `public`: everybody. `caller`: whoever has a token or a session, whatever its scopes. `sign-in`:
     * everybody, from a page of this server. A route without a scope cannot be registered. */
    readonly scope?: Scope | 'public' | 'caller' | 'sign-in'
    /** Exempt from the limit of requests per address, because health checks must always get an answer. */
    readonly unlimited?: boolean
  }
}

/** Who makes a request, after the token or ticket was checked. */
export interface Caller {
  /** Name of the token, for logs; never the token. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  /** Fingerprint of the token. Absent where no token is needed. */
  readonly key?: string
  /** The browser's session, when it says who asks. */
  readonly session?: string
}
