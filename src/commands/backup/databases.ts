import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { RollcallError } from '../../errors.ts'
import { openStore } from '../../identity/store/open.ts'
import { asStateError, damaged } from '../../identity/store/problems.ts'
import { whoRuns } from '../../identity/store/running.ts'
import { snapshotDatabase } from '../../identity/store/snapshot.ts'
import { type SnapshotAnswer, snapshotDirectory } from '../../server/backup-route.ts'
import { askRollcall, isListening } from '../people/http-client.ts'
import { trustOwnCertificate } from '../people/open-client.ts'

/** A copy of much on a busy disk. */
const patienceMs = 600_000
const databases = ['people.db', 'crops.db'] as const

/**
 * Copies the databases of a state directory into another one, then does `rest`: by the Rollcall that has them open, which goes
 * on meanwhile, else by this process, which keeps others out. Throws STATE.
 */
export const copyDatabases = async (
  state: string,
  to: string,
  token: string | null,
  rest: () => void,
): Promise<void> => {
  const runs = whoRuns(state)
  if (runs?.url) {
    trustOwnCertificate(state)
    if (await isListening(runs.url)) {
      await askRunning(runs.url, token)
      takeAway(state, to)
      rest()
      return
    }
  }
  if (runs && runs.url === null && runs.pid !== process.pid)
    throw new RollcallError('STATE', `process ${runs.pid} has ${state} open, and listens nowhere`, {
      remedy: 'Give it a port with --http HOST:PORT, or stop it for the backup.',
    })
  const store = openStore(state, { embedder: null })
  try {
    await store.snapshot(join(to, 'people.db'))
    await copyPictures(state, to)
    rest()
  } finally {
    store.close()
  }
}

const askRunning = async (url: string, token: string | null): Promise<SnapshotAnswer> =>
  (await askRollcall(url, { method: 'POST', path: '/api/backup', token, patienceMs })) as SnapshotAnswer

/** Nobody else has them open: that is what the lock on people.db stands for. */
const copyPictures = async (state: string, to: string): Promise<void> => {
  if (!existsSync(join(state, 'crops.db'))) return
  const db = new DatabaseSync(join(state, 'crops.db'))
  try {
    await snapshotDatabase(db, join(to, 'crops.db'))
  } finally {
    db.close()
  }
}

/** Moves what the running Rollcall has copied. Throws STATE when this user may not. */
const takeAway = (state: string, to: string): void => {
  const directory = join(state, snapshotDirectory)
  try {
    for (const name of databases) {
      const [source, target] = [join(directory, name), join(to, name)]
      if (!existsSync(source) && name !== 'people.db') continue
      try {
        renameSync(source, target)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
        copyFileSync(source, target)
      }
      chmodSync(target, 0o600)
    }
    rmSync(directory, { recursive: true })
  } catch (cause) {
    throw new RollcallError('STATE', `${directory}: ${(cause as Error).message}`, {
      cause,
      remedy: 'Run rollcall backup on the same machine, as the user who runs Rollcall.',
    })
  }
}

/** Looks through a copied database, and makes it one file that needs no log beside it. Throws STATE when it is broken. */
export const checkCopy = <T>(file: string, look: (db: DatabaseSync) => T): T => {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file)
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE')
    const found = String(db.prepare('PRAGMA quick_check(1)').get()?.quick_check)
    if (found !== 'ok') throw damaged(file, found)
    return look(db)
  } catch (error) {
    throw asStateError(error, file)
  } finally {
    db?.close()
  }
}

/** How much a copied people.db holds, and its schema. */
export const countPeople = (
  db: DatabaseSync,
): { readonly schema: number; readonly people: number; readonly sightings: number } => {
  const count = (table: string): number => Number(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count)
  return {
    schema: Number(db.prepare('PRAGMA user_version').get()?.user_version),
    people: count('people'),
    sightings: count('sightings'),
  }
}
