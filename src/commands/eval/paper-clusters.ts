import { type ClusteringScores, scoreClustering } from '../../evaluate/clustering.ts'
import { percent, three } from '../../evaluate/report/numbers.ts'
import { escaped, type Section } from '../../evaluate/report/page.ts'
import { openPhotoDecoder } from '../../photos/decoder.ts'
import { readPhoto } from '../../photos/read-photo.ts'
import { clusterFaces } from '../../recognition/cluster-faces.ts'
import { cropImage } from '../photos/crop-url.ts'

/** A photo and whom it is said to show. */
export interface ClusteredPhoto {
  readonly person: string
  readonly file: string
  /** Unit length. */
  readonly embedding: ArrayLike<number>
}

/** Photos divided into people without knowing anybody, as FaceNet does with a user's own (section 5.8), and examples. */
export interface PaperClusters {
  /** The least mean cosine of two clusters that become one. */
  readonly threshold: number
  readonly scores: ClusteringScores
  /** Files of the largest clusters. */
  readonly largest: readonly (readonly string[])[]
  /** Files of clusters that show several people. */
  readonly mixed: readonly (readonly string[])[]
  /** For people in several clusters, the files of each cluster. */
  readonly split: readonly { readonly person: string; readonly clusters: readonly (readonly string[])[] }[]
}

const mostExamples = 3
const mostPictures = 12

/** Clusters by average linkage, and scores with the folders as the truth. Deterministic. Throws what `clusterFaces` throws. */
export const clusterPaper = (photos: readonly ClusteredPhoto[], threshold: number): PaperClusters => {
  const groups = clusterFaces(
    photos.map(({ embedding }, photo) => ({ embedding, photo })),
    { threshold },
  )
  const clusters = groups.map((members) => members.flatMap((i) => photos[i] ?? []))
  const labels = clusters.flatMap((members, id) => members.map(({ person }) => ({ truth: person, predicted: `${id}` })))
  const filesOf = (members: readonly ClusteredPhoto[]): readonly string[] => members.map(({ file }) => file)
  const several = (members: readonly ClusteredPhoto[]): boolean => new Set(members.map(({ person }) => person)).size > 1
  const people = [...new Set(photos.map(({ person }) => person))]
  const split = people
    .map((person) => ({
      person,
      clusters: clusters.filter((members) => members.some((each) => each.person === person)),
    }))
    .filter((each) => each.clusters.length > 1)
  return {
    threshold,
    scores: scoreClustering(labels),
    largest: clusters.slice(0, mostExamples).map(filesOf),
    mixed: clusters.filter(several).slice(0, mostExamples).map(filesOf),
    split: split
      .slice(0, mostExamples)
      .map((each) => ({ ...each, clusters: each.clusters.map((members) => filesOf(members)) })),
  }
}

/** The scores in one line. */
export const clustersText = ({ threshold, scores }: PaperClusters): string =>
  `clustering without knowing anybody, at a mean cosine of ${three(threshold)}: BCubed F ${three(scores.bcubedF)}, precision ${three(scores.bcubedP)}, ${three(scores.idsPerPerson)} IDs per person; ${percent(scores.wcp)} of the photos are with those of their person`

/** The examples as a section of the report, with small pictures. Rejects when no JPEG encoder is installed. */
export const clustersSection = async (clusters: PaperClusters): Promise<Section> => {
  await using owner = new AsyncDisposableStack()
  const decoder = openPhotoDecoder()
  owner.defer(() => decoder.close())
  const image = async (file: string): Promise<string> => {
    const { picture } = await decoder.decode(await readPhoto(file), 96)
    return cropImage({ crop: picture }, escaped(file))
  }
  const row = async (title: string, files: readonly string[]): Promise<string> => {
    const images: string[] = []
    for (const file of files.slice(0, mostPictures)) images.push(await image(file))
    const rest = files.length > mostPictures ? ` and ${files.length - mostPictures} more` : ''
    return `<h3>${escaped(title)}</h3><div>${images.join(' ')}${rest}</div>`
  }
  const rows: string[] = []
  for (const files of clusters.largest) rows.push(await row(`One of the largest: ${files.length} photos`, files))
  for (const files of clusters.mixed) rows.push(await row('Several people in one', files))
  for (const { person, clusters: own } of clusters.split)
    for (const [i, files] of own.entries()) rows.push(await row(`${person}, part ${i + 1} of ${own.length}`, files))
  return {
    title: 'Clustering',
    note: `${clustersText(clusters)}. FaceNet shows one user’s photos (section 5.8) and gives no figure.`,
    body: rows.join('\n'),
  }
}
