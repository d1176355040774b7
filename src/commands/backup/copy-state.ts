import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { snapshotDirectory } from '../../server/backup-route.ts'

/**
 * Databases, which are copied by SQLite, what only means something while a process runs, and what libraries keep for the user of the
 * service, whose home the state directory is.
 */
const isLeftOut = (name: string): boolean =>
  /^(people\.db|crops\.db)(-wal|-shm|-journal)?$/.test(name) ||
  ['running.json', '.cache', snapshotDirectory].includes(name)

/** Of a write that is under way, and of a lock on a spool. */
const isPassing = (name: string): boolean => name.endsWith('.new') || /^lock(\.\d+)?$/.test(name)

/** How far a spool is delivered goes first: what was delivered meanwhile is then delivered once more, and nothing is lost. */
const cursorFirst = (a: string, b: string): number =>
  Number(b === 'cursor') - Number(a === 'cursor') || (a < b ? -1 : 1)

/**
 * Copies all of a state directory but its databases: cameras that were added, sessions, the certificate, the key of the
 * pictures, and what waits for brokers and receivers. It may be in use: a file that goes meanwhile is left out, and the end
 * of a spool that is just being written is cut off when it is opened. Throws what the file system throws.
 */
export const copyState = (from: string, to: string): void => copyBelow(from, to, isLeftOut)

const copyBelow = (from: string, to: string, leftOut: (name: string) => boolean): void => {
  for (const name of readdirSync(from).sort(cursorFirst)) {
    if (leftOut(name) || isPassing(name)) continue
    const [source, target] = [join(from, name), join(to, name)]
    const stats = statSync(source, { throwIfNoEntry: false })
    if (stats?.isDirectory()) {
      mkdirSync(target, { mode: 0o700 })
      copyBelow(source, target, () => false)
    } else if (stats?.isFile()) copyIfThere(source, target)
  }
}

const copyIfThere = (source: string, target: string): void => {
  try {
    copyFileSync(source, target)
    chmodSync(target, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
