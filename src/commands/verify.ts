import { stat } from 'node:fs/promises'
import { RollcallError } from '../errors.ts'
import { identityOptions } from '../identity/options.ts'
import { photosIn } from '../photos/photos-in.ts'
import { compareFaces } from '../recognition/compare.ts'
import { parseWords } from './arguments.ts'
import { report } from './eval/arguments.ts'
import { answering } from './photos/answering.ts'
import { chooseFace } from './photos/chosen-face.ts'
import { measureFiles } from './photos/measure-files.ts'
import { judgingOf, photoOptions, photoOptionsHelp } from './photos/options.ts'
import { type Verdict, type Verified, verdictOf } from './photos/verified.ts'
import { verifyPage } from './photos/verify-page.ts'
import { jsonOf, textOf } from './photos/verify-text.ts'

const help = `rollcall verify PHOTO PHOTO [OPTIONS]
rollcall verify DIR [DIR] [OPTIONS]

Do two photos show one person? With one folder: each of its photos with each other; with two folders, or a photo and a
folder: each of the first with each of the second. Of several faces in a photo it takes the one the photo is about.

Exit code 0: the same person, in every pair; 1: different people in one pair or more; 2: it could not be said.

${photoOptionsHelp}
  --html FILE      a report with the faces as the network saw them`

/** More pairs make a matrix that nobody reads. */
const mostPairs = 4_000_000

const codes: Readonly<Record<Verdict, number>> = { same: 0, different: 1, unknown: 2 }
const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** The photos of the rows and of the columns; one list when they are the same. */
const photosOf = async (paths: readonly string[]): Promise<readonly [string[], string[] | null]> => {
  const [first, second] = paths
  const isPair = second !== undefined
  if (first === undefined || paths.length > 2 || (!isPair && !(await isFolder(first))))
    throw new RollcallError('USAGE', `verify takes two photos, or one or two folders, found ${paths.length} paths`, {
      remedy: 'see rollcall verify --help',
    })
  const lists = [await photosIn(first), isPair ? await photosIn(second) : null] as const
  const [rows, columns] = lists
  const pairs = rows.length * (columns ?? rows).length
  if (pairs > mostPairs)
    throw new RollcallError('USAGE', `verify: ${pairs} pairs of photos, at most ${mostPairs} are compared`, {
      remedy: 'give fewer photos, or use rollcall cluster',
    })
  if (!isPair && rows.length < 2)
    throw new RollcallError('USAGE', `verify: ${first} has one photo only`, { remedy: 'name a second photo' })
  return lists
}

const verify = async (paths: readonly string[], values: Values): Promise<Verified> => {
  const [rowFiles, columnFiles] = await photosOf(paths)
  const judging = await judgingOf(values)
  const { minQuality } = identityOptions.parse({})
  const results = await measureFiles([...rowFiles, ...(columnFiles ?? [])], values, {
    crops: values.html !== undefined,
    keep: (photo) => chooseFace(photo, minQuality),
  })
  const rows = results.slice(0, rowFiles.length)
  const columns = columnFiles ? results.slice(rowFiles.length) : rows
  const pairs = rows.map((row, i) =>
    columns.map((column, j) => {
      const isItself = columnFiles === null && i === j
      return isItself || !row.face || !column.face ? null : compareFaces(row.face, column.face, judging)
    }),
  )
  return { rows, columns, isSquare: columnFiles === null, pairs, judging }
}

const options = { ...photoOptions, html: { type: 'string' } } as const
type Values = ReturnType<typeof parseWords<typeof options>>['values']

/** `rollcall verify`. Resolves to 0, 1 or 2 by the verdict, and to 2 when something goes wrong. */
export const verifyCommand = (args: readonly string[]): Promise<number> =>
  answering(async () => {
    const { values, positionals } = parseWords('verify', args, options)
    if (values.help) {
      console.log(help)
      return 0
    }
    const verified = await verify(positionals, values)
    const page = values.html === undefined ? '' : await verifyPage(verified)
    await report(values, { result: jsonOf(verified), text: textOf(verified), page: () => page })
    return codes[verdictOf(verified)]
  })
