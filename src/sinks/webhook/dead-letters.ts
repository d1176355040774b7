import { readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inOrder } from '../../in-order.ts'
import { replaceFile } from '../../replace-file.ts'
import { type IsDeleted, isAboutDeleted } from '../about-deleted.ts'
import { appendLine, endLastLine } from '../append-line.ts'

/** From this size on a new list is begun; the one before is kept as `dead-letters.1.jsonl`. */
const MAX_BYTES = 67_108_864

const names = ['dead-letters.jsonl', 'dead-letters.1.jsonl'] as const

/** Why an event was given up. */
export interface DeadLetter {
  readonly reason: string
  readonly attempts: number
  /** When the event came, and when it was given up: Unix milliseconds. */
  readonly sinceMs: number
  readonly atMs: number
}

/** The lists of dead letters in a directory. Calls reject with what the file system says. */
export interface DeadLetters {
  /** Appends an event to `dead-letters.jsonl`: one line of JSON with why, and the event. */
  keep(why: DeadLetter, event: Buffer): Promise<void>
  /** Takes out the events about people who were deleted. */
  forget(): Promise<void>
}

/** Writes one after the other. */
export const createDeadLetters = (directory: string, isDeleted: IsDeleted): DeadLetters => {
  const inTurn = inOrder()
  return {
    keep: (why, event) => inTurn(() => keepDeadLetter(directory, why, event)),
    forget: () => inTurn(() => forgetDeadLetters(directory, isDeleted)),
  }
}

const keepDeadLetter = async (directory: string, why: DeadLetter, event: Buffer): Promise<void> => {
  const path = join(directory, names[0])
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  if (bytes > MAX_BYTES) await rename(path, join(directory, names[1]))
  await appendLine(path, `${JSON.stringify(why).slice(0, -1)},"event":${event.toString()}}`)
}

const forgetDeadLetters = async (directory: string, isDeleted: IsDeleted): Promise<void> => {
  for (const name of names) {
    const path = join(directory, name)
    const text = await wholeLinesOf(path)
    const lines = text.split('\n')
    const kept = lines.filter((line) => !isLetterAboutDeleted(line, isDeleted))
    if (kept.length < lines.length) replaceFile(path, kept.join('\n'))
  }
}

/** Empty where there is no file. */
const wholeLinesOf = async (path: string): Promise<string> => {
  try {
    await endLastLine(path)
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

const isLetterAboutDeleted = (line: string, isDeleted: IsDeleted): boolean => {
  const at = line.indexOf(',"event":')
  return at >= 0 && isAboutDeleted(Buffer.from(line.slice(at + 9, -1)), isDeleted)
}
