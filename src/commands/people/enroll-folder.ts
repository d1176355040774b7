import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RollcallError } from '../../errors.ts'
import { printable } from '../../text.ts'
import type { Enrolled, Enrolling } from './enroll.ts'

/** One person with photos. */
export interface PersonPhotos {
  /** As the folder or the other program has it: not yet checked. */
  readonly name: string
  /** Where the photos are, for people. */
  readonly place: string
  /** What each photo is read by, and called. */
  readonly files: readonly string[]
}

/** What systems leave in folders beside the photos. */
const isLeftover = (name: string): boolean => name.startsWith('.') || /^(?:thumbs\.db|desktop\.ini)$/i.test(name)

/** Numbers in names are compared as numbers. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare

const remedy = 'name a folder that has a folder with photos for each person: DIR/NAME/*.jpg'

const entriesOf = async (directory: string) => {
  const entries = await readdir(directory, { withFileTypes: true })
  return entries.filter(({ name }) => !isLeftover(name)).sort((a, b) => inOrder(a.name, b.name))
}

/** Why a folder cannot be read. */
const whyNot = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' ? 'does not exist' : code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`
}

/** What is in a person's folder; when it cannot be read, nothing and why. */
const filesIn = async (place: string): Promise<readonly [files: string[], cannot: string | null]> => {
  try {
    return [(await entriesOf(place)).map(({ name }) => join(place, name)), null]
  } catch (error) {
    return [[], `it ${whyNot(error)}`]
  }
}

/**
 * The people of `directory/NAME/*`: every folder in it is one. Everything in a person's folder is taken for a photo, whatever it is
 * called: the review says what is none. A folder or link that cannot be read stops nobody else. `leftOut` says why a folder is
 * nobody's. Throws USAGE when there is no such folder, or nobody in it.
 */
export const peopleIn = async (
  directory: string,
  say: (line: string) => void,
  leftOut: (folder: string) => string | null = () => null,
): Promise<PersonPhotos[]> => {
  const people: PersonPhotos[] = []
  const skip = (path: string, why: string): void => say(printable(`skipped   ${path}: ${why}`))
  const entries = await entriesOf(directory).catch((cause: unknown) => {
    throw new RollcallError('USAGE', `${directory} ${whyNot(cause)}`, { cause, remedy })
  })
  for (const entry of entries) {
    const place = join(directory, entry.name)
    const why = leftOut(entry.name)
    if (why !== null) skip(place, why)
    else if (entry.isDirectory() || entry.isSymbolicLink()) {
      const [files, cannot] = await filesIn(place)
      if (files.length > 0) people.push({ name: entry.name, place, files })
      else skip(place, cannot ?? 'there is no photo in it')
    } else skip(place, "it is in no person's folder")
  }
  if (people.length > 0) return people
  throw new RollcallError('USAGE', `${directory} has no folder with photos in it`, { remedy })
}

/** How people are enrolled. */
export interface PeopleJob {
  readonly people: readonly PersonPhotos[]
  readonly enrolling: Enrolling
  /** The name that a person gets. Throws USAGE when it is no name. */
  readonly nameFrom: (name: string) => string
  readonly say: (line: string) => void
}

/** Enrolls people one after the other. What is wrong with one photo or one person is said and stops nobody else. Throws STATE. */
export const enrollEach = async ({ people, enrolling, nameFrom, say }: PeopleJob): Promise<Enrolled[]> => {
  const results: Enrolled[] = []
  for (const [i, { name, place, files }] of people.entries()) {
    say(printable(`[${i + 1}/${people.length}] ${name}: ${files.length} ${files.length === 1 ? 'photo' : 'photos'}`))
    try {
      results.push(await enrolling.enroll(nameFrom(name), files))
    } catch (error) {
      if (!(error instanceof RollcallError) || !['USAGE', 'PERSON_CONFLICT'].includes(error.code)) throw error
      const why = error.remedy ? `${error.message}; ${error.remedy}` : error.message
      say(printable(`refused   ${place}: ${why}`))
      const photos = files.map((file) => ({ file, accepted: false, reason: 'person', why }))
      results.push({ name, person: null, events: [], photos })
    }
  }
  return results
}
