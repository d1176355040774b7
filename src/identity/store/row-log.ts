import type { DatabaseSync } from 'node:sqlite'

/** A value of a column. */
export type RowValue = null | number | string | Uint8Array

/** A row of any table, as it is after a commit. */
export interface StateRow {
  readonly table: string
  /** The values of its primary key. */
  readonly key: readonly RowValue[]
  /** All its values in the order of the columns; null: there is no such row any more. */
  readonly values: readonly RowValue[] | null
}

/** A table, and the columns that it has. */
interface TableShape {
  readonly name: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
}

/** Where the position in the topic of a site is kept: it is of this file alone. */
export const positionTable = 'state_topic'

const tablesOf = (db: DatabaseSync): readonly TableShape[] => {
  const columns = db.prepare('SELECT name, pk FROM pragma_table_info(?) ORDER BY cid')
  return db
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> ? ORDER BY name",
    )
    .all(positionTable)
    .map(({ name }) => {
      const all = columns.all(String(name)) as { name: string; pk: number }[]
      const key = all.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
      return { name: String(name), columns: all.map((each) => each.name), key: key.map((each) => each.name) }
    })
}

const list = (names: readonly string[], before = ''): string => names.map((name) => `${before}"${name}"`).join(', ')

/** Notes which rows change from here on, in memory. */
export interface NotedRows {
  /** The rows that have changed since the last call, as they are now: those that are gone first. */
  take(): StateRow[]
  /** Forgets what was noted. */
  drop(): void
}

/** Watches all tables of an open database by triggers of this connection: about 3 µs a row. */
export const noteRows = (db: DatabaseSync): NotedRows => {
  const tables = tablesOf(db).map((table) => {
    const noted = `noted_${table.name}`
    const note = (row: 'NEW' | 'OLD'): string =>
      `INSERT INTO ${noted} VALUES (${list(table.key, `${row}.`)}) ON CONFLICT DO NOTHING;`
    db.exec(`
      CREATE TEMP TABLE ${noted} (${list(table.key)}, PRIMARY KEY (${list(table.key)})) WITHOUT ROWID;
      CREATE TEMP TRIGGER ${noted}_put AFTER INSERT ON main.${table.name} BEGIN ${note('NEW')} END;
      CREATE TEMP TRIGGER ${noted}_change AFTER UPDATE ON main.${table.name} BEGIN ${note('OLD')} ${note('NEW')} END;
      CREATE TEMP TRIGGER ${noted}_drop AFTER DELETE ON main.${table.name} BEGIN ${note('OLD')} END;
    `)
    const on = table.key.map((column) => `t."${column}" = n."${column}"`).join(' AND ')
    const changed = db.prepare(
      `SELECT ${list(table.key, 'n.')}, ${list(table.columns, 't.')} FROM ${noted} n LEFT JOIN main.${table.name} t ON ${on}`,
    )
    changed.setReturnArrays(true)
    return { ...table, changed, clear: db.prepare(`DELETE FROM ${noted}`) }
  })
  return {
    take: () => {
      const gone: StateRow[] = []
      const put: StateRow[] = []
      for (const { name: table, key, columns, changed, clear } of tables) {
        const rows = changed.all() as unknown as RowValue[][]
        if (rows.length === 0) continue
        clear.run()
        // A column of the key is never null in a row that is there.
        const at = key.length + columns.indexOf(key[0] ?? '')
        for (const row of rows) {
          const named = row.slice(0, key.length)
          if (row[at] === null) gone.push({ table, key: named, values: null })
          else put.push({ table, key: named, values: row.slice(key.length) })
        }
      }
      return [...gone, ...put]
    },
    drop: () => {
      for (const { clear } of tables) clear.run()
    },
  }
}

/** Every row of every table. */
export const allRows = function* (db: DatabaseSync): Generator<StateRow> {
  for (const { name: table, columns, key } of tablesOf(db)) {
    const rows = db.prepare(`SELECT ${list(columns)} FROM main.${table}`)
    rows.setReturnArrays(true)
    const at = key.map((column) => columns.indexOf(column))
    for (const row of rows.iterate()) {
      const values = row as unknown as RowValue[]
      yield { table, key: at.map((i) => values[i] ?? null), values }
    }
  }
}

/** The last ID that was given in each table whose IDs are never given again. */
export const lastIds = (db: DatabaseSync): Record<string, number> =>
  Object.fromEntries(
    db
      .prepare('SELECT name, seq FROM sqlite_sequence')
      .all()
      .map(({ name, seq }) => [String(name), Number(seq)]),
  )

/** Writes rows that others have made, within a transaction of its caller. */
export interface RowWriter {
  /** False when this schema has no such table, or another number of columns. */
  write(row: StateRow): boolean
  /** What `lastIds` said. */
  keepIds(ids: Readonly<Record<string, number>>): void
  /** Leaves no row. */
  clear(): void
}

/** Prepares the statements. */
export const createRowWriter = (db: DatabaseSync): RowWriter => {
  const tables = new Map(
    tablesOf(db).map(({ name, columns, key }) => {
      const rest = columns.filter((column) => !key.includes(column))
      const change = rest.map((column) => `"${column}" = excluded."${column}"`).join(', ')
      const put = db.prepare(
        `INSERT INTO main.${name} (${list(columns)}) VALUES (${columns.map(() => '?').join(', ')}) ` +
          `ON CONFLICT (${list(key)}) DO ${rest.length > 0 ? `UPDATE SET ${change}` : 'NOTHING'}`,
      )
      const where = key.map((column) => `"${column}" = ?`).join(' AND ')
      return [name, { put, drop: db.prepare(`DELETE FROM main.${name} WHERE ${where}`), columns, key }] as const
    }),
  )
  return {
    write: ({ table, key, values }) => {
      const known = tables.get(table)
      if (!known || known.key.length !== key.length) return false
      if (values === null) known.drop.run(...key)
      else if (values.length === known.columns.length) known.put.run(...values)
      else return false
      return true
    },
    keepIds: (ids) => {
      for (const [table, last] of Object.entries(ids)) {
        db.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(table)
        db.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, last)
      }
    },
    clear: () => {
      for (const name of tables.keys()) db.exec(`DELETE FROM main.${name}`)
    },
  }
}
