import type { Detection, Frame, TrackId } from '../../types.ts'
import type { Span } from './alike.ts'
import { isWorthLook, type Looked, notLooked, withLook } from './look-rule.ts'
import { placeIn, type SeenFaces } from './seen-faces.ts'
import { ofPicture } from './thumbnail.ts'

/** A face of the small stream, on its track. `view` says how good it looks; see `LookCandidate.score`. */
export interface SeenFace extends Detection {
  readonly track: TrackId
  readonly view: number
}

/** A track that deserves a look, and how good its face looks in it. */
export interface Wanted {
  readonly track: TrackId
  readonly score: number
  /** Whether its face was never found yet. */
  readonly isFirst: boolean
}

/** The last seconds of the small stream, and what its tracks have been looked at so far. Bounded in time and number. */
export interface SeenTracks {
  /** Notes an analysed frame at its place on the time line. */
  note(frame: Frame, atMs: number, faces: readonly SeenFace[]): void
  /** The frames that are remembered, oldest first. */
  frames(): readonly SeenFaces[]
  /** The tracks of the last frame that deserve a look at a picture of `span`, for which so many pictures have to be decoded. */
  wanted(span: Span, pictures: number): readonly Wanted[]
  /** Notes a look; `score` is null when it showed nothing of the track. */
  looked(track: TrackId, score: number | null): void
  /** Forgets the frames: a new stream began. */
  clear(): void
}

/** As long as the ring of the big stream. */
const MOST_FRAMES = 64
const LONGEST_MS = 5000
/** A track without a look that has waited so long may have one from within a group of pictures, which costs more. */
const URGENT_AFTER_MS = 800

const insideShare = ({ x, y, width, height }: Detection['box']): number => {
  const w = Math.min(1, x + width) - Math.max(0, x)
  const h = Math.min(1, y + height) - Math.max(0, y)
  return w > 0 && h > 0 ? (w * h) / (width * height) : 0
}

/** Begins with nothing seen. */
export const createSeenTracks = (): SeenTracks => {
  let seen: SeenFaces[] = []
  let tracks = new Map<TrackId, { readonly sinceMs: number; readonly looked: Looked }>()
  let size = { width: 1, height: 1 }

  const wants = (track: TrackId, span: Span, pictures: number): readonly Wanted[] => {
    const known = tracks.get(track)
    const place = placeIn(seen, track, span)
    if (!known || !place) return []
    const waitedMs = (seen.at(-1)?.atMs ?? 0) - known.sinceMs
    if (pictures > 1 && (known.looked.found > 0 || waitedMs < URGENT_AFTER_MS)) return []
    const { box, view } = place.nearest as SeenFace
    const sizePx = Math.min(box.width * size.width, box.height * size.height)
    return isWorthLook(known.looked, { score: view, sizePx, inside: insideShare(box) })
      ? [{ track, score: view, isFirst: known.looked.found === 0 }]
      : []
  }
  return {
    note: (frame, atMs, faces) => {
      size = { width: frame.full.width, height: frame.full.height }
      seen.push({ atMs, thumbnail: ofPicture(frame.picture), faces: new Map(faces.map((face) => [face.track, face])) })
      seen = seen.filter((entry) => atMs - entry.atMs <= LONGEST_MS).slice(-MOST_FRAMES)
      const inSight = new Set(seen.flatMap((entry) => [...entry.faces.keys()]))
      tracks = new Map([...inSight].map((track) => [track, tracks.get(track) ?? { sinceMs: atMs, looked: notLooked }]))
    },
    frames: () => seen,
    wanted: (span, pictures) => [...(seen.at(-1)?.faces.keys() ?? [])].flatMap((track) => wants(track, span, pictures)),
    looked: (track, score) => {
      const known = tracks.get(track)
      if (known) tracks.set(track, { ...known, looked: withLook(known.looked, score) })
    },
    clear: () => {
      seen = []
    },
  }
}
