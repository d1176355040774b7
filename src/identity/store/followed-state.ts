import { RollcallError } from '../../errors.ts'
import type { WallMs } from '../../types.ts'
import { storedEmbedder, withLockedFile } from './open.ts'
import { asStateError } from './problems.ts'
import { createRowWriter, type StateRow } from './row-log.ts'
import { positionWriter, readPosition, type StateHead, type TopicPosition } from './topic-position.ts'
import { createTransactions } from './transactions.ts'

/** Before the first head: whose the rows are is not known yet. */
const unnamed = { state: '', writer: '', number: 0, confirmed: 0 } as const

/** What a topic says, in its order. */
export type TopicEntry =
  | { readonly what: 'row'; readonly row: StateRow }
  | { readonly what: 'head'; readonly head: StateHead; readonly lastIds: Readonly<Record<string, number>> }

/** The people of a directory, as a file that only follows what another process commits. Whoever opened it closes it. */
export interface FollowedState {
  /** Null: nobody in this file is in a topic. */
  position(): TopicPosition | null
  /** Whether there is nobody's state in this file. */
  isNew(): boolean
  /**
   * Writes what stands in the topic up to `next`, in one transaction; of what was deleted no byte is left. Throws STATE when the disk
   * refuses, or for what this version does not know.
   */
  apply(entries: readonly TopicEntry[], next: number, readMs: WallMs): void
  /** Forgets everybody, to begin from the start of the topic. */
  clear(): void
  close(): void
}

/** Opens the file in a directory, made if need be. Throws STATE, as `openStore` does. */
export const openFollowedState = (directory: string): FollowedState =>
  withLockedFile(
    directory,
    () => undefined,
    ({ db, file, fd, close }) => {
      // What is read at once may end anywhere: a row may come before that which it belongs to. And what goes with another row is told of.
      db.exec('PRAGMA foreign_keys = OFF')
      const rows = createRowWriter(db)
      const put = positionWriter(db)
      const nothing = (): void => undefined
      const transactions = createTransactions({ db, file, fd, onWrite: nothing, onUndone: nothing })
      const site = db.prepare('SELECT scrub FROM site')
      let position = readPosition(db)

      const scrubIfAsked = (): void => {
        if (site.get()?.scrub === 1) transactions.scrub()
      }
      const applyAll = (entries: readonly TopicEntry[]): void => {
        for (const entry of entries)
          if (entry.what === 'head') {
            rows.keepIds(entry.lastIds)
            const { state, writer, number } = entry.head
            position = { state, writer, number, confirmed: number, next: 0, readMs: 0 }
          } else if (!rows.write(entry.row)) throw unknownRow(entry.row)
      }
      return {
        position: () => position,
        isNew: () => storedEmbedder(db) === null,
        apply: (entries, next, readMs) => {
          const before = position
          try {
            transactions.write(() => {
              applyAll(entries)
              if (position === null && entries.length === 0) return
              position = { ...(position ?? unnamed), next, readMs }
              put(position)
            }, false)
            scrubIfAsked()
          } catch (error) {
            position = before
            throw asStateError(error, file)
          }
        },
        clear: () => {
          transactions.write(() => {
            rows.clear()
            put(null)
          }, false)
          position = null
          transactions.scrub()
        },
        close,
      }
    },
  )

const unknownRow = ({ table }: StateRow): RollcallError =>
  new RollcallError(
    'STATE',
    `seam.stateTopic: a row of ${table} was written by a version of Rollcall that this one does not know`,
    {
      remedy: 'Use the same version for all identity processes of the site.',
    },
  )
