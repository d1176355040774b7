import type { PartOfSighting } from '../../identity/store/sighting-table.ts'
import type { PersonId, SightingId, TrackId } from '../../types.ts'
import type { KeptCrop } from './crop-table.ts'

/** A picture, and whose it is as known now. */
export type OwnedCrop = KeptCrop & {
  /** Who it is now. */
  readonly person: PersonId
  /** Null for a photo that the person was enrolled with. */
  readonly sighting: SightingId | null
}

/** What says whose pictures are. */
export interface OwnersParts {
  readonly partsOf: (tracks: readonly TrackId[]) => readonly PartOfSighting[]
  readonly resolve: (id: PersonId) => PersonId
  /** False for somebody who was deleted. */
  readonly isKnown: (id: PersonId) => boolean
}

/**
 * Says whose each picture is: its track is in a sighting, and the sighting is a person's. So merges, splits and moved tracks
 * reach pictures without doing anything. A photo stays with the ID that it was enrolled under. Pictures of tracks that are
 * nobody's, and photos of people who were deleted, come back as `orphans`.
 */
export const ownersOf = (
  crops: readonly KeptCrop[],
  { partsOf, resolve, isKnown }: OwnersParts,
): { readonly owned: readonly OwnedCrop[]; readonly orphans: readonly KeptCrop[] } => {
  const tracks = new Set(crops.flatMap(({ track }) => track ?? []))
  const parts = Map.groupBy(partsOf([...tracks]), ({ track }) => track)
  const owned: OwnedCrop[] = []
  const orphans: KeptCrop[] = []
  for (const crop of crops) {
    if (crop.track === null) {
      const person = resolve(crop.enrolled)
      if (isKnown(person)) owned.push({ ...crop, person, sighting: null })
      else orphans.push(crop)
      continue
    }
    const ofTrack = parts.get(crop.track) ?? []
    const part = ofTrack.findLast(({ seq }) => seq <= crop.seq) ?? ofTrack[0]
    if (part) owned.push({ ...crop, person: resolve(part.person), sighting: part.sighting })
    else orphans.push(crop)
  }
  return { owned, orphans }
}

/** The best first; of equals the newest. */
export const byQuality = (a: KeptCrop, b: KeptCrop): number => b.quality - a.quality || b.atMs - a.atMs

const bestKept = 8
const newestKept = 4

/** The most pictures of one person. */
export const perPerson = bestKept + newestKept

/** Which of one person's pictures are too many: all but the best eight and the newest four of the rest. */
export const tooMany = (crops: readonly KeptCrop[]): readonly KeptCrop[] => {
  if (crops.length <= perPerson) return []
  const rest = crops.toSorted(byQuality).slice(bestKept)
  return rest.sort((a, b) => b.atMs - a.atMs).slice(newestKept)
}
