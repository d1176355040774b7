import { mkdirSync, statSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** How a directory is made. */
export interface DirectoryOptions {
  /** The rights of all that are made. It defaults to 0o777, less what the process masks. */
  readonly mode?: number
}

/**
 * Makes a directory and all above it that are not there. Throws what the file system throws. Node's own `recursive` tries for
 * ever where the system says that the directory above is not there although it is: in /proc, under mounts that make no
 * directories, and in a working directory that was deleted.
 */
export const makeDirectory = (path: string, { mode = 0o777 }: DirectoryOptions = {}): void => {
  const isThere = (): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  if (isThere()) return
  const parent = above(path)
  if (statSync(parent, { throwIfNoEntry: false }) === undefined) makeDirectory(parent, { mode })
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isThere()) throw error
  }
}

/** The same for whoever must not wait for a disk that hangs. */
export const makeDirectorySoon = async (path: string, { mode = 0o777 }: DirectoryOptions = {}): Promise<void> => {
  const isThere = async (): Promise<boolean> => {
    const stats = await stat(path).catch(() => null)
    return stats?.isDirectory() === true
  }
  if (await isThere()) return
  const parent = above(path)
  if ((await stat(parent).catch(() => null)) === null) await makeDirectorySoon(parent, { mode })
  try {
    await mkdir(path, { mode })
  } catch (error) {
    if (!(await isThere())) throw error
  }
}

/** `resolve` throws ENOENT for a relative path when the working directory was deleted. */
const above = (path: string): string => dirname(resolve(path))
