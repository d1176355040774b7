import { createHash, randomBytes } from 'node:crypto'
import type { Time } from '../types.ts'
import type { Caller } from './scope.ts'

/** Comes before the ticket in the list of subprotocols, the only thing that a browser can send with an upgrade. */
export const ticketPrefix = 'rollcall.ticket.'
/** Seconds: enough to open a WebSocket at once. */
export const ticketLifetimeS = 30
/** The most tickets that are remembered; beyond it the oldest become invalid. */
export const maxTickets = 10_000

/** Issues and redeems tickets, in memory only. */
export interface Tickets {
  /** Returns 256 random bits as base64url. */
  issue(caller: Caller): string
  /** Returns to whom the ticket was issued; a string says why it is not valid. A ticket can be redeemed once. */
  redeem(ticket: string): Caller | 'expired' | 'used' | 'unknown'
}

interface Issued {
  readonly caller: Caller
  /** Unix milliseconds. */
  readonly expiresAtMs: number
  isUsed: boolean
}

/**
 * A ticket opens one WebSocket. Browsers cannot send a header with an upgrade, and a token in a URL would end up in logs.
 * Tickets are looked up by their hash, so that the time of an answer reveals nothing about valid ones.
 */
export const createTickets = (time: Time, lifetimeS = ticketLifetimeS): Tickets => {
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
      issued.set(hashOf(ticket), { caller, expiresAtMs: nowMs + lifetimeS * 1000, isUsed: false })
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
