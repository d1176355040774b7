import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describeDiskError } from '../disk.ts'
import { RollcallError } from '../errors.ts'
import { fileOf, openStore } from '../identity/store/open.ts'
import { inUse } from '../identity/store/problems.ts'
import { clearUnfinished, markRestoring, restoringIn } from '../identity/store/restoring.ts'
import { whoRuns } from '../identity/store/running.ts'
import { schemaVersion } from '../identity/store/schema.ts'
import { skipNumbers } from '../identity/store/skip-numbers.ts'
import { makeDirectory } from '../make-directory.ts'
import { countOf, printable } from '../text.ts'
import { configure, oneDirectory, parseWords } from './arguments.ts'
import { type Manifest, manifestFile, readManifest, sha256Of } from './backup/manifest.ts'
import { keptStateOf } from './kept-state.ts'
import { localTime } from './local-time.ts'

const help = `rollcall restore DIR [--state DIR] [--config FILE]

Puts a backup of rollcall backup in place: everybody has their ID, names and sightings again. Every file is checked first.
Only into a state directory that is empty or not there yet: move another one away before. One by an older Rollcall is converted.

  --state DIR    where people are to be kept (default ~/.local/state/rollcall/SITE)
  --config FILE  the configuration that Rollcall will run with

Run it as the user who runs Rollcall. Who was deleted after the backup is known again: delete them again.`

/** Puts a backup in place. Resolves to 0; throws USAGE and STATE, and then has changed nothing. */
export const restore = async (args: readonly string[]): Promise<number> => {
  const { values: options, positionals } = parseWords('restore', args, {
    state: { type: 'string' },
    config: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) {
    console.log(help)
    return 0
  }
  const backup = oneDirectory('restore', positionals)
  const state = keptStateOf(configure(options, process.env))
  const manifest = readManifest(backup)
  refuseNewer(backup, manifest)
  clearUnfinished(state, fileOf(state))
  refuseTaken(state)
  putInPlace(backup, state, manifest)
  // Converts the state of an older version, and looks through all of it.
  openStore(state, { embedder: null }).close()
  const { people, sightings, madeAt } = manifest
  console.log(
    printable(
      `${state}: ${countOf(people, 'person', 'people')}, ${countOf(sightings, 'sighting')}, as of ${localTime(Date.parse(madeAt))}`,
    ),
  )
  return 0
}

const refuseNewer = (backup: string, { schema, rollcall }: Manifest): void => {
  if (schema <= schemaVersion) return
  throw new RollcallError(
    'STATE',
    `${backup} was made by a newer Rollcall (${rollcall}, schema ${schema}; this one knows ${schemaVersion})`,
    { remedy: 'Restore it with that version.' },
  )
}

const refuseTaken = (state: string): void => {
  const who = whoRuns(state)
  if (who) throw inUse(state, who)
  const what = existsSync(state) ? readdirSync(state).filter((name) => name !== 'lost+found') : []
  if (what.length === 0) return
  const holds = existsSync(fileOf(state)) ? 'there are people already' : `there is something already (${what[0]})`
  throw new RollcallError('STATE', `${state}: ${holds}`, {
    remedy: 'Move that directory away, or name another one with --state DIR.',
  })
}

/** Copies, checks the copies, and moves them in; people.db last, so that nothing begins with half of it. */
const putInPlace = (backup: string, state: string, { files }: Manifest): void => {
  const isThere = existsSync(state)
  const fresh = restoringIn(state)
  const moved: string[] = []
  let isOurs = false
  try {
    makeDirectory(state, { mode: 0o700 })
    // Not when another one is restoring.
    mkdirSync(fresh, { mode: 0o700 })
    isOurs = true
    const names = new Set(Object.keys(files).map((name) => name.split('/')[0] ?? name))
    names.delete('people.db')
    markRestoring(state, [...names])
    for (const [name, { sha256 }] of Object.entries(files)) copyChecked(backup, fresh, name, sha256)
    const people = join(fresh, 'people.db')
    if (!existsSync(people)) throw broken(backup, 'people.db')
    skipNumbers(people, Date.now())
    for (const name of names) {
      renameSync(join(fresh, name), join(state, name))
      moved.push(join(state, name))
    }
    // Unlike a rename this fails where a Rollcall has begun a state meanwhile.
    linkSync(people, fileOf(state))
    rmSync(fresh, { recursive: true })
  } catch (cause) {
    for (const each of isOurs ? [fresh, ...moved] : []) rmSync(each, { recursive: true, force: true })
    if (!isThere) removeEmpty(state)
    if (cause instanceof RollcallError) throw cause
    throw new RollcallError('STATE', `${state}: ${describeDiskError(cause)}`, {
      cause,
      remedy: 'Let this user write there and make room, or name another directory with --state DIR.',
    })
  }
}

/** Leaves what others have begun there meanwhile. */
const removeEmpty = (directory: string): void => {
  try {
    rmdirSync(directory)
  } catch {
    // It holds something, or is not there.
  }
}

const copyChecked = (backup: string, to: string, name: string, sha256: string): void => {
  const target = join(to, name)
  makeDirectory(dirname(target), { mode: 0o700 })
  try {
    copyFileSync(join(backup, name), target)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? broken(backup, name) : error
  }
  chmodSync(target, 0o600)
  if (sha256Of(target) !== sha256) throw broken(backup, name)
}

const broken = (backup: string, name: string): RollcallError =>
  new RollcallError('STATE', `${backup}: ${name} is not as ${manifestFile} says`, {
    remedy: 'Take another backup, or another copy of this one.',
  })
