import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { filesIn } from '../support/files-in.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, '.rollcall/viewers')

/** Changes with all that the viewer is built from. */
const keyOfSources = (): string => {
  const hash = createHash('sha256')
  const folders = ['viewer/src', 'viewer/public', 'client/src', 'src']
  const files = ['viewer/index.html', 'viewer/size.ts', 'viewer/vite.config.ts', 'package-lock.json']
  for (const file of [
    ...folders.flatMap((name) => filesIn(join(root, name))),
    ...files.map((name) => join(root, name)),
  ])
    hash.update(file).update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

/**
 * Builds the viewer as `npm run build:viewer` does, and returns its directory. It is built once for all test files, and
 * kept until its sources change.
 */
export const buildViewer = async (): Promise<string> => {
  const key = keyOfSources()
  const directory = join(folder, key)
  if (existsSync(directory)) return directory
  const { build } = await import('vite')
  mkdirSync(folder, { recursive: true })
  const fresh = join(folder, `${key}.${process.pid}`)
  await build({ root: join(root, 'viewer'), logLevel: 'error', build: { outDir: fresh, emptyOutDir: true } })
  try {
    renameSync(fresh, directory)
  } catch (error) {
    // Another test file was faster.
    rmSync(fresh, { recursive: true })
    if (!existsSync(directory)) throw error
  }
  for (const old of readdirSync(folder))
    if (!old.startsWith(key)) rmSync(join(folder, old), { recursive: true, force: true })
  return directory
}
