import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../.rollcall')

/**
 * A directory below `.rollcall/NAME` that `make` fills: once for all test files, and again when one of the files in `from`
 * changes. Name the file that says how it is made, too. Rejects with what `make` rejects with.
 */
export const madeOnce = async (
  name: string,
  from: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> => {
  const hash = createHash('sha256')
  for (const file of from) hash.update(readFileSync(file))
  const directory = join(root, name, hash.digest('hex').slice(0, 16))
  if (existsSync(directory)) return directory
  mkdirSync(join(root, name), { recursive: true })
  const fresh = mkdtempSync(join(root, name, 'fresh-'))
  await make(fresh)
  try {
    renameSync(fresh, directory)
  } catch (error) {
    // Another test file was first.
    rmSync(fresh, { recursive: true })
    if (!existsSync(directory)) throw error
  }
  return directory
}
