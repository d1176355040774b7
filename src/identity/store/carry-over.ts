import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type CarriedOver, type Carrying, carryRows } from './carry-rows.ts'
import { fileOf, noState, storedEmbedder, withLockedFile } from './open.ts'
import { otherEmbedder, type StoredEmbedder } from './problems.ts'
import { livesInTopic, readPosition } from './topic-position.ts'

/** What a state is carried over with. */
export interface CarryOver extends Carrying {
  /** The embedder that the state must have. */
  readonly from: StoredEmbedder
  /** Called before each statement that writes: where tests pull the plug. */
  readonly onWrite?: () => void
}

/** Opens a state that must be of the embedder `from`. Throws STATE. */
const withStateOf = <T>(
  directory: string,
  from: StoredEmbedder,
  onWrite: () => void,
  use: (db: DatabaseSync) => T,
): T => {
  if (!existsSync(fileOf(directory))) throw noState(directory)
  return withLockedFile(directory, onWrite, ({ db, close }) => {
    const stored = storedEmbedder(db)
    if (!stored) throw noState(directory)
    if (stored.sha256 !== from.sha256 || stored.dimensions !== from.dimensions)
      throw otherEmbedder(directory, stored, from)
    if (readPosition(db) !== null) throw livesInTopic(fileOf(directory))
    const result = use(db)
    close()
    return result
  })
}

/** Throws STATE when `carryOver` would: the state is not there, in use, or of another embedder than `from`. Changes nobody. */
export const requireCarryable = (directory: string, from: StoredEmbedder): void =>
  withStateOf(
    directory,
    from,
    () => undefined,
    () => undefined,
  )

/**
 * Carries the people of a state over to another embedder: every look is mapped, with its evidence and clarity as they were; IDs,
 * names, merges, cannot-links and sightings stay. All of it in one transaction. Throws STATE when the state is in use, or is of
 * another embedder than `from`; then nothing has changed.
 */
export const carryOver = (directory: string, { from, to, map, onWrite = () => undefined }: CarryOver): CarriedOver =>
  withStateOf(directory, from, onWrite, (db) => carryRows(db, { to, map }, onWrite))
