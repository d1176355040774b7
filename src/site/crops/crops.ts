import type { RollcallEvent } from '../../events/types.ts'
import type { SightingTable } from '../../identity/store/sighting-table.ts'
import type { PhotoOfPerson } from '../../server/people-answers.ts'
import type { PhotosService } from '../../server/photos-routes.ts'
import type { CameraId, EnrolledCrop, FaceCrop, FrameStamp, PersonId, TrackId, WallMs } from '../../types.ts'
import type { KeptCrop } from './crop-table.ts'
import type { OpenCropTable } from './open-table.ts'
import { byQuality, type OwnedCrop, ownersOf, tooMany } from './owners.ts'

/** The kept pictures of a site. */
export interface Crops extends Omit<PhotosService, 'kept'> {
  /** Keeps a picture, unless it shows somebody who was deleted since, or is never to be recognised. Overwrites its bytes. */
  put(crop: FaceCrop): void
  /** Keeps the picture of a face in a photo that somebody was enrolled with. Overwrites its bytes. */
  putEnrolled(crop: EnrolledCrop): void
  /** The faces of this frame have been identified: pictures up to it are known. */
  saw(frame: Pick<FrameStamp, 'camera' | 'stream' | 'seq'>): void
  /**
   * Says that this has changed, after it was committed. A deletion removes the pictures of the deleted and of all tracks
   * that are nobody's yet, because they may be theirs. Throws what the disk throws.
   */
  changed(events: readonly RollcallEvent[]): void
  /** The track is that of somebody who is never to be recognised: its pictures go. Throws what the disk throws. */
  dropped(track: TrackId): void
  /** Pictures of tracks that are nobody's yet go: they may be an objector's. Throws what the disk throws. */
  clearNobodys(): void
  /** Whose pictures are is looked up anew: something was identified. */
  stale(): void
  /** Removes what is too old, too many or nobody's; cheap enough for once a minute. */
  sweep(): void
}

/** What pictures are kept with. */
export interface CropsParts {
  readonly table: OpenCropTable
  readonly sightings: Pick<SightingTable, 'partsOf'>
  /** Throws PERSON_UNKNOWN. */
  readonly idsOf: (person: PersonId) => readonly PersonId[]
  readonly resolve: (person: PersonId) => PersonId
  /** False for somebody who was deleted. */
  readonly isKnown: (person: PersonId) => boolean
  /** Whether the track is that of somebody who is never to be recognised. */
  readonly isDropped: (camera: CameraId, track: TrackId) => boolean
  /** Archived people: their pictures go. */
  readonly archived: () => readonly PersonId[]
  /** Commits what has changed, so that sightings are up to date. */
  readonly flush: () => void
  readonly nowMs: () => WallMs
}

/** A track that is nobody's for longer than this after its picture came seldom becomes somebody's (`identity.tentativeMs`): it waits without. */
const orphanMs = 180_000
/** Sweeps at the latest after so many new pictures. */
const sweepEvery = 200

const photoFrom = ({ id, person, sighting, camera, atMs, quality, width, height }: OwnedCrop): PhotoOfPerson => ({
  id,
  person,
  sighting,
  camera,
  atMs,
  quality,
  width,
  height,
})

/** Whose pictures are is looked up when somebody asks, so nothing has to be told to them but deletions. */
export const createCrops = (parts: CropsParts): Crops => {
  const { table, sightings, resolve, isKnown, flush, nowMs } = parts
  const seen = new Map<CameraId, Pick<FrameStamp, 'stream' | 'seq'>>()
  /** Where each camera was when somebody was deleted last: pictures up to there may show them. */
  let deletedAt: ReadonlyMap<CameraId, Pick<FrameStamp, 'stream' | 'seq'>> = new Map()
  let owned: readonly OwnedCrop[] | null = null
  let sincePut = 0

  const look = () => {
    flush()
    return ownersOf(table.all(), { partsOf: (tracks) => sightings.partsOf(tracks), resolve, isKnown })
  }
  const owners = (): readonly OwnedCrop[] => (owned ??= look().owned)
  const remove = (crops: readonly { readonly id: string }[]): void => {
    table.remove(crops.map(({ id }) => id))
    owned = null
  }
  const sweep = (isNobodys: (keptMs: WallMs) => boolean): void => {
    sincePut = 0
    if (table.count() === 0) return
    remove(unwanted(look(), new Set(parts.archived()), isNobodys))
    const over = Math.max(0, table.count() - table.most)
    if (over > 0) remove(firstToGo(table.all()).slice(0, over))
  }
  const added = (): void => {
    owned = null
    if (++sincePut >= sweepEvery || table.count() > table.most) sweep(isOld)
  }
  const clearNobodys = (): void => {
    deletedAt = new Map(seen)
    sweep(() => true)
    table.erase()
  }
  const isOld = (keptMs: WallMs): boolean => Math.abs(nowMs() - keptMs) > orphanMs

  // What was deleted just before a crash, and tracks of an earlier run that became nobody's.
  sweep(() => true)
  table.erase()

  return {
    put(crop) {
      const barrier = deletedAt.get(crop.camera)
      const isBefore = barrier?.stream === crop.stream && crop.seq <= barrier.seq
      if (isBefore || parts.isDropped(crop.camera, crop.track)) {
        crop.jpeg.fill(0)
        return
      }
      table.put(crop, nowMs())
      added()
    },
    putEnrolled(crop) {
      table.putEnrolled(crop, nowMs())
      added()
    },
    saw: ({ camera, stream, seq }) => void seen.set(camera, { stream, seq }),
    changed(events) {
      if (events.length > 0) owned = null
      if (events.some(({ type }) => type === 'rollcall.person.deleted.v1')) clearNobodys()
    },
    dropped(track) {
      const crops = table.all().filter((crop) => crop.track === track)
      if (crops.length === 0) return
      remove(crops)
      table.erase()
    },
    clearNobodys,
    stale: () => {
      owned = null
    },
    sweep: () => sweep(isOld),
    ...photosFrom(owners, parts),
  }
}

/** In the order in which they go when there are too many: cameras make others, nobody enrols a photo twice. */
const firstToGo = (crops: readonly KeptCrop[]): readonly KeptCrop[] =>
  crops.toSorted((a, b) => Number(a.track === null) - Number(b.track === null))

/** The pictures that must go: of archived people, more than a person may have, and those that are nobody's. */
const unwanted = (
  { owned, orphans }: ReturnType<typeof ownersOf>,
  archived: ReadonlySet<PersonId>,
  isNobodys: (keptMs: WallMs) => boolean,
) => {
  const gone = owned.filter(({ person }) => archived.has(person))
  const kept = owned.filter(({ person }) => !archived.has(person))
  const many = [...Map.groupBy(kept, ({ person }) => person).values()].flatMap(tooMany)
  return [...gone, ...many, ...orphans.filter(({ keptMs }) => isNobodys(keptMs))]
}

/** Answers who asks for pictures, the best ones first. */
const photosFrom = (
  owners: () => readonly OwnedCrop[],
  { table, idsOf, resolve }: Pick<CropsParts, 'table' | 'idsOf' | 'resolve'>,
): Omit<PhotosService, 'kept'> => {
  const photosOf = (isWanted: (crop: OwnedCrop) => boolean): readonly PhotoOfPerson[] =>
    owners().filter(isWanted).sort(byQuality).map(photoFrom)
  return {
    ofPerson(person) {
      const id = idsOf(person)[0]
      return photosOf((crop) => crop.person === id)
    },
    ofSighting: (sighting) => photosOf((crop) => crop.sighting === sighting),
    best(people) {
      const wanted = new Map(people.map((asked) => [resolve(asked), asked] as const))
      const best = new Map<PersonId, OwnedCrop>()
      for (const crop of owners()) {
        const other = best.get(crop.person)
        if (wanted.has(crop.person) && (!other || byQuality(crop, other) < 0)) best.set(crop.person, crop)
      }
      return [...best.values()].flatMap((crop) => {
        const jpeg = table.jpeg(crop.id)
        return jpeg === null ? [] : [{ ...photoFrom(crop), asked: wanted.get(crop.person) ?? crop.person, jpeg }]
      })
    },
    jpeg: (id) => (owners().some((crop) => crop.id === id) ? table.jpeg(id) : null),
  }
}
