import { RollcallError } from '../../errors.ts'
import type { ClusteringScores } from '../../evaluate/clustering.ts'
import { four, two } from '../../evaluate/report/numbers.ts'
import type { NamedTable } from '../../evaluate/report/reports.ts'
import { type ClusterMethod, clusterMethods } from '../../recognition/cluster-by.ts'
import type { ClusterCut } from '../../recognition/cluster-faces.ts'
import { named } from '../arguments.ts'
import { type Clustered, type ClusterOptions, clusterPhotos } from './clustered.ts'
import type { KnownPhoto } from './embeddings-file.ts'

/** The help of `--method`. */
export const methodHelp = `  --method NAME    agglomerative (default): average linkage; online: as a live camera sees the photos, one after another;
                   kmeans, with --people; dbscan; chinese-whispers; all, with --truth: agglomerative, and the scores of
                   each beside. The first two never take two faces of one photo for one person, the others may`

type Asked = ClusterMethod | 'all'
const known: Readonly<Record<string, Asked>> = Object.fromEntries(
  (['all', ...clusterMethods] as const).map((method) => [method, method] as const),
)

/** The options that say how photos are clustered. */
interface MethodValues {
  readonly method?: string | undefined
  readonly people?: string | undefined
  readonly threshold?: string | undefined
  readonly truth?: boolean | undefined
}

const wrong = (what: string, remedy: string): RollcallError => new RollcallError('USAGE', what, { remedy })

/** The method that is asked for. Throws USAGE for one that there is not, and for options that it goes without. */
export const methodIn = ({ method: name = 'agglomerative', people, threshold, truth }: MethodValues): Asked => {
  const method = named('method', name, known, 'see rollcall cluster --help')
  if (method === 'all' && !truth) throw wrong('--method all: it compares scores, and --truth is missing', 'add --truth')
  if (method === 'kmeans' && people === undefined)
    throw wrong('--method kmeans: it has to be told how many people there are', 'add --people N')
  if (people !== undefined && ['online', 'dbscan', 'chinese-whispers'].includes(method))
    throw wrong(`--people: ${method} finds out by itself how many people there are`, 'leave --people out')
  if (threshold !== undefined && ['online', 'kmeans'].includes(method))
    throw wrong(`--threshold: ${method} goes without`, 'leave --threshold out')
  return method
}

/** How well a method did. */
interface MethodScores {
  readonly method: ClusterMethod
  /** How many people it was told that there are; null: it found out. */
  readonly told: number | null
  readonly scores: ClusteringScores
}

/**
 * Divides the faces of measured photos into people by a method. With `all` the people are those of the default, and each method is
 * scored; k-means is told how many people there are in truth where `people` is not given. Throws what `clusterPhotos` throws.
 */
export const clusterPhotosBy = (
  asked: Asked,
  photos: readonly { readonly file: string; readonly photo: KnownPhoto }[],
  options: Omit<ClusterOptions, 'method'>,
): { readonly clustered: Clustered; readonly byMethod: readonly MethodScores[] | null } => {
  if (asked !== 'all') return { clustered: clusterPhotos(photos, { ...options, method: asked }), byMethod: null }
  const clustered = clusterPhotos(photos, { ...options, method: 'agglomerative' })
  const { people } = options.setup
  const byMethod = clusterMethods.flatMap((method): MethodScores[] => {
    const count = people ?? clustered.scores?.people
    const setup = method === 'kmeans' ? { ...options.setup, people: count } : options.setup
    const { scores } = method === 'agglomerative' ? clustered : clusterPhotos(photos, { ...options, setup, method })
    const told = method === 'kmeans' ? count : method === 'agglomerative' ? people : null
    return scores ? [{ method, told: told ?? null, scores }] : []
  })
  return { clustered, byMethod }
}

/** The methods beside each other. */
export const methodsTable = (methods: readonly MethodScores[]): NamedTable => ({
  head: ['', 'BCubed F', 'precision', 'recall', 'IDs/person'],
  rows: methods.map(({ method, told, scores }) => [
    told === null ? method : `${method}, told that there are ${told}`,
    four(scores.bcubedF),
    four(scores.bcubedP),
    four(scores.bcubedR),
    two(scores.idsPerPerson),
  ]),
})

/** What a method goes by, in words. */
export const ruleText = (method: ClusterMethod, { threshold, people }: ClusterCut): string => {
  if (method === 'online') return 'online: each photo in its order, as a live camera would see it'
  if (people !== undefined) return `${method === 'kmeans' ? 'kmeans: ' : ''}cut into ${people} people`
  if (method === 'agglomerative') return `clusters of a mean cosine of ${threshold.toFixed(3)} or more are one person`
  return `${method}: two faces of a cosine of ${threshold.toFixed(3)} or more are alike`
}
