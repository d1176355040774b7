import { RollcallError } from '../../errors.ts'
import { type LabelledPhoto, listPhotos } from '../../evaluate/labelled-photos.ts'
import { planPairs } from '../../evaluate/pairs.ts'
import { readPairs } from '../../evaluate/read-pairs.ts'
import { percent, three } from '../../evaluate/report/numbers.ts'
import { valTable, verificationPage } from '../../evaluate/report/reports.ts'
import { drawSpoilt, kindsInWords } from '../../evaluate/spoilt/draw.ts'
import { verify } from '../../evaluate/verify.ts'
import { modelOptions } from '../photos/options.ts'
import { outputOptions, parseWithFiles, report, wholeNumber } from './arguments.ts'
import { photosGiven, readPhotos } from './photos.ts'
import { sharesOf } from './spoilt-shares.ts'

const help = `rollcall eval verification --photos DIR [OPTIONS]

Do two photos show one person? FaceNet's protocol: ten folds, each judged by the threshold that is best on the others.

  --photos DIR     a directory with a folder of photos (jpg, png, pgm …) for each person
  --pairs FILE     the pairs, in LFW's format; without it they are drawn: as many same as different, folds by person
  --seed N         draws other pairs (default 1)
  --grey X         this share of the photos is as under infrared light, without colours: 1 for all, the same pairs
  --poor X         this share is small, dim, noisy and compressed
  --models DIR     detector and embedder (default: those that come with Rollcall)
  --detector NAME  the one to use when the directory has several; likewise --embedder NAME
  --json           the whole result as JSON
  --html FILE      a report with plots`

/** The photos that a file of pairs names. Throws USAGE. */
const namedIn = async (pairs: string, photos: readonly LabelledPhoto[]): Promise<LabelledPhoto[]> => {
  const named = new Set(
    (await readPairs(pairs, photos)).flatMap(({ same, different }) => [...same, ...different].flat()),
  )
  return photos.filter((_, i) => named.has(i))
}

/** `rollcall eval verification`. Resolves to 0; throws USAGE for options, photos or pairs. */
export const verification = async (args: readonly string[]): Promise<number> => {
  const { values } = parseWithFiles(
    'verification',
    args,
    {
      ...outputOptions,
      photos: { type: 'string' },
      pairs: { type: 'string' },
      seed: { type: 'string' },
      grey: { type: 'string' },
      poor: { type: 'string' },
      ...modelOptions,
    },
    [],
  )
  if (values.help) {
    console.log(help)
    return 0
  }
  const { pairs } = values
  const photos = photosGiven('verification', values.photos)
  const seed = wholeNumber('--seed', values.seed, 1)
  // Read before the minutes of embedding: a mistake in the pairs shows at once, and what they do not name is not embedded.
  const shares = sharesOf(values)
  const list = await listPhotos(photos)
  const only = pairs === undefined ? list : await namedIn(pairs, list)
  const drawn = shares && drawSpoilt(only, shares, seed)
  const set = await readPhotos({ ...values, photos, only, ...(drawn && { each: { change: drawn.change } }) })
  const plan =
    pairs === undefined ? planPairs(set.photos, seed) : { folds: await readPairs(pairs, set.photos), byPerson: false }
  if (plan.folds.every(({ same, different }) => same.length + different.length === 0))
    throw new RollcallError('USAGE', `--photos: nobody in ${photos} has two photos that can be read`, {
      remedy: 'give people with two photos or more',
    })
  const result = { ...verify(set, plan.folds, plan.byPerson), seed }
  const kinds = drawn?.kinds(set.photos)
  const { accuracy, standardError, standardDeviation, folds } = result
  await report(values, {
    result: { ...result, ...(kinds && { kinds }) },
    page: () => verificationPage(result),
    text: [
      `${result.people} people, ${set.photos.length} photos; ${set.detector}, ${set.embedder}`,
      ...(kinds ? [`Faces found: ${kindsInWords(kinds)}`] : []),
      `face found in ${set.how.found}, with a margin around the photo in ${set.how.padded}, not found in ${set.how.centred} (the middle square is taken); ${set.unreadable.length} unreadable`,
      `accuracy ${percent(accuracy)} ± ${percent(standardError)} (standard error; standard deviation ${percent(standardDeviation)}), ${folds.length} folds ${result.foldsByPerson ? 'by person' : 'not by person'}, ${result.pairs.same} + ${result.pairs.different} pairs`,
      `best cosine ${three(result.bestCosine)}, EER ${percent(result.pairs.eer)}; all ${result.allPairs.same} + ${result.allPairs.different} pairs: EER ${percent(result.allPairs.eer)}`,
      valTable(result),
    ],
  })
  return 0
}
