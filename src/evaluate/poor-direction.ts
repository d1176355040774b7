import { unit } from '../math/vector.ts'
import type { EmbeddedPhoto } from './embed-photos.ts'

/** Fewer photos do not show what the poor ones have in common: each differs from the clear one by its own noise too. */
const fewest = 100

/**
 * What the embeddings of poor pictures have in common: the mean difference between a photo's embedding when it is spoilt and
 * when it is not, at unit length, 4 decimals. The same people are on both sides, so it says nothing about who they are. Null for
 * fewer than a hundred photos with a face in both.
 */
export const poorDirection = (
  clear: readonly Pick<EmbeddedPhoto, 'file' | 'how' | 'views'>[],
  spoilt: readonly Pick<EmbeddedPhoto, 'file' | 'how' | 'views'>[],
): number[] | null => {
  const isSeen = ({ how }: Pick<EmbeddedPhoto, 'how'>): boolean => how !== 'centred'
  const before = new Map(clear.filter(isSeen).map(({ file, views }) => [file, views[0]?.embedding]))
  const sum = new Float64Array(clear[0]?.views[0]?.embedding.length ?? 0)
  let count = 0
  for (const { file, views } of spoilt.filter(isSeen)) {
    const [from, to] = [before.get(file), views[0]?.embedding]
    if (!from || !to) continue
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (to[i] ?? 0) - (from[i] ?? 0)
    count++
  }
  const direction = count < fewest ? null : unit(sum)
  return direction && Array.from(direction, (value) => Number(value.toFixed(4)))
}
