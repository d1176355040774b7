import { writeFile } from 'node:fs/promises'
import { RollcallError } from '../../errors.ts'
import { readText } from '../../read-all.ts'
import { checkPeopleFile, describeIssues, type PeopleFile } from '../../server/people-bodies.ts'

/** Writes an export that only its owner can read. Throws USAGE when the file exists or cannot be written. */
export const writePeople = async (file: string, people: PeopleFile): Promise<void> => {
  try {
    await writeFile(file, `${JSON.stringify(people)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    throw new RollcallError('USAGE', `${file}: ${isThere ? 'is there already' : (cause as Error).message}`, {
      cause,
      remedy: isThere ? 'Name another file, or remove that one.' : 'Check the path.',
    })
  }
}

/** Reads an export; `-` is stdin. Throws USAGE when it cannot be read, or is not what `export` writes, and says where. */
export const readPeople = async (file: string): Promise<PeopleFile> => {
  const fail = (what: string, cause?: unknown): never => {
    throw new RollcallError('USAGE', `${file}: ${what}`, { cause, remedy: 'Name a file that `people export` wrote.' })
  }
  const json = await readText(file === '-' ? process.stdin : file).catch((cause: unknown) =>
    fail((cause as Error).message, cause),
  )
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // The parser's message quotes the file.
    return fail('is no JSON')
  }
  const result = await checkPeopleFile(value)
  return 'data' in result ? result.data : fail(describeIssues(result.error, 'content'))
}
