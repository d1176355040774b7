import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { RollcallError } from '../../errors.ts'
import { isAlive } from './running.ts'

const marker = 'restoring.json'
const marked = z.object({ pid: z.int().positive(), names: z.array(z.string()) })

/** Where a restore copies to, below the state directory, before it moves all up. */
export const restoringIn = (directory: string): string => join(directory, 'restoring')

/** Says which names this process is going to move up, so that they can be removed when it is killed. */
export const markRestoring = (directory: string, names: readonly string[]): void =>
  writeFileSync(join(restoringIn(directory), marker), JSON.stringify({ pid: process.pid, names }), { mode: 0o600 })

const unfinishedIn = (directory: string): z.infer<typeof marked> | null => {
  if (!existsSync(restoringIn(directory))) return null
  try {
    return marked.parse(JSON.parse(readFileSync(join(restoringIn(directory), marker), 'utf8')))
  } catch {
    // Killed before it could say anything.
    return { pid: 0, names: [] }
  }
}

/**
 * Removes what a restore has left that was killed: all of it while there is no `file` of people, which comes last; else only the
 * copies. Throws STATE while another process restores there.
 */
export const clearUnfinished = (directory: string, file: string): void => {
  const unfinished = unfinishedIn(directory)
  if (!unfinished) return
  const { pid, names } = unfinished
  if (pid > 0 && pid !== process.pid && isAlive(pid))
    throw new RollcallError('STATE', `${directory}: process ${pid} restores a backup there`, {
      remedy: `Wait until it is done. If that process is another program, its number was given again: remove ${restoringIn(directory)}.`,
    })
  for (const name of existsSync(file) ? [] : names) rmSync(join(directory, name), { recursive: true, force: true })
  rmSync(restoringIn(directory), { recursive: true, force: true })
}

/** Before people are opened: removes the copies of a restore that was killed at its end. Throws STATE for one that was not done. */
export const refuseUnfinished = (directory: string, file: string): void => {
  if (!unfinishedIn(directory)) return
  if (!existsSync(file))
    throw new RollcallError('STATE', `${directory}: a backup was being restored there, which is not done`, {
      remedy: 'Run rollcall restore again: it removes what was left, and restores all.',
    })
  clearUnfinished(directory, file)
}
