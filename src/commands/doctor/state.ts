import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../../config/config.ts'
import { describeError } from '../../errors.ts'
import { inspectFile } from '../../identity/store/inspect.ts'
import { fileOf } from '../../identity/store/open.ts'
import { whoRuns } from '../../identity/store/running.ts'
import { stateDirectoryOf, withSpoolDirectory } from '../../site/state-directory.ts'
import type { Finding } from './finding.ts'

const mebibyte = 2 ** 20
/** With less than this somebody should look soon; with less than that writes are about to fail. */
const [scarceBytes, exhaustedBytes] = [1024 * mebibyte, 64 * mebibyte]

/** The directory itself, or the nearest one above it that exists. */
const existing = (directory: string): string => {
  const stats = statSync(directory, { throwIfNoEntry: false })
  const parent = dirname(directory)
  return stats || parent === directory ? directory : existing(parent)
}

/** Whether files can be written below a directory, and how much. Nothing is written. */
const checkDirectory = (what: string, directory: string, fix: string): Finding => {
  const place = existing(resolve(directory))
  const bad = (detail: string): Finding => ({ verdict: 'bad', what, detail: `${directory}: ${detail}`, fix })
  if (!statSync(place).isDirectory()) return bad(`${place} is no directory`)
  try {
    accessSync(place, constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = { EROFS: 'the file system is read-only', EACCES: 'this user may not write there' }[code ?? '']
    return bad(`${place === directory ? '' : `${place}: `}${why ?? describeError(error)}`)
  }
  const { bavail, bsize, files, ffree } = statfsSync(place)
  const free = bavail * bsize
  if (free < exhaustedBytes) return bad(`${Math.floor(free / mebibyte)} MiB free`)
  if (files > 0 && ffree === 0) return bad('the file system has no room for another file (inodes)')
  const size = free < 10 * 1024 * mebibyte ? `${Math.floor(free / mebibyte)} MiB` : `${Math.floor(free / 2 ** 30)} GiB`
  const detail = `${directory} is writable${place === resolve(directory) ? '' : ' (made at the first start)'}, ${size} free`
  return free < scarceBytes ? { verdict: 'poor', what, detail, fix: 'make room' } : { verdict: 'good', what, detail }
}

/** Where people, events that wait and the events file are kept. A state of another program or version is told. */
export const checkState = (config: Config, env: Readonly<Record<string, string | undefined>>): readonly Finding[] => {
  const directory = stateDirectoryOf(config, { untilEnd: false, env })
  const { kafka, events } = withSpoolDirectory(config, directory).sinks
  return [
    ...(directory === null ? [inMemory] : peopleIn(directory)),
    ...(kafka.brokers === null
      ? []
      : [checkDirectory('spool for Kafka', kafka.spool.directory, 'another directory: sinks.kafka.spool.directory')]),
    ...(events === null || events === '-'
      ? []
      : [checkDirectory('events file', dirname(resolve(events)), 'another file: --events FILE or sinks.events')]),
  ]
}

const inMemory: Finding = {
  verdict: 'poor',
  what: 'state directory',
  detail: 'none: people are kept in memory only, and a restart gives everybody a new ID',
  fix: '--state DIR or state.directory',
}

const peopleIn = (directory: string): readonly Finding[] => {
  const fix = 'another directory: --state DIR or state.directory'
  const writable = checkDirectory('state directory', directory, fix)
  const file = fileOf(directory)
  const who = whoRuns(directory)
  if (who)
    return [
      writable,
      { verdict: 'good', what: 'people', detail: `in use by process ${who.pid}${who.url ? `, ${who.url}` : ''}` },
    ]
  try {
    const stats = inspectFile(file)
    const detail = stats ? `${join(directory, 'people.db')}, ${(stats.size / mebibyte).toFixed(1)} MiB` : 'nobody yet'
    return [writable, { verdict: 'good', what: 'people', detail }]
  } catch (error) {
    return [writable, { verdict: 'bad', what: 'people', detail: describeError(error), fix }]
  }
}
