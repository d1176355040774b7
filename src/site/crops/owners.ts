import type { PartOfSighting } from '../../identity/store/sighting-table.ts'
import type { PersonId, SightingId, TrackId } from '../../types.ts'
import type { KeptCrop } from './crop-table.ts'

/** A picture, and whose it is as known now. */
export interface OwnedCrop extends KeptCrop {
  /** Who it is now. */
  readonly person: PersonId
  readonly sighting: SightingId
}

/**
 * Says whose each picture is: its track is in a sighting, and the sighting is a person's. So merges, splits and moved tracks
 * reach pictures without doing anything. Pictures of tracks that are nobody's come back as `orphans`.
 */
export const ownersOf = (
  crops: readonly KeptCrop[],
  partsOf: (tracks: readonly TrackId[]) => readonly PartOfSighting[],
  resolve: (id: PersonId) => PersonId,
): { readonly owned: readonly OwnedCrop[]; readonly orphans: readonly KeptCrop[] } => {
  const parts = Map.groupBy(partsOf([...new Set(crops.map(({ track }) => track))]), ({ track }) => track)
  const owned: OwnedCrop[] = []
  const orphans: KeptCrop[] = []
  for (const crop of crops) {
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
