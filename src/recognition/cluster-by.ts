import type { IdentitySetup } from '../identity/identity.ts'
import { type ClusterCut, clusterFaces } from './cluster-faces.ts'
import { chineseWhispers } from './methods/chinese-whispers.ts'
import { dbscan } from './methods/dbscan.ts'
import { kMeans } from './methods/k-means.ts'
import { oneAfterAnother, type ShownFace } from './methods/one-after-another.ts'

/** How faces are clustered. All but `kmeans`, which has to be told, find out how many people there are. */
export const clusterMethods = ['agglomerative', 'online', 'kmeans', 'dbscan', 'chinese-whispers'] as const

/** One of them. */
export type ClusterMethod = (typeof clusterMethods)[number]

/** What methods go by. */
export interface ClusterSetup extends ClusterCut {
  /** Of the embedder's cosines; `online` alone uses it. */
  readonly scale?: IdentitySetup['scale'] | null
}

/** The faces of each person, who has most first; a face of nobody (−1) is a person of one photo. */
const groupsOf = (people: Int32Array): readonly (readonly number[])[] =>
  [...Map.groupBy(people.keys(), (face) => (people[face] === -1 ? `alone ${face}` : people[face])).values()].sort(
    (a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0),
  )

/**
 * Clusters faces into people by a method; the same faces give the same people each time. The result is as that of `clusterFaces`, and
 * `agglomerative` is that; it and `online` keep two faces of one photo apart, the others may take them for one person. `kmeans` makes
 * `people`, and one person where that is not given. Throws USAGE as `clusterFaces` does.
 */
export const clusterBy = (
  method: ClusterMethod,
  faces: readonly ShownFace[],
  { scale, ...cut }: ClusterSetup,
): readonly (readonly number[])[] => {
  if (method === 'agglomerative') return clusterFaces(faces, cut)
  if (method === 'online') return groupsOf(oneAfterAnother(faces, scale))
  const embeddings = faces.map(({ embedding }) => embedding)
  if (method === 'kmeans') return groupsOf(kMeans(embeddings, { people: cut.people ?? 1 }))
  if (method === 'dbscan') return groupsOf(dbscan(embeddings, cut))
  return groupsOf(chineseWhispers(embeddings, cut))
}
