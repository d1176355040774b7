import 'fastify'

/**
 * What a token may do. `read`: cameras, people, events, pictures, metrics. `operate`: change the gallery. `biometric`:
 * embeddings in and out (enrol, export). Each stands for itself.
 */
export const scopes = ['read', 'operate', 'biometric'] as const
export type Scope = (typeof scopes)[number]

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; `public` is everybody. A route without it does not register. */
    readonly scope?: Scope | 'public'
    /** Left out of the limit on requests per address: whoever watches over this process must always get an answer. */
    readonly unlimited?: boolean
  }
}

/** Whoever asks, once it has shown who it is. */
export interface Caller {
  /** Name of the token, for logs; never the token. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
}
