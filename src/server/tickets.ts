import { randomBytes, randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Time } from '../types.ts'
import { type Caller, type Scope, scopes } from './scope.ts'

/** In the list of subprotocols, before the ticket: a browser can send nothing else with an upgrade. */
export const ticketPrefix = 'rollcall.ticket.'
export const ticketLifetimeS = 30
const audience = 'rollcall.ws'

export interface Tickets {
  issue(caller: Caller): Promise<string>
  /** The first time within its life; a string says why not. */
  redeem(ticket: string): Promise<Caller | 'expired' | 'used' | 'forged'>
}

/**
 * Tickets for one WebSocket each: a token in a URL would end up in logs, and browsers cannot send a header with an
 * upgrade. They are JWTs (HS256) under a key of this run; what has been redeemed is remembered until it has expired.
 */
export const createTickets = (time: Time, key: Uint8Array = randomBytes(32)): Tickets => {
  /** ID to expiry, Unix milliseconds; in the order of redemption. */
  const used = new Map<string, number>()
  const forget = (nowMs: number): void => {
    for (const [id, expiresAtMs] of used) if (expiresAtMs <= nowMs) used.delete(id)
  }
  return {
    issue: ({ name, scopes: may }) => {
      const nowS = Math.floor(time.nowMs() / 1000)
      return new SignJWT({ scopes: [...may] })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(name)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + ticketLifetimeS)
        .sign(key)
    },
    redeem: async (ticket) => {
      const nowMs = time.nowMs()
      const options = { algorithms: ['HS256'], audience, currentDate: new Date(nowMs) }
      const verified = await jwtVerify(ticket, key, { ...options, requiredClaims: ['jti', 'exp', 'sub'] }).catch(
        (error: unknown) => (error instanceof errors.JWTExpired ? 'expired' : 'forged'),
      )
      if (typeof verified === 'string') return verified === 'expired' ? 'expired' : 'forged'
      const { jti = '', exp = 0, sub = '', scopes: may } = verified.payload
      forget(nowMs)
      if (used.has(jti)) return 'used'
      used.set(jti, exp * 1000)
      const granted = scopes.filter((scope): scope is Scope => Array.isArray(may) && may.includes(scope))
      return { name: sub, scopes: new Set(granted) }
    },
  }
}
