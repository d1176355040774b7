import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { RollcallError } from '../../errors.ts'

/** The file that says what a backup holds. */
export const manifestFile = 'backup.json'

/** A path below the backup: it cannot lead out of it. */
const path = z
  .string()
  .regex(/^(?!\.{1,2}(\/|$))[^/\0]+(\/(?!\.{1,2}(\/|$))[^/\0]+)*$/, 'expected a path below the backup')

const manifest = z.object({
  format: z.literal(1),
  /** The version of the Rollcall that made it. */
  rollcall: z.string(),
  /** Of people.db. */
  schema: z.int().min(0),
  /** RFC 3339. */
  madeAt: z.string(),
  people: z.int().min(0),
  sightings: z.int().min(0),
  files: z.record(path, z.object({ bytes: z.int().min(0), sha256: z.string() })),
})

/** What a backup says of itself. */
export type Manifest = z.infer<typeof manifest>

/** Of a file of any size. */
export const sha256Of = (file: string): string => {
  const hash = createHash('sha256')
  const fd = openSync(file, 'r')
  try {
    const chunk = Buffer.alloc(1 << 20)
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) hash.update(chunk.subarray(0, read))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}

/** All files below a directory, but the manifest: path from there, size, content. */
export const filesBelow = (directory: string): Manifest['files'] =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(directory.length + 1), file] as const)
      .filter(([name]) => name !== manifestFile)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, file]) => [name, { bytes: statSync(file).size, sha256: sha256Of(file) }]),
  )

/** What the backup in a directory says of itself. Throws USAGE where none is, and STATE where it cannot be read. */
export const readManifest = (directory: string): Manifest => {
  const file = join(directory, manifestFile)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new RollcallError('USAGE', `${directory}: there is no backup (${manifestFile})`, {
      cause,
      remedy: 'Name the directory that rollcall backup has made.',
    })
  }
  try {
    return manifest.parse(JSON.parse(text))
  } catch (cause) {
    throw new RollcallError('STATE', `${file} is not what this version of rollcall backup writes`, {
      cause,
      remedy: 'Restore it with the version that made it, or take another backup.',
    })
  }
}
