import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { preparing, type Row } from '../../identity/store/prepared.ts'
import type { CameraId, EnrolledCrop, FaceCrop, MediaMs, PersonId, TrackId, WallMs } from '../../types.ts'
import type { Seal } from './seal.ts'

/** A kept picture, without its bytes. */
export type KeptCrop = OfTrack | OfEnrolled

interface OfTrack extends SaidOfCrop {
  readonly track: TrackId
  readonly camera: CameraId
}

/** A photo that somebody was enrolled with, under this ID. */
interface OfEnrolled extends SaidOfCrop {
  readonly track: null
  readonly camera: null
  readonly enrolled: PersonId
}

interface SaidOfCrop {
  readonly id: string
  readonly seq: number
  readonly atMs: MediaMs
  readonly quality: number
  readonly width: number
  readonly height: number
  /** When it came, by our clock. */
  readonly keptMs: WallMs
}

/** Pictures of faces in a table of SQLite, by track: whose they are, sightings say. */
export interface CropTable {
  /** Adds a picture. Of a track the best `perTrack` stay. Overwrites the bytes that it was given. */
  put(crop: FaceCrop, keptMs: WallMs): void
  /** The same for a photo that somebody was enrolled with, of whom the best `perTrack` stay. */
  putEnrolled(crop: EnrolledCrop, keptMs: WallMs): void
  /** In the order in which they came. */
  all(): readonly KeptCrop[]
  /** The JPEG; null when there is none, or it cannot be decrypted. */
  jpeg(id: string): Uint8Array | null
  remove(ids: readonly string[]): void
  count(): number
}

/** Two pictures of a track show all that a person learns from it. */
export const perTrack = 2

const tables = `
  CREATE TABLE IF NOT EXISTS crops (
    id TEXT PRIMARY KEY,
    track TEXT NOT NULL,             -- of a photo that somebody was enrolled with: their ID
    camera TEXT NOT NULL,            -- '' for such a photo
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    quality REAL NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    kept_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL             -- JPEG, on disk encrypted: see seal.ts
  ) STRICT;
  CREATE INDEX IF NOT EXISTS crops_of ON crops (track);
`

/** Names a picture for ever: the same frame and track give the same ID in each run. */
const idOf = ({ track, seq }: FaceCrop): string =>
  `f-${createHash('sha256').update(`${track}/${seq}`).digest('hex').slice(0, 20)}`

/** The same photo of the same person is kept once. */
const idOfEnrolled = ({ person, jpeg }: EnrolledCrop): string =>
  `f-${createHash('sha256').update(`enrolled/${person}/`).update(jpeg).digest('hex').slice(0, 20)}`

const keptFrom = (row: Row): KeptCrop => ({
  ...(row.camera === ''
    ? { track: null, camera: null, enrolled: row.track as string }
    : { track: row.track as string, camera: row.camera as string }),
  id: row.id as string,
  seq: row.seq as number,
  atMs: row.at_ms as number,
  quality: row.quality as number,
  width: row.width as number,
  height: row.height as number,
  keptMs: row.kept_ms as number,
})

/** Makes the table in an open database if need be. Whoever opened the database closes it. */
export const openCropTable = (db: DatabaseSync, bytes: Seal): CropTable => {
  db.exec(tables)
  const { read, write } = preparing(db, () => undefined)
  const insert = write('INSERT OR REPLACE INTO crops VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const beyond = read<[TrackId, number]>(
    'SELECT id FROM crops WHERE track = ? ORDER BY quality DESC, seq LIMIT -1 OFFSET ?',
  )
  const removeAll = write<[string]>('DELETE FROM crops WHERE id IN (SELECT value FROM json_each(?))')
  const all = read(
    'SELECT id, track, camera, seq, at_ms, quality, width, height, kept_ms FROM crops ORDER BY kept_ms, rowid',
  )
  const sealed = read<[string]>('SELECT sealed FROM crops WHERE id = ?')
  const count = read('SELECT count(*) AS count FROM crops')
  const remove = (ids: readonly string[]): void => {
    if (ids.length === 0) return
    removeAll(JSON.stringify(ids))
    bytes.forget(ids)
  }
  const keepBest = (track: string): void => remove(beyond(track, perTrack).map((row) => row.id as string))
  return {
    put(crop, keptMs) {
      const { track, camera, seq, capturedAtMs, quality, width, height, jpeg } = crop
      const id = idOf(crop)
      insert(id, track, camera, seq, Math.round(capturedAtMs), quality, width, height, keptMs, bytes.seal(id, jpeg))
      keepBest(track)
      jpeg.fill(0)
    },
    putEnrolled(crop, keptMs) {
      const { person, quality, width, height, jpeg } = crop
      const id = idOfEnrolled(crop)
      insert(id, person, '', 0, keptMs, quality, width, height, keptMs, bytes.seal(id, jpeg))
      keepBest(person)
      jpeg.fill(0)
    },
    all: () => all().map(keptFrom),
    jpeg(id) {
      const [row] = sealed(id)
      return row ? bytes.open(id, row.sealed as Uint8Array) : null
    },
    remove,
    count: () => Number(count()[0]?.count),
  }
}
