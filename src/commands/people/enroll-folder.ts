import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RollcallError } from '../../errors.ts'
import { printable } from '../../text.ts'
import type { Enrolled, Enrolling } from './enroll.ts'

/** One person's folder. */
interface PersonFolder {
  readonly folder: string
  readonly files: readonly string[]
}

/** What systems leave in folders beside the photos. */
const isLeftover = (name: string): boolean => name.startsWith('.') || /^(?:thumbs\.db|desktop\.ini)$/i.test(name)

/** Numbers in names are compared as numbers. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare

const entriesOf = async (directory: string) => {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    return entries.filter(({ name }) => !isLeftover(name)).sort((a, b) => inOrder(a.name, b.name))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const what = code === 'ENOENT' ? 'does not exist' : code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`
    throw new RollcallError('USAGE', `--folder: ${directory} ${what}`, {
      cause,
      remedy: 'name a folder that has a folder with photos for each person: DIR/NAME/*.jpg',
    })
  }
}

/** Everything in a person's folder is taken for a photo, whatever it is called: the review says what is none. */
const foldersIn = async (directory: string, say: (line: string) => void): Promise<PersonFolder[]> => {
  const folders: PersonFolder[] = []
  for (const entry of await entriesOf(directory)) {
    if (entry.isDirectory() || entry.isSymbolicLink()) {
      const path = join(directory, entry.name)
      const files = (await entriesOf(path)).map(({ name }) => join(path, name))
      if (files.length > 0) folders.push({ folder: entry.name, files })
      else say(printable(`skipped   ${path}: there is no photo in it`))
    } else say(printable(`skipped   ${join(directory, entry.name)}: it is in no person's folder`))
  }
  if (folders.length === 0)
    throw new RollcallError('USAGE', `--folder: ${directory} has no folder with photos in it`, {
      remedy: 'make a folder with photos for each person: DIR/NAME/*.jpg',
    })
  return folders
}

/** How a folder is enrolled. */
export interface FolderJob {
  readonly directory: string
  readonly enrolling: Enrolling
  /** The name that a folder stands for. Throws USAGE when it is no name. */
  readonly nameFrom: (folder: string) => string
  readonly say: (line: string) => void
}

/**
 * Enrolls `directory/NAME/*`: every folder in it is a person. What is wrong with one photo or one person is said and
 * stops nobody else. Throws USAGE when there is no such folder, and STATE.
 */
export const enrollFolder = async ({ directory, enrolling, nameFrom, say }: FolderJob): Promise<Enrolled[]> => {
  const folders = await foldersIn(directory, say)
  const results: Enrolled[] = []
  for (const [i, { folder, files }] of folders.entries()) {
    say(printable(`[${i + 1}/${folders.length}] ${folder}: ${files.length} ${files.length === 1 ? 'photo' : 'photos'}`))
    try {
      results.push(await enrolling.enroll(nameFrom(folder), files))
    } catch (error) {
      if (!(error instanceof RollcallError) || !['USAGE', 'PERSON_CONFLICT'].includes(error.code)) throw error
      const why = error.remedy ? `${error.message}; ${error.remedy}` : error.message
      say(printable(`refused   ${join(directory, folder)}: ${why}`))
      const photos = files.map((file) => ({ file, accepted: false, reason: 'person', why }))
      results.push({ name: folder, person: null, events: [], photos })
    }
  }
  return results
}
