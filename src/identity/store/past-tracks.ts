import type { CameraId, MediaMs, TrackId } from '../../types.ts'
import type { PastTrack } from '../state/state.ts'
import type { Row } from './prepared.ts'
import { floatsOfHalves } from './vectors.ts'

/** Which past tracks are wanted: a page of those whose last frame was taken at `fromMs` or later. */
export interface PastQuery {
  readonly fromMs: MediaMs
  /** `next` of the page before; 0 begins. */
  readonly after: number
  readonly limit: number
}

/** Past tracks in the order in which they were over, a page at a time: there may be hundreds of thousands. */
export interface PastTracks<Track extends PastTrack> {
  page(query: PastQuery): { readonly tracks: readonly Track[]; readonly next: number | null }
}

/** The rows of a page; `next` is null when there are none. */
export const pageOf = <Track>(
  rows: readonly Row[],
  from: (row: Row) => Track,
): { readonly tracks: readonly Track[]; readonly next: number | null } => ({
  tracks: rows.map(from),
  next: (rows.at(-1)?.number as number | undefined) ?? null,
})

/** A row of settled or unassigned tracks. */
export const pastTrack = (row: Row): PastTrack => {
  const { track, seq, camera, last_ms, weight, sum, first_ms, faces, quality } = row
  return {
    track: track as TrackId,
    seq: seq as number,
    camera: camera as CameraId,
    lastMs: last_ms as number,
    look: { sum: floatsOfHalves(sum as Uint8Array), weight: weight as number },
    shown:
      first_ms === null ? null : { firstMs: first_ms as number, faces: faces as number, quality: quality as number },
  }
}
