import { type Stats, statSync } from 'node:fs'
import { fileOf } from '../identity/store/open.ts'

/**
 * Looks whether the database of people is still where it was opened, each time that the result is called: null when it is,
 * else a sentence. Without its name it goes on working, and everything in it is gone with the process. A null directory
 * keeps people in memory.
 */
export const stateInPlace = (directory: string | null): (() => string | null) => {
  if (directory === null) return () => null
  const file = fileOf(directory)
  const opened = statSync(file)
  return () => {
    const now = named(file)
    if (now?.ino === opened.ino && now.dev === opened.dev) return null
    const what = now === null ? 'was deleted or moved' : 'was replaced'
    return `${file} ${what} while it was in use, so people are not kept: put it back, or restart with a directory that stays`
  }
}

/** Null where the name leads to nothing, or nowhere this process may look. */
const named = (file: string): Stats | null => {
  try {
    return statSync(file)
  } catch {
    return null
  }
}
