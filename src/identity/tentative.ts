import type { Compare } from './evidence.ts'
import type { IdentityOptions } from './options.ts'
import type { People } from './people.ts'
import type { PersonRecord } from './person-record.ts'
import { knownOf, type Tracklet } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

/** Tracklets that nobody has yet. Two short ones of the same face may be enough together to become somebody. */
export interface TentativeTracklets {
  /** Whether the tracklet, together with those that wait and look the same, has shown enough to become a person. */
  confirms(tracklet: Tracklet): boolean
  /** Those that wait and turn out to be of this person, in the order in which they ended. */
  claimable(person: PersonRecord, isApart: (tracklet: Tracklet) => boolean): Tracklet[]
}

/** Reads the registry only. */
export const createTentativeTracklets = (
  tracklets: Tracklets,
  people: People,
  compare: Compare,
  options: IdentityOptions,
): TentativeTracklets => {
  const sameAs = (tracklet: Tracklet): Tracklet[] => {
    const { template } = tracklet
    // Poor looks are alike, whoever they are of: together they would found a person that attracts everybody's.
    if (!template || template.weight < options.joinWeight) return []
    const known = knownOf(template)
    return [...tracklets.unassigned()].filter(
      (other) =>
        other.template &&
        other.template.weight >= options.joinWeight &&
        (tracklet.coOccurrences.get(other) ?? 0) === 0 &&
        compare(knownOf(other.template), known).score >= options.join,
    )
  }
  return {
    confirms(tracklet) {
      const parts = [tracklet, ...sameAs(tracklet)]
      const faces = parts.reduce((sum, { template }) => sum + (template?.faces ?? 0), 0)
      // Coming back is worth as much time as staying; cameras' clocks differ, so the time between cannot be told.
      const backMs = (parts.length - 1) * options.confirmMs
      const lastedMs = parts.reduce((sum, { goodFromMs, goodUntilMs }) => sum + goodUntilMs - goodFromMs, backMs)
      const best = Math.max(...parts.map(({ bestQuality }) => bestQuality))
      const weight = parts.reduce((sum, { template }) => sum + (template?.weight ?? 0), 0)
      return (
        faces >= options.confirmFaces &&
        lastedMs >= options.confirmMs &&
        best >= options.confirmQuality &&
        weight >= options.confirmWeight
      )
    },
    claimable: (person, isApart) =>
      [...tracklets.unassigned()].filter(
        (one) =>
          one.template &&
          one.template.weight >= options.joinWeight &&
          (people.compare(knownOf(one.template), person)?.score ?? -1) >= options.join &&
          !isApart(one),
      ),
  }
}
