import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { replaceFile } from '../replace-file.ts'
import type { Log } from '../types.ts'

/** The most sessions that are kept of one token; beyond it those unused for longest end. Nobody can end those of others. */
const maxPerToken = 100
/** The most that are kept in all. */
const maxSessions = 1000

const sessionSchema = z.strictObject({
  id: z.string(),
  /** Of the secret in the cookie. */
  hash: z.string(),
  /** Of the secret before. It counts until `graceUntilMs`. */
  before: z.string().nullable(),
  graceUntilMs: z.number(),
  /** Of the token that opened it: the session ends when the token goes. */
  key: z.string(),
  name: z.string(),
  device: z.string(),
  createdAtMs: z.number(),
  rotatedAtMs: z.number(),
  lastUsedAtMs: z.number(),
})
const fileSchema = z.strictObject({ version: z.literal(1), sessions: z.array(sessionSchema) })

/** One session of a browser, as it is kept. */
export type Session = z.infer<typeof sessionSchema>

/** The sessions that there are, those unused for longest first. */
export interface SessionTable {
  all(): readonly Session[]
  get(id: string): Session | undefined
  /** Adds or replaces one, as the last used, and ends those that are too many. Saves. */
  readonly put: (session: Session) => void
  /** Ends one; whoever holds it is cut off. Does not save. */
  readonly remove: (id: string) => void
  save(): void
  /** Calls `cutOff` when the session ends. Returns how to take that back. */
  readonly hold: (id: string, cutOff: () => void) => () => void
}

/** Reads the sessions of an earlier run. A null file keeps them in memory; one that cannot be written is logged. */
export const openSessionTable = (file: string | null, log: Log): SessionTable => {
  const sessions = new Map(readFile(file, log).map((session) => [session.id, session]))
  const held = new Map<string, Set<() => void>>()
  const save = (): void => {
    if (file !== null) writeFile(file, [...sessions.values()], log)
  }
  const remove = (id: string): void => {
    sessions.delete(id)
    for (const cutOff of held.get(id) ?? []) cutOff()
    held.delete(id)
  }
  const put = (session: Session): void => {
    sessions.delete(session.id)
    sessions.set(session.id, session)
    // The first of the map is the one unused for longest.
    const ofToken = [...sessions.values()].filter(({ key }) => key === session.key)
    for (const { id } of ofToken.slice(0, Math.max(0, ofToken.length - maxPerToken))) remove(id)
    for (const { id } of sessions.values()) if (sessions.size > maxSessions) remove(id)
    save()
  }
  return {
    all: () => [...sessions.values()],
    get: (id) => sessions.get(id),
    put,
    remove,
    save,
    hold: (id, cutOff) => {
      const cutOffs = held.get(id) ?? new Set()
      held.set(id, cutOffs.add(cutOff))
      return () => void cutOffs.delete(cutOff)
    },
  }
}

/** The sessions in the file; none when it is missing or no longer understood. */
const readFile = (file: string | null, log: Log): readonly Session[] => {
  if (file === null) return []
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).sessions
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      log.warn({ file }, 'the sessions of browsers cannot be read: everybody has to sign in again')
    }
    return []
  }
}

const writeFile = (file: string, sessions: readonly Session[], log: Log): void => {
  try {
    replaceFile(file, JSON.stringify({ version: 1, sessions }))
  } catch (error) {
    log.warn(
      { file, error: (error as Error).message },
      'the sessions of browsers cannot be kept: they end with this run',
    )
  }
}
