import { RollcallError } from '../errors.ts'
import { averageLinkage, never } from '../math/average-linkage.ts'
import { dot } from '../math/vector.ts'

/** A face to be clustered. */
export interface ClusterFace {
  /** Unit length. */
  readonly embedding: ArrayLike<number>
  /** The number of its photo. Two faces of one photo are two people. */
  readonly photo: number
}

/** Where clusters end. */
export interface ClusterCut {
  /** The least mean cosine of two clusters that become one. */
  readonly threshold: number
  /** How many people there are, when that is known: then so many clusters are left, whatever their cosine. */
  readonly people?: number | undefined
}

/** So many at once take 256 MiB and seconds. */
const usuallyAtOnce = 8000
/** So many people take 1.6 GiB at the end. */
const mostPeople = 20_000

/** Faces that are one person already. */
interface Group {
  readonly faces: readonly number[]
  /** The mean of their embeddings, not of unit length: the dot product of two is the mean cosine of their pairs. */
  readonly mean: Float64Array
  /** The photos of theirs that show several faces. */
  readonly crowds: ReadonlySet<number>
}

const meanOf = (faces: readonly number[], all: readonly ClusterFace[]): Float64Array => {
  const sum = new Float64Array(all[faces[0] ?? 0]?.embedding.length ?? 0)
  for (const face of faces)
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (all[face]?.embedding[i] ?? 0) / faces.length
  return sum
}

const linkGroups = (groups: readonly Group[], cut: ClusterCut): readonly number[][] => {
  const tree = averageLinkage(
    groups.length,
    (i, j) => {
      const [a, b] = [groups[i] as Group, groups[j] as Group]
      return a.crowds.isDisjointFrom(b.crowds) ? dot(a.mean, b.mean) : never
    },
    groups.map(({ faces }) => faces.length),
  )
  const names = cut.people === undefined ? tree.at(cut.threshold) : tree.into(cut.people)
  return [...Map.groupBy(names.keys(), (i) => names[i]).values()].map((members) =>
    members.flatMap((i) => groups[i]?.faces ?? []),
  )
}

/**
 * Clusters faces into people: agglomerative, average linkage of cosines, two faces of one photo never together. The result has for
 * each person the indices of the faces, who has most first. More than 8,000 are clustered in parts first, in their order; the
 * parts' people are then clustered by the same rule, until all fit. Throws USAGE for more than 20,000 people.
 */
export const clusterFaces = (
  faces: readonly ClusterFace[],
  cut: ClusterCut,
  { atOnce = usuallyAtOnce }: { readonly atOnce?: number } = {},
): readonly (readonly number[])[] => {
  const perPhoto = new Map<number, number>()
  for (const { photo } of faces) perPhoto.set(photo, (perPhoto.get(photo) ?? 0) + 1)
  const groupOf = (members: readonly number[]): Group => ({
    faces: members,
    mean: meanOf(members, faces),
    crowds: new Set(members.map((i) => faces[i]?.photo ?? -1).filter((photo) => (perPhoto.get(photo) ?? 0) > 1)),
  })
  let groups = [...faces.keys()].map((i) => groupOf([i]))
  for (let before = Infinity; groups.length > atOnce && groups.length < before; ) {
    before = groups.length
    const parts: (readonly number[])[] = []
    // A part does not know its share of the people.
    for (let from = 0; from < groups.length; from += atOnce)
      for (const members of linkGroups(groups.slice(from, from + atOnce), { threshold: cut.threshold }))
        parts.push(members)
    groups = parts.map(groupOf)
  }
  if (groups.length > mostPeople)
    throw new RollcallError(
      'USAGE',
      `the faces are of ${groups.length} people, at most ${mostPeople} can be told apart`,
      {
        remedy: 'Cluster fewer photos at once.',
      },
    )
  return linkGroups(groups, cut)
    .map((members) => members.toSorted((a, b) => a - b))
    .sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
}
