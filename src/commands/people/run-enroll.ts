import { RollcallError } from '../../errors.ts'
import { type Enrolled, type Enrolling, openEnrolling } from './enroll.ts'
import { enrollEach, type PersonPhotos, peopleIn } from './enroll-folder.ts'
import { openClient, type Where } from './open-client.ts'

/** Whose people are added to, and how the result is printed. */
export interface EnrollSetup {
  /** The result as JSON on stdout, the lines for people on stderr. */
  readonly json: boolean
  readonly where: Where
  /** Throws USAGE for what is no name. */
  readonly nameFrom: (text: string) => string
}

/** `people enroll` with its words: NAME PHOTO..., or none and a folder. */
export interface EnrollCall extends EnrollSetup {
  readonly words: readonly string[]
  readonly folder: string | undefined
}

/** Many people with their photos. */
export interface PhotoLibrary {
  readonly people: readonly PersonPhotos[]
  /** As in `EnrollContext`. */
  readonly read?: (file: string) => Promise<Uint8Array>
}

/** 0: every photo was accepted; 3: somebody was enrolled, but photos were refused; 1: nobody was enrolled. */
const codeOf = (results: readonly Enrolled[]): number => {
  if (results.every(({ person }) => person === null)) return 1
  return results.every(({ photos }) => photos.every(({ accepted }) => accepted)) ? 0 : 3
}

const sayer =
  ({ json }: EnrollSetup) =>
  (line: string): void =>
    json ? console.error(line) : console.log(line)

const withEnrolling = async (
  setup: EnrollSetup,
  read: PhotoLibrary['read'],
  work: (enrolling: Enrolling) => Promise<number>,
): Promise<number> => {
  const { where } = setup
  const enrolling = await openEnrolling({
    config: where.config,
    openClient: (embedder) => openClient(where, embedder),
    read,
    say: sayer(setup),
  })
  try {
    return await work(enrolling)
  } finally {
    await enrolling.close()
  }
}

/**
 * Enrolls the people that `find` finds. Resolves to the exit code. Throws USAGE, MODEL_MISSING and STATE, and what `find` throws.
 */
export const enrollLibrary = async (
  setup: EnrollSetup,
  find: (say: (line: string) => void) => Promise<PhotoLibrary>,
): Promise<number> => {
  const say = sayer(setup)
  const { people, read } = await find(say)
  return withEnrolling(setup, read, async (enrolling) => {
    const results = await enrollEach({ people, enrolling, nameFrom: setup.nameFrom, say })
    const photos = results.flatMap((each) => each.photos)
    const [enrolled, accepted] = [results.filter(({ person }) => person), photos.filter((photo) => photo.accepted)]
    say(
      `${enrolled.length} of ${results.length} people enrolled, ${accepted.length} of ${photos.length} photos accepted`,
    )
    if (setup.json) console.log(JSON.stringify({ people: results }))
    return codeOf(results)
  })
}

/** Enrolls one person or a folder of people. Resolves to the exit code. Throws USAGE, MODEL_MISSING and STATE. */
export const runEnroll = async ({ words, folder, ...setup }: EnrollCall): Promise<number> => {
  const [word = '', ...files] = words
  const isFolder = folder !== undefined
  if (isFolder ? words.length > 0 : files.length === 0)
    throw new RollcallError(
      'USAGE',
      `people enroll takes NAME PHOTO..., or --folder DIR, found ${words.length} words`,
      {
        remedy: 'see rollcall people --help',
      },
    )
  if (isFolder) return enrollLibrary(setup, async (say) => ({ people: await peopleIn(folder, say) }))
  const name = setup.nameFrom(word)
  return withEnrolling(setup, undefined, async (enrolling) => {
    const result = await enrolling.enroll(name, files)
    if (setup.json) console.log(JSON.stringify(result))
    return codeOf([result])
  })
}
