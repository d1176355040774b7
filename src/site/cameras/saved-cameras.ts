import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { describeDiskError } from '../../disk.ts'
import { RollcallError } from '../../errors.ts'
import { replaceFile } from '../../replace-file.ts'

/** A camera that was added while Rollcall ran. `camera` has the keys as they were given; it may hold a password. */
const savedCamera = z.object({
  paused: z.boolean().default(false),
  camera: z.record(z.string(), z.unknown()),
})

const savedCameras = z.object({
  version: z.literal(1),
  cameras: z.record(z.string(), savedCamera),
  /** Cameras of the configuration that are paused. */
  paused: z.array(z.string()),
})

/** What is kept of cameras in the state directory. */
export type SavedCameras = Readonly<Omit<z.infer<typeof savedCameras>, 'version'>>

/** Where cameras are kept; in memory for this run only where no directory is. */
export interface CameraFile {
  /** Null when nothing is kept on disk. */
  readonly path: string | null
  /** What was read last, or written. */
  now(): SavedCameras
  /** Why the file cannot be read, and so is not written; null when it can. */
  readonly broken: string | null
  /** Writes the whole file, or nothing. Throws STATE: it is broken, or the disk does not take it. */
  write(next: SavedCameras): void
}

const nothing: SavedCameras = { cameras: {}, paused: [] }

/** Opens `cameras.json` of a state directory. A file that cannot be read is left as it is, and stands in `broken`. */
export const openCameraFile = (stateDirectory: string | null, name = 'cameras.json'): CameraFile => {
  const path = stateDirectory === null ? null : join(stateDirectory, name)
  const found = path === null ? nothing : read(path)
  const broken = typeof found === 'string' ? found : null
  let now = typeof found === 'string' ? nothing : found
  return {
    path,
    broken,
    now: () => now,
    write: (next) => {
      if (broken !== null)
        throw new RollcallError('STATE', `cameras cannot be kept: ${broken}`, {
          remedy: 'Mend the file or take it away, then restart.',
        })
      if (path !== null) replace(path, `${JSON.stringify({ version: 1, ...next }, null, 2)}\n`)
      now = next
    },
  }
}

/** What is in the file, or why it cannot be read. No value of it is repeated: it may be a password. */
const read = (path: string): SavedCameras | string => {
  if (!existsSync(path)) return nothing
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return `${path} ${error instanceof SyntaxError ? 'is no JSON' : `cannot be read: ${describeDiskError(error)}`}`
  }
  const version = (value as { version?: unknown } | null)?.version
  if (typeof version === 'number' && version > 1) return `${path} is of a newer version (${version}; expected 1)`
  const result = savedCameras.safeParse(value)
  if (result.success) return { cameras: result.data.cameras, paused: result.data.paused }
  const [issue] = result.error.issues
  return `${path} is not what Rollcall wrote: ${issue?.path.map(String).join('.') || 'the file'} is wrong`
}

/** Nobody else may read it: it holds passwords. */
const replace = (path: string, text: string): void => {
  try {
    replaceFile(path, text)
  } catch (cause) {
    throw new RollcallError('STATE', `${path}: ${describeDiskError(cause)}`, {
      cause,
      remedy: 'Make room, or let this user write there.',
    })
  }
}
