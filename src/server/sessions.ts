import { createHash, randomBytes } from 'node:crypto'
import type { Log, Time } from '../types.ts'
import type { Caller, Scope } from './scope.ts'
import { openSessionTable, type Session, type SessionTable } from './session-table.ts'

/** A session ends when it was not used for this long. */
const sessionIdleMs = 30 * 86_400_000
/** A session gets a new secret when the present one is older. */
const rotateAfterMs = 3_600_000
/** Requests that were under way with the secret before still count for so long. */
const graceMs = 60_000
/** Use is written down at most this often. */
const noteUseMs = 600_000

/** A session as its owner sees it. */
export interface SessionLine extends Pick<Session, 'id' | 'device' | 'createdAtMs' | 'lastUsedAtMs'> {}

/** Sessions of browsers, each opened with a token, and remembered by hashes only. */
export interface Sessions {
  /** Opens one; returns the secret for the cookie. `device` is the browser's own name. */
  open(caller: Caller, device: string): string
  /** Whose session the secret belongs to; null when there is none, or its token is gone. */
  identify(secret: string): Caller | null
  /** A new secret when the present one is old; null otherwise. */
  rotate(session: string): string | null
  /** The sessions that the caller's token has opened, the last used first. */
  list(caller: Caller): readonly SessionLine[]
  /** Ends one of the caller's sessions. False when there is none of this ID. */
  end(caller: Caller, session: string): boolean
  /**
   * Whose a ticket or link is that was issued to `caller`, as of now: null when the session or the token that asked for it is
   * gone. So who was signed out leaves nothing behind that lets him in again.
   */
  present(caller: Caller): Caller | null
  /** Call it when the tokens have changed: ends the sessions whose token is gone, and cuts off who may no longer stay. */
  checkTokens(): void
  /**
   * Calls `cutOff` when the caller's session ends, and when `checkTokens` finds that the token is gone or lacks the scope.
   * Returns how to take that back.
   */
  hold(caller: Caller, scope: Scope, cutOff: () => void): () => void
}

/** What sessions need. */
export interface SessionsDeps {
  /** Who the token with this fingerprint is now; null when it is gone. */
  readonly callerOf: (key: string) => Caller | null
  /** The file that keeps them over a restart; null: they end with this run. */
  readonly file: string | null
  readonly time: Time
  readonly log: Log
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64')

/**
 * Remembers browsers that have signed in, so that no page has to keep a token. The secret of a session is only in its cookie,
 * and is looked up by its hash, so that neither the file nor the time of an answer reveals a valid one.
 */
export const createSessions = ({ callerOf, file, time, log }: SessionsDeps): Sessions => {
  const table = openSessionTable(file, log)
  const { put, remove } = table
  const holders = createHolders(table)
  const present = (caller: Caller): Caller | null => {
    const { key, session } = caller
    if (key === undefined) return caller
    if (session !== undefined && table.get(session) === undefined) return null
    const now = callerOf(key)
    return now && { ...now, ...(session !== undefined && { session }) }
  }
  const identify = (secret: string): Caller | null => {
    const nowMs = time.nowMs()
    const session = found(table.all(), secret, nowMs)
    if (session === undefined) return null
    const caller = callerOf(session.key)
    if (caller === null || nowMs - session.lastUsedAtMs > sessionIdleMs) {
      remove(session.id)
      table.save()
      return null
    }
    if (nowMs - session.lastUsedAtMs > noteUseMs) put({ ...session, lastUsedAtMs: nowMs })
    return { ...caller, session: session.id }
  }
  const isOwn = (caller: Caller, { key }: Session): boolean => key === caller.key
  return {
    open: (caller, device) => {
      if (caller.key === undefined) throw new Error('expected a caller with a token')
      const [secret, nowMs] = [randomBytes(32).toString('base64url'), time.nowMs()]
      const times = { createdAtMs: nowMs, rotatedAtMs: nowMs, lastUsedAtMs: nowMs, graceUntilMs: 0 }
      const id = randomBytes(9).toString('base64url')
      put({ id, hash: hashOf(secret), before: null, key: caller.key, name: caller.name, device, ...times })
      return secret
    },
    identify,
    rotate: (id) => {
      const session = table.get(id)
      const nowMs = time.nowMs()
      if (session === undefined || nowMs - session.rotatedAtMs < rotateAfterMs) return null
      const secret = randomBytes(32).toString('base64url')
      const times = { rotatedAtMs: nowMs, lastUsedAtMs: nowMs, graceUntilMs: nowMs + graceMs }
      put({ ...session, hash: hashOf(secret), before: session.hash, ...times })
      return secret
    },
    list: (caller) =>
      table
        .all()
        .filter((session) => isOwn(caller, session))
        .toSorted((a, b) => b.lastUsedAtMs - a.lastUsedAtMs)
        .map(({ id, device, createdAtMs, lastUsedAtMs }) => ({ id, device, createdAtMs, lastUsedAtMs })),
    end: (caller, id) => {
      const session = table.get(id)
      if (session === undefined || !isOwn(caller, session)) return false
      remove(id)
      table.save()
      return true
    },
    present,
    checkTokens: () => {
      const gone = table.all().filter(({ key }) => callerOf(key) === null)
      for (const { id } of gone) remove(id)
      if (gone.length > 0) table.save()
      holders.check((caller, scope) => present(caller)?.scopes.has(scope) ?? false)
    },
    hold: holders.hold,
  }
}

/** Those who hold something open that needs a scope, with a session or without. */
const createHolders = (table: Pick<SessionTable, 'hold'>) => {
  const all = new Set<{ readonly caller: Caller; readonly scope: Scope; readonly cutOff: () => void }>()
  return {
    hold: (caller: Caller, scope: Scope, cutOff: () => void): (() => void) => {
      const holder = { caller, scope, cutOff }
      all.add(holder)
      const leaveSession = caller.session === undefined ? null : table.hold(caller.session, cutOff)
      return () => {
        all.delete(holder)
        leaveSession?.()
      }
    },
    /** Cuts off everybody who may not stay. */
    check: (mayStay: (caller: Caller, scope: Scope) => boolean): void => {
      for (const { caller, scope, cutOff } of all) if (!mayStay(caller, scope)) cutOff()
    },
  }
}

/** The session with this secret, or with it until a moment ago. */
const found = (sessions: readonly Session[], secret: string, nowMs: number): Session | undefined => {
  const hash = hashOf(secret)
  for (const each of sessions) {
    if (each.hash === hash || (each.before === hash && nowMs < each.graceUntilMs)) return each
  }
  return undefined
}
