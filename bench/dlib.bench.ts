/**
 * How do Rollcall's embedders compare with dlib's, on the same photos and by the same rules? Verification as `rollcall eval
 * verification`, and clustering of all photos by average linkage at the threshold that is best with the truth in hand.
 *
 *   python bench/peer/dlib_faces.py DIR > dlib.jsonl
 *   npm run bench -- dlib --photos DIR --dlib dlib.jsonl [--models DIR …]
 *
 * `--models` may be repeated: directories with a detector and an embedder beside the shipped ones.
 */
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readPhotos } from '../src/commands/eval/photos.ts'
import { scoreClustering } from '../src/evaluate/clustering.ts'
import { listPhotos } from '../src/evaluate/labelled-photos.ts'
import { allDistances, distancesOf, planPairs } from '../src/evaluate/pairs.ts'
import { equalErrorRate, foldedAccuracy, valAtFar } from '../src/evaluate/verification.ts'
import { averageLinkage } from '../src/math/average-linkage.ts'
import { type PeerPhoto, parsePeerPhotos, squaredL2 } from './peer/photos.ts'

/** Thresholds that are tried for the clustering, evenly over all distances. */
const tried = 400

const names = (labels: ArrayLike<number>, photos: readonly PeerPhoto[]) =>
  photos.map(({ person }, i) => ({ truth: person, predicted: String(labels[i]) }))

const clustered = (
  photos: readonly PeerPhoto[],
  vectors: readonly ArrayLike<number>[],
  different: readonly number[],
) => {
  const far = different.reduce((most, each) => Math.max(most, each), 0)
  const tree = averageLinkage(photos.length, (i, j) => -squaredL2(vectors[i] ?? [], vectors[j] ?? []))
  const scores = Array.from({ length: tried }, (_, i) =>
    scoreClustering(names(tree.at((-far * (i + 1)) / tried), photos)),
  )
  return scores.reduce((best, each) => (each.bcubedF > best.bcubedF ? each : best))
}

const figuresOf = (name: string, photos: readonly PeerPhoto[]): void => {
  const vectors = photos.map(({ embedding }) => embedding)
  const folds = planPairs(photos, 1).folds.map((fold) => distancesOf(fold, vectors, squaredL2))
  const all = allDistances(photos, vectors, squaredL2)
  const { accuracy, standardError } = foldedAccuracy(folds)
  const [hundredth, thousandth] = valAtFar(all, [1e-2, 1e-3])
  const { bcubedF, bcubedP, bcubedR, idsPerPerson } = clustered(photos, vectors, all.different)
  const of = (how: PeerPhoto['how']) => photos.filter((photo) => photo.how === how).length
  const figures = {
    found: of('found'),
    padded: of('padded'),
    centred: of('centred'),
    accuracy,
    standardError,
    eer: equalErrorRate(all).rate,
    val1e2: hundredth?.val,
    val1e3: thousandth?.val,
    bcubedF,
    bcubedP,
    bcubedR,
    idsPerPerson,
  }
  for (const [key, value] of Object.entries(figures))
    console.log(`${name}.${key} ${Number.isInteger(value) ? value : value?.toFixed(4)}`)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { photos: { type: 'string' }, dlib: { type: 'string' }, models: { type: 'string', multiple: true } },
  })
  if (values.photos === undefined || values.dlib === undefined)
    throw new Error('expected --photos DIR --dlib FILE: see the first lines of bench/dlib.bench.ts')
  const root = resolve(values.photos)
  const peer = parsePeerPhotos(readFileSync(values.dlib, 'utf8'), await listPhotos(root))
  figuresOf('dlib', peer)
  // Both judge the same photos, also where one side was stopped early.
  const only = peer.map(({ person, file }) => ({ person, file }))
  for (const models of [undefined, ...(values.models ?? [])]) {
    const { photos } = await readPhotos({ photos: root, models, only })
    const ours = photos.map(({ person, file, how, views }) => ({
      person,
      file,
      how,
      embedding: views[0]?.embedding ?? [],
    }))
    figuresOf(models === undefined ? 'shipped' : relative('.', models), ours)
  }
}
