import { describeError } from '../../errors.ts'
import type { RollcallEvent } from '../../events/types.ts'
import type { Identity } from '../../identity/identity.ts'
import type { SightingTable } from '../../identity/store/sighting-table.ts'
import { noPhotos, type PhotosService } from '../../server/photos-routes.ts'
import type { EnrolledCrop, FaceCrop, Log, TrackId, WallMs } from '../../types.ts'
import { type Crops, createCrops } from './crops.ts'
import { openTableOf } from './open-table.ts'

/** The pictures of a site's people. */
export interface Pictures {
  /** Null with `identity.crops: off`. */
  readonly crops: Crops | null
  readonly photos: PhotosService
  /** Keeps a picture of a face, if pictures are kept. A failure is logged. */
  readonly keepCrop: (crop: FaceCrop) => void
  /** The same for a face in a photo that somebody was enrolled with. Null with `identity.crops: off`. */
  readonly keepEnrolled: ((crop: EnrolledCrop) => void) | null
  /** `Crops.sweep`; a failure is logged. */
  readonly sweep: () => void
  /** `Crops.changed`. */
  readonly changed: (events: readonly RollcallEvent[]) => void
  /** `Crops.dropped`. */
  readonly dropped: (track: TrackId) => void
  /** `Crops.clearNobodys`. */
  readonly clearNobodys: () => void
  /** `OpenCropTable.snapshot`; null without pictures on disk. */
  readonly snapshotPictures: ((file: string) => Promise<void>) | null
}

/** What pictures are opened with. */
export interface PicturesParts {
  readonly keeps: PhotosService['kept']
  /** Null: people, and pictures, are kept in memory only. */
  readonly stateDirectory: string | null
  readonly engine: Pick<Identity, 'idsOf' | 'resolve' | 'has' | 'people' | 'isDropped'>
  readonly sightings: Pick<SightingTable, 'partsOf'>
  /** Commits what has changed, so that sightings are up to date. */
  readonly flush: () => void
  readonly nowMs: () => WallMs
  readonly log: Log
  /** Owns the table: it closes with the stack. */
  readonly owner: AsyncDisposableStack
}

/** Opens what `identity.crops` says. Throws STATE when the disk refuses. */
export const openPictures = (parts: PicturesParts): Pictures => {
  const { keeps, stateDirectory, engine, sightings, flush, nowMs, log, owner } = parts
  const table = openTableOf(keeps, stateDirectory, log)
  owner.defer(() => table?.close())
  const idsOf = (id: string): readonly string[] => engine.idsOf(id)
  const crops =
    table &&
    createCrops({
      table,
      sightings,
      idsOf,
      resolve: (id) => engine.resolve(id),
      isKnown: (id) => engine.has(id),
      isDropped: (camera, track) => engine.isDropped(camera, track),
      archived: () => engine.people().flatMap(({ id, archived }) => (archived ? [id] : [])),
      flush,
      nowMs,
    })
  const kept = keeps === 'disk' && stateDirectory === null ? 'memory' : keeps
  const orLogged = (work: () => void, message: string): void => {
    try {
      work()
    } catch (error) {
      log.warn({ error: describeError(error) }, message)
    }
  }
  return {
    crops,
    photos: crops ? { ...crops, kept } : noPhotos(idsOf),
    keepCrop: (crop) => orLogged(() => crops?.put(crop), 'a picture of a face is not kept'),
    keepEnrolled:
      crops && ((crop) => orLogged(() => crops.putEnrolled(crop), 'the picture of an enrolled face is not kept')),
    sweep: () => orLogged(() => crops?.sweep(), 'old pictures of faces are not removed'),
    changed: (events) => crops?.changed(events),
    dropped: (track) => crops?.dropped(track),
    clearNobodys: () => crops?.clearNobodys(),
    snapshotPictures: table?.snapshot ?? null,
  }
}
