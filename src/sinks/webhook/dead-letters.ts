import { appendFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** From this size on a new list is begun; the one before is kept as `dead-letters.1.jsonl`. */
const MAX_BYTES = 67_108_864

/** Why an event was given up. */
export interface DeadLetter {
  readonly reason: string
  readonly attempts: number
  /** When the event came, and when it was given up: Unix milliseconds. */
  readonly sinceMs: number
  readonly atMs: number
}

/**
 * Appends an event to `dead-letters.jsonl` of a directory: one line of JSON with why, and the event. Rejects with what the
 * file system says.
 */
export const keepDeadLetter = async (directory: string, why: DeadLetter, event: Buffer): Promise<void> => {
  const path = join(directory, 'dead-letters.jsonl')
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  if (bytes > MAX_BYTES) await rename(path, join(directory, 'dead-letters.1.jsonl'))
  const line = `${JSON.stringify(why).slice(0, -1)},"event":${event.toString()}}\n`
  await appendFile(path, line, { mode: 0o600 })
}
