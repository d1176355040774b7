import { createHash, randomBytes } from 'node:crypto'
import type { Time } from '../types.ts'
import type { Caller } from './scope.ts'

/** In the list of subprotocols, before the ticket: a browser can send nothing else with an upgrade. */
export const ticketPrefix = 'rollcall.ticket.'
export const ticketLifetimeS = 30
/** Most that wait to be redeemed or to expire; beyond it the oldest are worth nothing. */
export const maxTickets = 10_000

export interface Tickets {
  /** 256 random bits, base64url. */
  issue(caller: Caller): string
  /** Who it was issued to, the first time within its life; a string says why not. */
  redeem(ticket: string): Caller | 'expired' | 'used' | 'unknown'
}

interface Issued {
  readonly caller: Caller
  /** Unix milliseconds. */
  readonly expiresAtMs: number
  isUsed: boolean
}

/**
 * Tickets for one WebSocket each: a token in a URL would end up in logs, and browsers cannot send a header with an
 * upgrade. They are looked up by their hash, so that the time of an answer says nothing about what would have been right.
 */
export const createTickets = (time: Time): Tickets => {
  /** By hash, oldest first. */
  const issued = new Map<string, Issued>()
  const hashOf = (ticket: string): string => createHash('sha256').update(ticket).digest('base64')
  const forget = (nowMs: number): void => {
    for (const [hash, { expiresAtMs }] of issued) {
      if (expiresAtMs > nowMs && issued.size < maxTickets) return
      issued.delete(hash)
    }
  }
  return {
    issue: (caller) => {
      const nowMs = time.nowMs()
      forget(nowMs)
      const ticket = randomBytes(32).toString('base64url')
      issued.set(hashOf(ticket), { caller, expiresAtMs: nowMs + ticketLifetimeS * 1000, isUsed: false })
      return ticket
    },
    redeem: (ticket) => {
      const found = issued.get(hashOf(ticket))
      if (found === undefined) return 'unknown'
      if (found.expiresAtMs <= time.nowMs()) return 'expired'
      if (found.isUsed) return 'used'
      found.isUsed = true
      return found.caller
    },
  }
}
