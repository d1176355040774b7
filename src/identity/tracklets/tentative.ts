import type { ProvisionalId } from '../../types.ts'
import type { IdentityOptions } from '../options.ts'
import type { Compare } from '../people/evidence.ts'
import type { People } from '../people/people.ts'
import { provisionalIdFor } from '../people/person-id.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { knownOf, type Tracklet } from './tracklet.ts'
import type { Tracklets } from './tracklets.ts'

/** What tracklets without a person may become. Two short ones of one face may together be enough for a new person. */
export interface TentativeTracklets {
  /** True when the tracklet and the unassigned ones that look like it have together shown enough for a new person. */
  confirms(tracklet: Tracklet): boolean
  /**
   * So much less than `create` must the tracklet score with everybody before it becomes a new person; 0 when a face is clear.
   * Poor faces of a known person score as little with it as a stranger's do.
   */
  caution(tracklet: Tracklet): number
  /**
   * What to call a tracklet without a person of which many poor looks have come, and no clear one: by the name of one that has
   * ended on the same camera and looks like it, or a new one. Null while it has shown too little. It names nobody: docs/decisions/0053-poor-but-present.md.
   */
  provisionalFor(tracklet: Tracklet): ProvisionalId | null
  /** The unassigned tracklets that match this person, in the order in which they ended. */
  claimable(person: PersonRecord, isApart: (tracklet: Tracklet) => boolean): Tracklet[]
}

/** From this cosine on two tracklets are one look that came again, which shows no more of who it is than once. */
const sameLook = 0.95

/**
 * The quality of its best face, 0–1, from which on a tracklet shows whether it is anybody who is known: alone, and together
 * with others. Faces at night of .66 scored .26 to .53 with their own person: docs/decisions/0023-poor-looks-found-nobody.md.
 */
const [clearAlone, clearTogether] = [0.5, 0.7]

/** What caution rises by for each unit of quality below `clearAlone`, and what it is below `clearTogether`. */
const [cautionAlone, cautionTogether] = [0.8, 0.25]

/** Faces, and milliseconds from the first to the last, that a tracklet without a clear face must show for a provisional ID. */
const [presentFaces, presentMs] = [12, 3000]

/** What tracklets have shown together. Each return counts as `confirmMs`: the time between two cameras is unknown, their clocks differ. */
const shownBy = (parts: readonly Tracklet[], confirmMs: number) => ({
  faces: parts.reduce((sum, { template }) => sum + (template?.faces ?? 0), 0),
  weight: parts.reduce((sum, { template }) => sum + (template?.weight ?? 0), 0),
  lastedMs: parts.reduce(
    (sum, { goodFromMs, goodUntilMs }) => sum + goodUntilMs - goodFromMs,
    (parts.length - 1) * confirmMs,
  ),
})

/** The rules of `confirm…`, `joinWeight` and `join` in `identity`. Reads the registry and changes nothing. */
export const createTentativeTracklets = (
  tracklets: Tracklets,
  people: People,
  compare: Compare,
  options: IdentityOptions,
): TentativeTracklets => {
  /** The others that look like it, and how much: cosines. */
  const alikeTo = (tracklet: Tracklet): { readonly other: Tracklet; readonly similarity: number }[] => {
    const { template } = tracklet
    // Poor faces of different people look alike: a person made of them would attract everybody's.
    if (!template || template.weight < options.joinWeight) return []
    const known = knownOf(template)
    return [...tracklets.unassigned()].flatMap((other) => {
      // What came long ago is no second look.
      if (other.waits || !other.template || other.template.weight < options.joinWeight) return []
      if ((tracklet.coOccurrences.get(other) ?? 0) > 0) return []
      const { score, similarity } = compare(knownOf(other.template), known)
      return score >= options.join ? [{ other, similarity }] : []
    })
  }
  const together = (tracklet: Tracklet, alike = alikeTo(tracklet)): Tracklet[] => [
    tracklet,
    ...alike.flatMap(({ other, similarity }) => (similarity < sameLook ? [other] : [])),
  ]
  return {
    caution({ template, bestQuality }) {
      const isAlone = template !== null && template.weight >= options.confirmWeight
      if (isAlone) return cautionAlone * Math.max(0, clearAlone - bestQuality)
      return bestQuality < clearTogether ? cautionTogether : 0
    },
    confirms(tracklet) {
      const parts = together(tracklet)
      const { faces, weight, lastedMs } = shownBy(parts, options.confirmMs)
      const best = Math.max(...parts.map(({ bestQuality }) => bestQuality))
      return (
        faces >= options.confirmFaces &&
        lastedMs >= options.confirmMs &&
        best >= options.confirmQuality &&
        weight >= options.confirmWeight
      )
    },
    provisionalFor(tracklet) {
      const { bestQuality, doubtful, camera } = tracklet
      if (doubtful || bestQuality >= clearAlone) return null
      const alike = alikeTo(tracklet)
      const { faces, weight, lastedMs } = shownBy(together(tracklet, alike), options.confirmMs)
      if (faces < presentFaces || lastedMs < presentMs || weight < options.joinWeight) return null
      const taken = new Set([...tracklets.visible(camera).values()].map(({ provisional }) => provisional))
      const before = alike.flatMap(({ other }) => (other.camera === camera ? (other.provisional ?? []) : []))
      return before.findLast((id) => !taken.has(id)) ?? provisionalIdFor(tracklet.track)
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
