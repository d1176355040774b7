import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../replace-file.ts'

const running = z.object({ pid: z.int().positive(), url: z.string().nullable() })

/** Who has a state directory open; `url` is its HTTP address, null when it has none. */
export type Running = z.infer<typeof running>

const fileIn = (directory: string): string => join(directory, 'running.json')

/** Read by `rollcall people`, which then asks that process instead of opening the state itself. */
export const announce = (directory: string, who: Running): void =>
  replaceFile(fileIn(directory), `${JSON.stringify(who)}\n`)

/** Takes the announcement back when the state is closed. Does nothing when there is none. */
export const withdraw = (directory: string): void => rmSync(fileIn(directory), { force: true })

/** Whether there is such a process. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * What the last holder said of itself, if it is still alive. Only a hint: whether the state is free is what the lock on
 * the database says, which the kernel drops with the process.
 */
export const whoRuns = (directory: string): Running | null => {
  try {
    const who = running.parse(JSON.parse(readFileSync(fileIn(directory), 'utf8')))
    return isAlive(who.pid) ? who : null
  } catch {
    return null
  }
}
