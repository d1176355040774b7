import { RollcallError } from '../../errors.ts'
import { type Enrolled, openEnrolling } from './enroll.ts'
import { enrollFolder } from './enroll-folder.ts'
import { openClient, type Where } from './open-client.ts'

/** `people enroll` with its words: NAME PHOTO..., or none and a folder. */
export interface EnrollCall {
  readonly words: readonly string[]
  readonly folder: string | undefined
  /** The result as JSON on stdout, the lines for people on stderr. */
  readonly json: boolean
  readonly where: Where
  /** Throws USAGE for what is no name. */
  readonly nameFrom: (text: string) => string
}

/** 0: every photo was accepted; 3: somebody was enrolled, but photos were refused; 1: nobody was enrolled. */
const codeOf = (results: readonly Enrolled[]): number => {
  if (results.every(({ person }) => person === null)) return 1
  return results.every(({ photos }) => photos.every(({ accepted }) => accepted)) ? 0 : 3
}

/** Enrolls one person or a folder of people. Resolves to the exit code. Throws USAGE, MODEL_MISSING and STATE. */
export const runEnroll = async ({ words, folder, json, where, nameFrom }: EnrollCall): Promise<number> => {
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
  const name = isFolder ? '' : nameFrom(word)
  const say = (line: string): void => (json ? console.error(line) : console.log(line))
  const enrolling = await openEnrolling({
    config: where.config,
    openClient: (embedder) => openClient(where, embedder),
    say,
  })
  try {
    if (!isFolder) {
      const result = await enrolling.enroll(name, files)
      if (json) console.log(JSON.stringify(result))
      return codeOf([result])
    }
    const people = await enrollFolder({ directory: folder, enrolling, nameFrom, say })
    const photos = people.flatMap((each) => each.photos)
    const [enrolled, accepted] = [people.filter(({ person }) => person), photos.filter((photo) => photo.accepted)]
    say(
      `${enrolled.length} of ${people.length} people enrolled, ${accepted.length} of ${photos.length} photos accepted`,
    )
    if (json) console.log(JSON.stringify({ people }))
    return codeOf(people)
  } finally {
    await enrolling.close()
  }
}
