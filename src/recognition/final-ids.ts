import { personIdFor } from '../identity/people/person-id.ts'
import type { PersonId, TrackId } from '../types.ts'
import type { WholeTrack } from './whole-tracks.ts'

/** The IDs that were given before. */
export interface EarlierIds {
  readonly personOf: (track: TrackId) => PersonId | null
  readonly isTaken: (person: PersonId) => boolean
}

/**
 * Names the people of whole recordings: the final ID of each track; tracks of nobody are left out. A cluster keeps the ID that most
 * of its frames had; an ID that several want goes to the one with most frames of it, and the others get new ones, from their first
 * track.
 */
export const finalIds = (
  clusters: readonly (readonly number[])[],
  tracks: readonly WholeTrack[],
  { personOf, isTaken }: EarlierIds,
): ReadonlyMap<TrackId, PersonId> => {
  const wishes = clusters.flatMap((indices, cluster) => {
    const frames = new Map<PersonId, number>()
    for (const i of indices) {
      const person = personOf(tracks[i]?.track ?? '')
      if (person !== null) frames.set(person, (frames.get(person) ?? 0) + (tracks[i]?.frames ?? 0))
    }
    return [...frames].map(([person, count]) => ({ cluster, person, count }))
  })
  const named = new Map<number, PersonId>()
  const given = new Set<PersonId>()
  // The sort is stable, so that equals keep their order.
  for (const { cluster, person } of wishes.sort((a, b) => b.count - a.count)) {
    if (named.has(cluster) || given.has(person)) continue
    named.set(cluster, person)
    given.add(person)
  }
  const ids = new Map<TrackId, PersonId>()
  for (const [cluster, indices] of clusters.entries()) {
    const first = tracks[Math.min(...indices)]?.track ?? ''
    const id = named.get(cluster) ?? personIdFor(first, (wanted) => given.has(wanted) || isTaken(wanted))
    given.add(id)
    for (const i of indices) ids.set(tracks[i]?.track ?? '', id)
  }
  return ids
}
