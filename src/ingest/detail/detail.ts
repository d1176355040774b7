import { type Expected, MOST_SPREAD } from '../../math/search.ts'
import type { Detection, Frame, TrackId, Yuv } from '../../types.ts'
import type { FrameTimes } from '../clock.ts'
import { type BigPicture, createBigPictures } from './big-pictures.ts'
import { createDecodeBudget } from './decode-budget.ts'
import { isWorthLook, type Looked, notLooked, withLook } from './look-rule.ts'
import { placeIn, type SeenFaces } from './seen-faces.ts'
import { createStreamMatch, type Moment } from './stream-match.ts'
import { ofPicture, ofYuv } from './thumbnail.ts'

/** A face of the small stream, on its track. `view` says how good it looks; see `LookCandidate.score`. */
export interface SeenFace extends Detection {
  readonly track: TrackId
  readonly view: number
}

/** A picture of the big stream, and the faces that are wanted from it. */
export interface Look {
  readonly full: Yuv
  /** Where they must be, fractions of the picture. */
  readonly wanted: readonly Expected[]
  /** Where every known face must be, the wanted ones too. */
  readonly all: readonly Expected[]
}

/** What became of a picture of the big stream for one face: as in the metric. */
export type LookOutcome =
  /** It was embedded. */
  | 'found'
  /** No face was there, or it is not certain that it was this one's. */
  | 'not-found'
  /** Picture and clocks contradict each other, or the face moved too far in the time that it may be of. */
  | 'uncertain'
  /** The picture could not be decoded, or the ring had lost it. */
  | 'gone'
  /** The track was over when the picture was there. */
  | 'late'

/** A decoded picture of the big stream, owned by whoever asked for it. `NativeFrame` is one. */
export interface BigFrame extends Yuv {
  readonly damaged: boolean
  close(): void
}

/** What was done with a big stream so far. */
export interface DetailCounts {
  /** Its pictures that were received, and those of them that were decoded. */
  readonly received: number
  readonly decoded: number
  /** What became of the looks: one for each face of a decoded picture that was wanted. */
  readonly outcomes: Readonly<Record<LookOutcome, number>>
}

/** What decodes the big stream; see `Pipeline.pictureAt`. */
export type PictureAt = (ptsNs: bigint) => Promise<BigFrame | null>

/** Looks at the faces of one camera in its big stream. It holds one picture at most, and a few seconds of times and thumbnails. */
export interface Detail {
  /** Notes another access unit of the big stream. */
  unit(unit: FrameTimes & { readonly key: boolean; readonly broken: boolean }): void
  /** A connection of the big stream was opened, which can decode; null: it is away, and the small one serves. */
  connected(pictureAt: PictureAt | null): void
  /** Notes the faces of an analysed frame. Begins to decode a picture when one of them deserves it. */
  note(frame: Frame, faces: readonly SeenFace[]): void
  /** The picture that has been decoded since, with the faces that the last noted frame still has; null when there is none. */
  take(): Look | null
  /** Tells what became of a look at a track. */
  looked(track: TrackId, outcome: LookOutcome): void
  /** Frees the picture that was taken. Idempotent. */
  release(): void
  readonly counts: DetailCounts
}

/** Frames of the small stream that are remembered, in number and time: as long as the ring of the big one. */
const MOST_FRAMES = 64
const LONGEST_MS = 5000
/** A track without a look that has waited so long may have one from within a group of pictures, which costs more. */
const URGENT_AFTER_MS = 800

interface Wanted {
  readonly track: TrackId
  readonly score: number
}

interface Decoded {
  readonly frame: BigFrame
  readonly times: FrameTimes
  readonly wanted: readonly Wanted[]
}

const insideShare = ({ x, y, width, height }: Detection['box']): number => {
  const w = Math.min(1, x + width) - Math.max(0, x)
  const h = Math.min(1, y + height) - Math.max(0, y)
  return w > 0 && h > 0 ? (w * h) / (width * height) : 0
}

/** Begins without a connection. */
export const createDetail = (): Detail => {
  const match = createStreamMatch()
  const pictures = createBigPictures()
  const budget = createDecodeBudget()
  const outcomes = { found: 0, 'not-found': 0, uncertain: 0, gone: 0, late: 0 }
  const counts = { received: 0, decoded: 0, outcomes }
  let pictureAt: PictureAt | null = null
  let stream = ''
  let seen: SeenFaces[] = []
  let views = new Map<TrackId, { readonly sinceMs: number; readonly looked: Looked; readonly score: number }>()
  let size = { width: 1, height: 1 }
  let isDecoding = false
  let ready: Decoded | null = null
  let taken: Decoded | null = null

  const remember = (frame: Frame, faces: readonly SeenFace[]): void => {
    if (frame.stream !== stream) {
      stream = frame.stream
      seen = []
      match.restart('small')
    }
    size = { width: frame.full.width, height: frame.full.height }
    const atMs = match.small(timesOf(frame))
    seen.push({ atMs, thumbnail: ofPicture(frame.picture), faces: new Map(faces.map((face) => [face.track, face])) })
    seen = seen.filter((entry) => atMs - entry.atMs <= LONGEST_MS).slice(-MOST_FRAMES)
    const known = new Set(seen.flatMap((entry) => [...entry.faces.keys()]))
    views = new Map([...views].filter(([track]) => known.has(track)))
    for (const { track, view } of faces) {
      const before = views.get(track) ?? { sinceMs: atMs, looked: notLooked }
      views.set(track, { ...before, score: view })
    }
  }
  const spanOf = ({ atMs, slackMs }: Moment) => ({ fromMs: atMs - slackMs, untilMs: atMs + slackMs })
  /** The tracks of the last frame that deserve a look at this picture. */
  const wantedIn = (picture: BigPicture, moment: Moment): readonly Wanted[] => {
    const last = seen.at(-1)
    return [...(last?.faces.keys() ?? [])].flatMap((track): Wanted[] => {
      const known = views.get(track)
      const place = placeIn(seen, track, spanOf(moment))
      if (!known || !place) return []
      const isUrgent = known.looked.found === 0 && (last?.atMs ?? 0) - known.sinceMs >= URGENT_AFTER_MS
      if (picture.pictures > 1 && !isUrgent) return []
      const { box } = place.nearest
      const candidate = {
        score: (place.nearest as SeenFace).view,
        sizePx: Math.min(box.width * size.width, box.height * size.height),
        inside: insideShare(box),
      }
      return isWorthLook(known.looked, candidate) ? [{ track, score: candidate.score }] : []
    })
  }
  const consider = (): void => {
    const lastMs = seen.at(-1)?.atMs
    if (pictureAt === null || isDecoding || ready !== null || lastMs === undefined) return
    for (const picture of pictures.upTo(MOST_PICTURES)) {
      const moment = match.refined(picture.times)
      // The face's place at the moment is known once a later frame was analysed.
      if (moment.atMs > lastMs) continue
      const wanted = budget.allows(costOf(picture)) ? wantedIn(picture, moment) : []
      if (wanted.length === 0) continue
      pictures.forget(picture)
      decode(pictureAt, picture, wanted)
      return
    }
  }
  const decode = (at: PictureAt, picture: BigPicture, wanted: readonly Wanted[]): void => {
    isDecoding = true
    const { times } = picture
    budget.spend(costOf(picture))
    counts.decoded += picture.pictures
    void at(times.ptsNs)
      .catch(() => null)
      .then((frame) => {
        isDecoding = false
        if (frame !== null && !frame.damaged && at === pictureAt) {
          ready = { frame, times, wanted }
          return
        }
        frame?.close()
        for (const { track } of wanted) note(track, 'gone', null)
      })
  }
  const note = (track: TrackId, outcome: LookOutcome, score: number | null): void => {
    outcomes[outcome]++
    const known = views.get(track)
    if (known && outcome !== 'gone') views.set(track, { ...known, looked: withLook(known.looked, score) })
  }
  const release = (): void => {
    taken?.frame.close()
    taken = null
  }

  return {
    unit: ({ key, broken, ptsNs, arrivedAtMs, ntpAtMs }) => {
      counts.received++
      budget.received()
      const times = { ptsNs, arrivedAtMs, ntpAtMs }
      match.big(times)
      pictures.add(times, key, broken)
    },
    connected: (opened) => {
      pictureAt = opened
      ready?.frame.close()
      ready = null
      pictures.clear()
      match.restart('big')
    },
    note: (frame, faces) => {
      remember(frame, faces)
      consider()
    },
    take: () => {
      release()
      if (ready === null) return null
      taken = ready
      ready = null
      const { frame, times, wanted } = taken
      const span = match.confirm(times, ofYuv(frame), seen)
      const last = seen.at(-1)
      const all = span === null ? [] : expectedIn(seen, span)
      const usable = wanted.flatMap(({ track }): Expected[] => {
        const expected = all.find((each) => each.track === track)
        if (last?.faces.has(track) !== true) note(track, 'late', null)
        else if (expected === undefined || expected.spread > MOST_SPREAD) note(track, 'uncertain', null)
        else return [expected]
        return []
      })
      if (usable.length === 0) {
        release()
        return null
      }
      return { full: yuvOf(frame), wanted: usable, all }
    },
    looked: (track, outcome) => {
      const score = outcome === 'found' ? (taken?.wanted.find((each) => each.track === track)?.score ?? null) : null
      note(track, outcome, score)
    },
    release,
    counts,
  }
}

/** The most pictures that are decoded for one look. */
const MOST_PICTURES = 12

/** Opening a decoder, and a key picture's size, cost as much as one picture more: at 4K 75 ms of CPU for a key picture, 34 for another. */
const costOf = ({ pictures }: BigPicture): number => pictures + 1

const timesOf = ({ ptsUs, capturedAtMs, received }: Frame): FrameTimes => ({
  ptsNs: BigInt(ptsUs) * 1000n,
  arrivedAtMs: received?.arrivedAtMs ?? (capturedAtMs as number),
  ntpAtMs: received?.ntpAtMs ?? null,
})

const yuvOf = ({ format, width, height, matrix, fullRange, planes }: BigFrame): Yuv => ({
  format,
  width,
  height,
  matrix,
  fullRange,
  planes,
})

/** Where every track's face was in a span. */
const expectedIn = (seen: readonly SeenFaces[], span: { readonly fromMs: number; readonly untilMs: number }) => {
  const tracks = new Set(seen.flatMap(({ faces }) => [...faces.keys()]))
  return [...tracks].flatMap((track): Expected[] => {
    const place = placeIn(seen, track, span)
    return place ? [{ track, box: place.box, spread: place.spread }] : []
  })
}
