import { type RocPoint, rocOf } from '../curves.ts'
import { allDistances, distancesOf, planPairs } from '../pairs.ts'
import { equalErrorRate, foldedAccuracy } from '../verification.ts'
import { variants } from './face-variants.ts'
import { facenet } from './facenet-figures.ts'
import { differentPairsIn, type FoldedVal, foldedVal } from './folded-val.ts'
import { projectionOnto, spreadOf } from './projection.ts'
import type { VideoScores } from './videos.ts'

/** A row of a table: what was measured here, and FaceNet's figure where it has that row. */
export interface PaperRow extends FoldedVal {
  readonly value: number
  readonly facenet: number | null
}

/** An embedder with what it costs. */
export interface PaperModel extends FoldedVal {
  readonly name: string
  /** Of one face; null where the graph cannot be followed. */
  readonly multiplyAdds: number | null
  readonly dimensions: number
}

/** The photos of a labelled folder, as embedders see them in every variant. */
export interface MeasuredFaces {
  readonly embedder: string
  /** By photo. */
  readonly people: readonly string[]
  /** By variant, in the order of `variants`, then by photo. Unit length. */
  readonly byVariant: readonly (readonly Float32Array[])[]
  /** Other embedders, on the plain photos. */
  readonly models: readonly {
    readonly name: string
    readonly multiplyAdds: number | null
    readonly vectors: readonly Float32Array[]
  }[]
}

/** What was measured on photos, and on videos where there are any. */
export interface PaperReport extends PaperResult {
  readonly videos: VideoScores | null
}

/** FaceNet's tables, on other photos. */
export interface PaperResult {
  readonly embedder: string
  readonly people: number
  readonly photos: number
  /** Pairs of two people in a fold, all in all: a FAR of 1e-3 is one in a thousand of them. */
  readonly differentPairs: number
  readonly plain: FoldedVal
  readonly jpegQuality: readonly PaperRow[]
  readonly faceSize: readonly PaperRow[]
  readonly dimensions: readonly PaperRow[]
  readonly models: readonly PaperModel[]
  /** LFW's protocol: ten folds, each judged by the threshold that is best on the others. */
  readonly lfw: {
    readonly accuracy: number
    readonly standardError: number
    readonly folds: number
    readonly byPerson: boolean
  }
  /** Over all pairs. */
  readonly eer: number
  readonly roc: readonly RocPoint[]
  readonly finestFar: number
}

const plainOf = ({ byVariant }: MeasuredFaces): readonly Float32Array[] => byVariant[0] ?? []

const rowsOf = (
  faces: MeasuredFaces,
  kind: 'jpeg' | 'size',
  theirs: Readonly<Record<number, number>>,
): readonly PaperRow[] =>
  variants.flatMap((variant, i) =>
    variant.kind === kind
      ? [
          {
            value: variant.value,
            ...foldedVal(faces.people, faces.byVariant[i] ?? []),
            facenet: theirs[variant.value] ?? null,
          },
        ]
      : [],
  )

const dimensionRows = (faces: MeasuredFaces): readonly PaperRow[] => {
  const vectors = plainOf(faces)
  const whole = vectors[0]?.length ?? 0
  const theirs: Readonly<Record<number, number>> = facenet.dimensions.val
  const spreads = new Map<string, ReturnType<typeof spreadOf>>()
  const spreadOn = (fitOn: readonly number[]) => {
    const key = fitOn.join()
    const known = spreads.get(key) ?? spreadOf(fitOn.map((i) => vectors[i] ?? []))
    spreads.set(key, known)
    return known
  }
  const fewer = [8, 16, 32, 64, 128, 256, 512].filter((dimensions) => dimensions < whole)
  return [...fewer, whole].map((dimensions) => ({
    value: dimensions,
    ...foldedVal(
      faces.people,
      vectors,
      dimensions === whole ? undefined : (fitOn) => projectionOnto(spreadOn(fitOn), dimensions),
    ),
    facenet: theirs[dimensions] ?? null,
  }))
}

/** Works FaceNet's tables out of embeddings. Deterministic. */
export const paperTables = (faces: MeasuredFaces): PaperResult => {
  const { people, embedder } = faces
  const vectors = plainOf(faces)
  const photos = people.map((person) => ({ person }))
  const plan = planPairs(photos, 1)
  const folds = plan.folds
    .map((fold) => distancesOf(fold, vectors))
    .filter(({ same, different }) => same.length + different.length > 0)
  const { accuracy, standardError } = foldedAccuracy(folds)
  const all = allDistances(photos, vectors)
  return {
    embedder,
    people: new Set(people).size,
    photos: people.length,
    differentPairs: differentPairsIn(people),
    plain: foldedVal(people, vectors),
    jpegQuality: rowsOf(faces, 'jpeg', facenet.jpegQuality.val),
    faceSize: rowsOf(faces, 'size', facenet.faceSize.val),
    dimensions: dimensionRows(faces),
    models: faces.models.map(({ name, multiplyAdds, vectors: own }) => ({
      name,
      multiplyAdds,
      dimensions: own[0]?.length ?? 0,
      ...foldedVal(people, own),
    })),
    lfw: { accuracy, standardError, folds: folds.length, byPerson: plan.byPerson },
    eer: equalErrorRate(all).rate,
    roc: rocOf(all),
    finestFar: 1 / Math.max(1, all.different.length),
  }
}
