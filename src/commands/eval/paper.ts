import { RollcallError } from '../../errors.ts'
import { listPhotos } from '../../evaluate/labelled-photos.ts'
import { differentPairsIn } from '../../evaluate/paper/folded-val.ts'
import { paperTables } from '../../evaluate/paper/tables.ts'
import { scoreVideos } from '../../evaluate/paper/videos.ts'
import { percent } from '../../evaluate/report/numbers.ts'
import { paperAbout, paperNamedTables, paperPage } from '../../evaluate/report/paper.ts'
import { printable } from '../../text.ts'
import { clusterThresholdOf, judgingOf, modelOptions } from '../photos/options.ts'
import { outputOptions, parseWithFiles, report, wholeNumber } from './arguments.ts'
import { listVideos } from './labelled-videos.ts'
import { type ClusteredPhoto, clusterPaper, clustersSection, clustersText } from './paper-clusters.ts'
import { measurePaper, type PaperFaces } from './paper-faces.ts'
import { paperFiles } from './paper-models.ts'
import { measureVideos } from './paper-videos.ts'
import { photosGiven } from './photos.ts'

const help = `rollcall eval paper --photos DIR [OPTIONS]

FaceNet's tables on your photos: VAL at FAR 1e-3 by JPEG quality, by face size, by the dimensions of the embedding and by model,
LFW's protocol, ROC and DET, clustering, and YouTube Faces' protocol on videos; what the paper reports stands beside.

  --photos DIR     a directory with a folder of photos (jpg, png, pgm …) for each person
  --videos DIR     videos of people too: DIR/PERSON/VIDEO.mp4, or DIR/PERSON/VIDEO/FRAME.jpg as YouTube Faces has them
  --models DIR     detector and embedder (default: those that come with Rollcall)
  --detector NAME  the one to use when the directory has several; likewise --embedder NAME
  --compare FILE   another embedder (.onnx) for the table of models; may be repeated
  --most N         at most so many photos, evenly chosen (default 3000)
  --cache FILE     keeps embeddings, so that what was cut off goes on; biometric data, delete it when you are done
  --json           the whole result as JSON
  --html FILE      a report with plots`

/** More photos take memory, and pairs grow with their square. */
const defaultMost = 3000

/** At most so many, evenly spread over the list. */
const evenly = <T>(list: readonly T[], most: number): T[] =>
  list.length <= most
    ? [...list]
    : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)] as T)

/** Fewer pairs of two people cannot show a FAR of 1e-3. */
const fewestDifferent = 1000

const requireEnough = (people: readonly string[]): void => {
  const [pairs, count] = [differentPairsIn(people), new Set(people).size]
  if (pairs >= fewestDifferent && count < people.length) return
  throw new RollcallError(
    'USAGE',
    `--photos: ${people.length} photos of ${count} people give ${pairs} pairs of two people in five folds, expected ${fewestDifferent} or more, and people with several photos`,
    { remedy: 'give photos of more people: twenty with ten photos each are enough' },
  )
}

const plainPhotos = ({ people, files, byVariant }: PaperFaces): readonly ClusteredPhoto[] =>
  people.map((person, i) => ({ person, file: files[i] ?? '', embedding: byVariant[0]?.[i] ?? [] }))

/** `rollcall eval paper`. Resolves to 0; throws USAGE for options or photos, MODEL_MISSING and MODEL_INVALID for models. */
export const paper = async (args: readonly string[]): Promise<number> => {
  const { values } = parseWithFiles(
    'paper',
    args,
    {
      ...outputOptions,
      photos: { type: 'string' },
      videos: { type: 'string' },
      ...modelOptions,
      compare: { type: 'string', multiple: true },
      most: { type: 'string' },
      cache: { type: 'string' },
    },
    [],
  )
  if (values.help) {
    console.log(help)
    return 0
  }
  const photos = photosGiven('paper', values.photos)
  const most = wholeNumber('--most', values.most, defaultMost)
  const options = { ...values, compare: values.compare ?? [] }
  const files = await paperFiles(options)
  const all = await listPhotos(photos)
  const list = evenly(all, most)
  requireEnough(list.map(({ person }) => person))
  const videoList = values.videos === undefined ? null : await listVideos(values.videos)
  const faces = await measurePaper(list, files, options)
  // Photos without a face may be many.
  requireEnough(faces.people)
  const measured = videoList && (await measureVideos(videoList, files))
  const result = { ...paperTables(faces), videos: measured && scoreVideos(measured.videos) }
  const clusters = clusterPaper(plainPhotos(faces), clusterThresholdOf(await judgingOf(values)))
  const { withoutFace, unreadable } = faces
  const leftOut = {
    withoutFace,
    unreadable,
    notRead: all.length - list.length,
    videos: measured?.withoutFace ?? [],
  }
  const sections = values.html === undefined ? [] : [await clustersSection(clusters)]
  await report(values, {
    result: { ...result, clusters, leftOut },
    page: () => paperPage(result, sections),
    text: [
      paperAbout(result),
      `left out: ${withoutFace} without a face, ${unreadable.length} unreadable, ${leftOut.notRead} beyond --most ${most}`,
      ...leftOut.videos.map((video) => printable(`left out: ${video}, which shows no face or cannot be read`)),
      `as the photos are: VAL ${percent(result.plain.val)} ± ${percent(result.plain.standardError)}; all pairs: EER ${percent(result.eer)}`,
      clustersText(clusters),
      ...paperNamedTables(result).flatMap(({ head, rows }) => [{ head, rows }]),
    ],
  })
  return 0
}
