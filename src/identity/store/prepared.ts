import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

/** One row of a result, by the name of the column. */
export type Row = Record<string, SQLInputValue>

/** Prepares the statements of one open database. */
export type Prepare = ReturnType<typeof preparing>

/**
 * Prepares statements of an open database, each once. `onWrite` is called before each statement that writes: where tests
 * pull the plug.
 */
export const preparing = (db: DatabaseSync, onWrite: () => void) => ({
  /** A statement that writes. Returns how many rows it changed. */
  write: <Args extends SQLInputValue[]>(sql: string) => {
    const statement = db.prepare(sql)
    return (...args: Args): number => {
      onWrite()
      return Number(statement.run(...args).changes)
    }
  },
  /** A statement that reads. */
  read: <Args extends SQLInputValue[]>(sql: string) => {
    const statement = db.prepare(sql)
    return (...args: Args): Row[] => statement.all(...args) as Row[]
  },
})
