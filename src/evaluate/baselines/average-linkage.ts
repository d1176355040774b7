import { averageLinkage as treeOf } from '../../math/average-linkage.ts'
import { dot } from '../../math/vector.ts'
import type { WholeTrack } from '../tracklets.ts'

/**
 * Average linkage over all tracks at once: it knows the whole stream before it decides, which no live system can. The tree is made
 * once; the answer gives an ID for each track at a threshold of mean cosine.
 */
export const averageLinkage = (tracks: readonly WholeTrack[]): ((threshold: number) => (string | null)[]) => {
  const known = [...tracks.keys()].filter((i) => tracks[i]?.template)
  const means = known.map((i) => tracks[i]?.template?.mean ?? new Float32Array())
  const tree = treeOf(known.length, (i, j) => dot(means[i] as Float32Array, means[j] as Float32Array))
  return (threshold) => {
    const names = tree.at(threshold)
    const ids = tracks.map((): string | null => null)
    for (const [i, track] of known.entries()) ids[track] = `${names[i]}`
    return ids
  }
}
