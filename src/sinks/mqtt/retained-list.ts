import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { makeDirectory } from '../../make-directory.ts'
import { replaceFile } from '../../replace-file.ts'

/**
 * The topics at which something of ours is retained, kept in a file: what is no longer so has to be taken back from the broker,
 * also when that happened while this program did not run. On disk before the broker gets it.
 */
export interface RetainedList {
  has(topic: string): boolean
  readonly topics: () => readonly string[]
  /** Rejects nothing; throws what the file system throws, and then nothing has changed. */
  add(topics: readonly string[]): void
  remove(topics: readonly string[]): void
}

const saved = z.array(z.string())

const read = (file: string): readonly string[] => {
  try {
    return saved.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Without the list nothing is lost but that old topics stay at the broker.
    return []
  }
}

/** Opens the list in `file`; creates its directory. */
export const openRetainedList = (file: string): RetainedList => {
  makeDirectory(dirname(file), { mode: 0o700 })
  let topics = new Set(read(file))
  const change = (next: Set<string>): void => {
    if (next.size === topics.size && [...next].every((topic) => topics.has(topic))) return
    replaceFile(file, JSON.stringify([...next].sort()))
    topics = next
  }
  return {
    has: (topic) => topics.has(topic),
    topics: () => [...topics],
    add: (more) => change(new Set([...topics, ...more])),
    remove: (gone) => change(topics.difference(new Set(gone))),
  }
}
