import { existsSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describeDiskError } from '../disk.ts'
import { RollcallError } from '../errors.ts'
import { makeDirectory } from '../make-directory.ts'
import { replaceFile } from '../replace-file.ts'
import { spoolElsewhere } from '../site/state-directory.ts'
import { countOf, printable } from '../text.ts'
import { version } from '../version.ts'
import { configure, oneDirectory, parseWords } from './arguments.ts'
import { copyState } from './backup/copy-state.ts'
import { checkCopy, copyDatabases, countPeople } from './backup/databases.ts'
import { filesBelow, type Manifest, manifestFile } from './backup/manifest.ts'
import { keptStateOf } from './kept-state.ts'

const help = `rollcall backup DIR [--state DIR] [--config FILE]

Copies all that a Rollcall keeps in its state directory into DIR, which must not be there yet: people, sightings, pictures with
their key, cameras that were added, sessions, certificate, and what waits for brokers and receivers. It may run meanwhile, with
HTTP on. The copy is checked, and DIR is there whole or not at all. rollcall restore DIR puts it in place.

  --state DIR    where people are kept (default ~/.local/state/rollcall/SITE)
  --config FILE  the configuration that Rollcall runs with; it is not in the backup, nor are events files

Run it as the user who runs Rollcall. A token with the scope operate comes from ROLLCALL_TOKEN. A backup holds biometric data,
keys and passwords: keep it on an encrypted disk. Who is deleted later is still in it.`

/** Copies a state directory. Resolves to 0; throws USAGE and STATE. */
export const backup = async (args: readonly string[]): Promise<number> => {
  const { values: options, positionals } = parseWords('backup', args, {
    state: { type: 'string' },
    config: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) {
    console.log(help)
    return 0
  }
  const target = oneDirectory('backup', positionals)
  const { state, outside } = statePlace(options)
  const fresh = prepare(target, state)
  const giveUp = (): never => {
    remove(fresh)
    process.exit(1)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, giveUp)
  try {
    await copyDatabases(state, fresh, process.env.ROLLCALL_TOKEN || null, () => copyState(state, fresh))
    const manifest = describe(fresh)
    replaceFile(join(fresh, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`)
    renameSync(fresh, target)
    console.log(printable(summary(target, manifest)))
    if (outside !== null) console.log(printable(`  not in it: ${outside}, which is not in the state directory`))
    return 0
  } catch (error) {
    remove(fresh)
    throw error instanceof RollcallError ? error : unwritable(target, error)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, giveUp)
  }
}

const remove = (directory: string): void => rmSync(directory, { recursive: true, force: true })

/** The state directory, and a spool of Kafka that is elsewhere. Throws USAGE and STATE where nobody is kept. */
const statePlace = (options: { readonly state?: string; readonly config?: string }) => {
  const config = configure(options, process.env)
  const state = keptStateOf(config)
  return { state, outside: spoolElsewhere(config, state) }
}

const isIn = (path: string, directory: string): boolean => `${path}/`.startsWith(`${directory}/`)

/** Makes an empty directory beside the target, on the same disk. Throws USAGE and STATE where the target cannot be. */
const prepare = (target: string, state: string): string => {
  if (isIn(realOf(target), realOf(state)))
    throw new RollcallError('USAGE', `${target} is in the state directory`, { remedy: 'Name a directory elsewhere.' })
  if (!isFree(target))
    throw new RollcallError('USAGE', `${target} is there already, and not empty`, {
      remedy: 'Name a new directory for each backup.',
    })
  try {
    makeDirectory(dirname(target))
    return mkdtempSync(join(dirname(target), `${basename(target)}.partial-`))
  } catch (cause) {
    throw unwritable(target, cause)
  }
}

/** Whether nothing is there, or an empty directory. */
const isFree = (target: string): boolean => {
  try {
    return readdirSync(target).length === 0
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

/** The path without symbolic links, as far as it is there. */
const realOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realOf(dirname(path)), basename(path))
  }
}

const unwritable = (target: string, cause: unknown): RollcallError =>
  new RollcallError('STATE', `${target}: ${describeDiskError(cause)}`, {
    cause,
    remedy: 'Let this user write there and make room, or name another directory.',
  })

/** Checks the copies and says what they hold. */
const describe = (directory: string): Manifest => {
  const counts = checkCopy(join(directory, 'people.db'), countPeople)
  if (existsSync(join(directory, 'crops.db'))) checkCopy(join(directory, 'crops.db'), () => undefined)
  return { format: 1, rollcall: version(), madeAt: new Date().toISOString(), ...counts, files: filesBelow(directory) }
}

const summary = (target: string, { people, sightings, files }: Manifest): string => {
  const all = Object.values(files)
  const megabytes = all.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6
  return `${target}: ${countOf(people, 'person', 'people')}, ${countOf(sightings, 'sighting')}; ${countOf(all.length, 'file')}, ${megabytes.toFixed(1)} MB`
}
