import { realpathSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { RollcallError } from '../errors.ts'
import { type IdentificationScores, scoreIdentification } from '../evaluate/identification.ts'
import { percent, three } from '../evaluate/report/numbers.ts'
import { identityOptions } from '../identity/options.ts'
import { mainFace } from '../photos/main-face.ts'
import { photosIn } from '../photos/photos-in.ts'
import type { MeasuredPhoto } from '../photos/review-photos.ts'
import { type Recognised, recogniseFace } from '../recognition/nearest.ts'
import { printable } from '../text.ts'
import { parseWords } from './arguments.ts'
import { report, wholeNumber } from './eval/arguments.ts'
import { answering } from './photos/answering.ts'
import { chooseFace } from './photos/chosen-face.ts'
import { galleryIn } from './photos/gallery.ts'
import { looksOf } from './photos/known-looks.ts'
import { measureFiles } from './photos/measure-files.ts'
import { judgingOf, photoOptions, photoOptionsHelp, thresholdText } from './photos/options.ts'
import { siteLooks } from './photos/site-looks.ts'

const help = `rollcall recognise PHOTO|DIR... --gallery DIR|--site STATE [OPTIONS]

Who is in these photos? Compares each face with photos of known people, or with the people of a site; a face that is like none of them is nobody.

  --gallery DIR    the known people: a folder with photos for each (DIR/NAME/*.jpg), or DIR/NAME.jpg
  --site STATE     the known people: those of a state directory that no rollcall runs on, by name or ID
  --k N            how many of the nearest photos vote (default 5)
  --top N          how many people are listed for each face (default 3)
  --truth          the folder of each photo says who it is about: prints rank 1, rank 5, and misses against false alarms.
                   A photo that is in the gallery too is not compared with itself
${photoOptionsHelp}

Exit code 0: somebody was recognised; 1: nobody; 2: it could not be said.`

const options = {
  ...photoOptions,
  gallery: { type: 'string' },
  site: { type: 'string' },
  k: { type: 'string' },
  top: { type: 'string' },
  truth: { type: 'boolean' },
} as const
type Values = ReturnType<typeof parseWords<typeof options>>['values']

/** A face of a photo and whom it shows. */
interface Answer extends Recognised {
  readonly file: string
  readonly face: Pick<MeasuredPhoto['faces'][number], 'box' | 'quality'>
  /** Whether it is the face that the photo is about. */
  readonly isMain: boolean
}

interface Probed {
  /** Whether the gallery is the people of a site. */
  readonly isSite: boolean
  readonly answers: readonly Answer[]
  /** Photos without a face that says anything, and why. */
  readonly refused: readonly { readonly file: string; readonly why: string }[]
  readonly gallery: {
    readonly people: number
    readonly photos: number
    readonly refused: readonly { file: string; why: string }[]
  }
}

const { minQuality } = identityOptions.parse({})

const filesOf = async (words: readonly string[]): Promise<string[]> => {
  const files: string[] = []
  for (const word of words) for (const file of await photosIn(word)) files.push(file)
  return [...new Set(files)]
}

/** The people to compare with, of `--site`, or of `--gallery`, whose photos are measured with the others. */
const knownIn = async (values: Values) =>
  values.site === undefined
    ? { photos: await galleryIn(values.gallery ?? ''), looks: null }
    : { photos: [], looks: await siteLooks(values.site, values) }

const probe = async (words: readonly string[], values: Values, threshold: number): Promise<Probed> => {
  const k = wholeNumber('--k', values.k, 5)
  const known = await knownIn(values)
  const files = await filesOf(words)
  // A photo may be in both.
  const all = [...new Set([...known.photos.map(({ file }) => file), ...files])]
  const photos = await measureFiles(all, values, { keep: (photo) => photo })
  const measured = new Map(all.map((file, i) => [file, photos[i] ?? { file, faces: [] }]))
  const { looks, refused: unusable } = known.looks
    ? { looks: known.looks, refused: [] }
    : looksOf(values.gallery ?? '', known.photos, measured)
  const places = new Map(looks.flatMap(({ file }) => (file === null ? [] : [[file, realpathSync(file)] as const])))
  const refused: { file: string; why: string }[] = []
  const answers = files.flatMap((file): Answer[] => {
    const photo = measured.get(file) ?? { file, faces: [] }
    const good = photo.faces.filter(({ quality }) => quality.overall >= minQuality)
    if (good.length === 0) {
      refused.push({ file, why: chooseFace(photo, minQuality).refusal ?? '' })
      return []
    }
    const main = photo.size ? mainFace(photo.faces, photo.size) : null
    const place = realpathSync(file)
    const others = looks.filter(({ file: own }) => own === null || places.get(own) !== place)
    return good.map((face) => ({
      ...recogniseFace(face.embedding, others, { k, threshold }),
      file,
      face: { box: face.box, quality: face.quality },
      isMain: face === main,
    }))
  })
  const people = new Set(looks.map(({ person }) => person)).size
  return {
    isSite: known.looks !== null,
    answers,
    refused,
    gallery: { people, photos: looks.length, refused: unusable },
  }
}

const scoresOf = (answers: readonly Answer[]): IdentificationScores =>
  scoreIdentification(
    answers
      .filter(({ isMain }) => isMain)
      .map(({ file, person, candidates }) => ({ person: basename(dirname(file)), answer: person, candidates })),
  )

const scoresText = ({
  known,
  strangers,
  rank1,
  rank5,
  right,
  wrong,
  missed,
  strangersTaken,
  det,
}: IdentificationScores) => [
  `${known} faces of known people: rank 1 ${rank1 === null ? '–' : percent(rank1)}, rank 5 ${rank5 === null ? '–' : percent(rank5)}; answers right ${right}, wrong ${wrong}, nobody ${missed}`,
  `${strangers} faces of strangers: ${strangersTaken} taken for somebody`,
  ...(det.length === 0
    ? []
    : [
        {
          head: ['strangers taken for somebody (FPIR)', 'measured', 'known people missed (FNIR)', 'cosine'],
          rows: det.map(({ targetFpir, fpir, fnir, cosine }) => [
            targetFpir,
            percent(fpir),
            percent(fnir),
            three(cosine),
          ]),
        },
      ]),
]

const textOf = ({ answers, refused, gallery, isSite }: Probed, top: number, far: number | undefined) => [
  ...gallery.refused.map(({ file, why }) => printable(`gallery: ${file}: ${why}`)),
  ...refused.map(({ file, why }) => printable(`${file}: ${why}`)),
  ...(answers.length === 0
    ? []
    : [
        {
          head: ['photo', 'face', 'is', 'cosine', 'votes', 'nearest'],
          rows: answers.map(({ file, face, person, candidates }) => {
            const best = candidates.find((each) => each.person === person)
            return [
              printable(file),
              `${Math.floor(face.quality.sizePx)} px`,
              printable(person ?? 'nobody'),
              best ? three(best.cosine) : '–',
              best?.votes ?? 0,
              printable(
                candidates
                  .slice(0, top)
                  .map((each) => `${each.person} ${three(each.cosine)}`)
                  .join(', '),
              ),
            ]
          }),
        },
      ]),
  `gallery: ${gallery.people} people, ${gallery.photos} ${isSite ? 'looks' : 'photos'}${strangerText(gallery.photos, far)}`,
]

/** How often a stranger is taken for somebody: each photo or look of the gallery is one more chance. */
const strangerText = (photos: number, far: number | undefined): string => {
  if (far === undefined) return ''
  const chance = Math.min(1, photos * far)
  return `; a stranger is taken for one of them in at most ${percent(chance)} of cases`
}

const jsonOf = ({ answers, refused, gallery }: Probed, top: number): object => ({
  faces: answers.map(({ file, face, person, candidates }) => ({
    file,
    ...face,
    person,
    candidates: candidates.slice(0, top),
  })),
  refused,
  gallery,
})

/**
 * `rollcall recognise`. Resolves to 0 when somebody was recognised, 1 when nobody was, and 2 when no face says anything or something
 * goes wrong.
 */
export const recognise = (args: readonly string[]): Promise<number> =>
  answering(async () => {
    const { values, positionals } = parseWords('recognise', args, options)
    if (values.help) {
      console.log(help)
      return 0
    }
    if (values.gallery === undefined && values.site === undefined)
      throw new RollcallError('USAGE', 'recognise: --gallery is missing', {
        remedy: 'add --gallery DIR, or --site STATE',
      })
    if (values.gallery !== undefined && values.site !== undefined)
      throw new RollcallError('USAGE', 'recognise: --gallery and --site are given', { remedy: 'leave one of them out' })
    if (positionals.length === 0)
      throw new RollcallError('USAGE', 'recognise: no photo is named', {
        remedy: 'name photos, or a folder with photos',
      })
    const top = wholeNumber('--top', values.top, 3)
    const judging = await judgingOf(values)
    const probed = await probe(positionals, values, judging.threshold.cosine)
    const scores = values.truth ? scoresOf(probed.answers) : null
    await report(
      { json: values.json },
      {
        result: { ...jsonOf(probed, top), threshold: judging.threshold, embedder: judging.embedder.name, scores },
        page: () => '',
        text: [
          ...textOf(probed, top, judging.threshold.measured?.far),
          thresholdText(judging.threshold),
          ...(scores ? scoresText(scores) : []),
        ],
      },
    )
    if (probed.answers.length === 0) return 2
    return probed.answers.some(({ person }) => person !== null) ? 0 : 1
  })
