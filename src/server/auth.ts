import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { RollcallError } from '../errors.ts'
import type { HttpOptions } from './options.ts'
import { type Caller, scopes } from './scope.ts'

/** Decides who may call, by the bearer token. */
export interface Auth {
  /** False when everybody is let in, as on loopback by default. */
  readonly required: boolean
  /** True when no token is required because only programs on this machine should reach the server. */
  readonly localOnly: boolean
  /** The token that was made for this run because the configuration has none; null otherwise. */
  readonly generated: string | null
  /**
   * From now on these tokens count, and no earlier ones. False when nothing changes: no token is required, or the one of this
   * run was made for it. Throws CONFIG_INVALID when there would be none.
   */
  replace(tokens: HttpOptions['auth']['tokens']): boolean
  /** Whose token the header `Authorization: Bearer …` carries; null when it is none of ours. */
  identify(authorization: string | undefined): Caller | null
  /** Who the token with this fingerprint (`Caller.key`) is now; null when it is gone. */
  callerOf(key: string): Caller | null
}

/** Whether only this machine can reach the address: localhost, ::1 and 127.0.0.0/8. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** The caller when no token is required: every scope. */
export const anybody: Caller = { name: 'anybody', scopes: new Set(scopes) }

/** What says that somebody on another machine may send requests; null when nothing does. */
const whoElse = ({ host, allowedOrigins, trustedProxies, auth }: HttpOptions): string | null => {
  if (!isLoopback(host)) return `other machines can reach http.host ${host}`
  if (trustedProxies.length > 0) return 'http.trustedProxies says that a proxy is in front'
  const elsewhere = allowedOrigins.find((origin) => !isLoopback(new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1')))
  if (elsewhere !== undefined) return `http.allowedOrigins has ${elsewhere}, so a proxy or another machine is in front`
  return auth.tokens.length > 0 ? 'http.auth.tokens has some' : null
}

/** Stands for a token in the file of sessions; of a good token it reveals nothing. */
const keyOf = (token: string): string => createHash('sha256').update(`session ${token}`).digest('base64')

const hash = (token: string): Buffer => createHash('sha256').update(token).digest()

/**
 * Checks tokens by comparing the hashes of all in constant time, so that the time of an answer reveals nothing. When a token is
 * required and the configuration has none, `generate` makes one for this run. Without `generate` that throws
 * CONFIG_INVALID, so that nothing is open to everybody by mistake.
 */
export const createAuth = (options: HttpOptions, generate: (() => string) | undefined): Auth => {
  const { mode, tokens } = options.auth
  const why = mode === 'on' ? 'http.auth.mode is on' : mode === 'auto' ? whoElse(options) : null
  const required = why !== null
  const localOnly = !required && mode === 'auto'
  if (!required)
    return { required, localOnly, generated: null, replace: () => false, identify: () => anybody, callerOf: () => null }
  if (tokens.length === 0 && generate === undefined) {
    throw new RollcallError('CONFIG_INVALID', `http.auth.tokens: expected at least one, because ${why}`, {
      remedy:
        'Add a token from the environment (see rollcall.example.yaml; openssl rand -hex 32 makes one), or let nobody else in: ' +
        'listen on 127.0.0.1 without a proxy. On a terminal a token is made and shown.',
    })
  }
  const generated = tokens.length === 0 && generate ? generate() : null
  const knownOf = (configured: typeof tokens) => [
    ...configured.map(({ name, scopes: may, token }) => ({
      caller: { name, scopes: new Set(may), key: keyOf(token) },
      hash: hash(token),
    })),
    ...(generated === null
      ? []
      : [{ caller: { ...anybody, name: 'this run', key: keyOf(generated) }, hash: hash(generated) }]),
  ]
  let known = knownOf(tokens)
  return {
    required,
    localOnly,
    generated,
    replace: (next) => {
      if (generated !== null) return false
      if (next.length === 0)
        throw new RollcallError('CONFIG_INVALID', `http.auth.tokens: expected at least one, because ${why}`, {
          remedy: 'Keep one, or restart to let everybody in.',
        })
      known = knownOf(next)
      return true
    },
    identify: (authorization) => {
      const token = /^Bearer +([\x21-\x7e]{1,1000})$/i.exec(authorization ?? '')?.[1]
      if (token === undefined) return null
      const candidate = hash(token)
      let found: Caller | null = null
      for (const each of known) if (timingSafeEqual(each.hash, candidate)) found = each.caller
      return found
    },
    callerOf: (key) => known.find(({ caller }) => caller.key === key)?.caller ?? null,
  }
}
