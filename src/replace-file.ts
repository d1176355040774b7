import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** How `replaceFile` writes. */
export interface ReplaceOptions {
  /** Who may read and write it. It defaults to this user only: most of what is kept is secret. */
  readonly mode?: number
  /** Called before each step: where tests pull the plug. */
  readonly onStep?: () => void
}

/** What was renamed is on disk once its directory is. */
const syncDirectory = (directory: string): void => {
  const fd = openSync(directory, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Writes a whole file in place of the one there. Readers see the old file or the new one, after `kill -9` and a power cut at any
 * moment too; on return the new one is on disk. Every small file of the state directory is written by this. Throws what the file
 * system throws, and leaves the old file then.
 */
export const replaceFile = (
  file: string,
  data: string | Uint8Array,
  { mode = 0o600, onStep = () => undefined }: ReplaceOptions = {},
): void => {
  const fresh = `${file}.new`
  try {
    onStep()
    // Left by a crash, maybe readable by others.
    rmSync(fresh, { force: true })
    onStep()
    const fd = openSync(fresh, 'wx', mode)
    try {
      onStep()
      writeFileSync(fd, data)
      onStep()
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    onStep()
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  onStep()
  syncDirectory(dirname(file))
}
