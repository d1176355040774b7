import { unit } from '../math/vector.ts'
import type { PersonId, TrackId } from '../types.ts'
import { type KnownLook, recogniseFace } from './nearest.ts'
import type { WholeTrack } from './whole-tracks.ts'

/** So many of the nearest looks vote, as in `recogniseFace`. */
const voters = 5

/**
 * The names of people of whole recordings, by looks that are known: each person's tracks are compared as one mean, weighed by what
 * they show. People who are like nobody known above the threshold have none.
 */
export const namePeople = (
  ids: ReadonlyMap<TrackId, PersonId>,
  tracks: readonly WholeTrack[],
  looks: readonly KnownLook[],
  threshold: number,
): ReadonlyMap<PersonId, string> => {
  const sums = new Map<PersonId, Float64Array>()
  for (const { track, known, weight } of tracks) {
    const person = ids.get(track)
    if (person === undefined || known === null) continue
    const sum = sums.get(person) ?? new Float64Array(known.mean.length)
    sums.set(person, sum)
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (known.mean[i] ?? 0)
  }
  return new Map(
    [...sums].flatMap(([person, sum]) => {
      const mean = unit(sum)
      const { person: name } = mean ? recogniseFace(mean, looks, { k: voters, threshold }) : { person: null }
      return name === null ? [] : [[person, name] as const]
    }),
  )
}
