import { rename } from 'node:fs/promises'

/** When a file of events is put aside. */
export interface RotationOptions {
  /** A file that would grow beyond this is put aside first; null: never. */
  readonly maxBytes: number | null
  /** How many older files are kept, at least one. */
  readonly keep: number
}

const ifThere = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error
}

/**
 * Renames `events.jsonl` to `events.jsonl.1`, that to `.2`, and so on; the oldest beyond `keep` is gone then. There is no file
 * at `path` afterwards. Rejects with what the file system throws.
 */
export const rotate = async (path: string, keep: number): Promise<void> => {
  for (let number = keep - 1; number >= 1; number--)
    await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(ifThere)
  await rename(path, `${path}.1`).catch(ifThere)
}
