import { readFileSync } from 'node:fs'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RollcallError } from '../../errors.ts'

/** When a process began (proc(5), field 22): a later process may have the same ID. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Keeps a second Rollcall out of `directory`. A lock whose owner no longer runs does not count. Resolves to a function that
 * unlocks it. Throws SINK, which names `field`, when another process holds it.
 */
export const lockDirectory = async (directory: string, field: string): Promise<() => Promise<void>> => {
  const path = join(directory, 'lock')
  const mine = `${process.pid} ${startOf(process.pid)}`
  const draft = `${path}.${process.pid}`
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        // Appears with its content or not at all.
        await link(draft, path)
        return () => unlink(path).catch(() => undefined)
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
      }
      const [pid = 0, start = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ')
      const owner = Number(pid)
      if (attempt > 3 || (owner > 0 && isAlive(owner) && startOf(owner) === start)) {
        throw new RollcallError('SINK', `${field}: ${directory} is used by process ${owner}`, {
          remedy: 'Give each Rollcall a directory of its own.',
        })
      }
      await unlink(path).catch(() => undefined)
    }
  } finally {
    await unlink(draft).catch(() => undefined)
  }
}
