import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The paths of all files in a directory and those below it, in one order. */
export const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).isFile())
    .sort()
