import { type Expected, MOST_SPREAD } from '../../math/expected-face.ts'
import type { Frame, TrackId, Yuv } from '../../types.ts'
import type { FrameTimes } from '../clock.ts'
import type { Span } from './alike.ts'
import { createBigPictures } from './big-pictures.ts'
import { choosePictures, depthOf } from './choose-pictures.ts'
import { createDecodeBudget } from './decode-budget.ts'
import { type BigFrame, createHeldPictures, type Decoded, type PicturesAt } from './held-pictures.ts'
import { placeIn, type SeenFaces } from './seen-faces.ts'
import { createSeenTracks, type SeenFace } from './seen-tracks.ts'
import { createStreamMatch } from './stream-match.ts'
import { ofYuv } from './thumbnail.ts'

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

/** What was done with a big stream so far. */
export interface DetailCounts {
  /** Its pictures that were received, and those of them that were decoded. */
  readonly received: number
  readonly decoded: number
  /** What became of the looks: one for each face of a decoded picture that was wanted. */
  readonly outcomes: Readonly<Record<LookOutcome, number>>
}

/** Looks at the faces of one camera in its big stream. It holds three pictures at most, and a few seconds of times and thumbnails. */
export interface Detail {
  /** Notes another access unit of the big stream. */
  unit(unit: FrameTimes & { readonly key: boolean; readonly broken: boolean }): void
  /** A connection of the big stream was opened, which can decode; null: it is away, and the small one serves. */
  connected(picturesAt: PicturesAt | null): void
  /** Notes the faces of an analysed frame. Begins to decode pictures when one of them deserves it. */
  note(frame: Frame, faces: readonly SeenFace[]): void
  /** The next picture that has been decoded, with the faces that the last noted frame still has; null when there is none. */
  take(): Look | null
  /** Tells what became of a look at a track. */
  looked(track: TrackId, outcome: LookOutcome): void
  /** Frees the picture that was taken. Idempotent. */
  release(): void
  readonly counts: DetailCounts
}

/** Looks at one face are this far apart at least, because faces of one moment are no evidence of a person. */
const APART_MS = 150

/** So many pictures in a row that show something else are no moment of a camera that was turned. */
const OTHER_VIEWS = 3

/** Begins without a connection. `onOtherView` is called when the streams show different views. */
export const createDetail = (onOtherView: () => void = () => {}): Detail => {
  const match = createStreamMatch()
  const tracks = createSeenTracks()
  const pictures = createBigPictures()
  const budget = createDecodeBudget()
  const held = createHeldPictures()
  const outcomes = { found: 0, 'not-found': 0, uncertain: 0, gone: 0, late: 0 }
  const counts = { received: 0, decoded: 0, outcomes }
  let picturesAt: PicturesAt | null = null
  let stream = ''
  let tookMs = Number.NEGATIVE_INFINITY
  const lastMs = (): number => tracks.frames().at(-1)?.atMs ?? Number.NEGATIVE_INFINITY

  const consider = (at: PicturesAt): void => {
    const chosen = choosePictures({ pictures, match, tracks, budget })
    if (chosen === null) return
    const decoded = depthOf(chosen.pictures)
    for (const each of chosen.pictures) pictures.forget(each)
    budget.spend(decoded, lastMs())
    counts.decoded += decoded
    const times = chosen.pictures.map((each) => each.times)
    held.begin(at, times, chosen.wanted, () => {
      outcomes.gone += chosen.wanted.length
    })
  }
  const looked = (track: TrackId, outcome: LookOutcome): void => {
    outcomes[outcome]++
    const found = held.taken()?.wanted.find((each) => each.track === track)
    tracks.looked(track, outcome === 'found' ? (found?.score ?? null) : null)
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
      picturesAt = opened
      held.drop()
      pictures.clear()
      match.restart('big')
    },
    note: (frame, faces) => {
      if (frame.stream !== stream) {
        stream = frame.stream
        tracks.clear()
        match.restart('small')
      }
      tracks.note(frame, match.small(timesOf(frame)), faces)
      if (picturesAt !== null && held.isFree()) consider(picturesAt)
    },
    take: () => {
      if (Math.abs(lastMs() - tookMs) < APART_MS) return null
      const decoded = held.take()
      if (decoded === null) return null
      tookMs = lastMs()
      const span = match.confirm(decoded.times, ofYuv(decoded.frame), tracks.frames())
      if (span === null && match.otherViews === OTHER_VIEWS) onOtherView()
      const look = lookOf(decoded, tracks.frames(), span, looked)
      if (look === null) held.release()
      return look
    },
    looked,
    release: () => held.release(),
    counts,
  }
}

/** The tracks that can be looked at, now that the picture's moment is known; null when there are none. */
const lookOf = (
  { frame, wanted }: Decoded,
  seen: readonly SeenFaces[],
  span: Span | null,
  looked: (track: TrackId, outcome: LookOutcome) => void,
): Look | null => {
  const all = span === null ? [] : expectedIn(seen, span)
  const usable = wanted.flatMap(({ track }): Expected[] => {
    const expected = all.find((each) => each.track === track)
    if (seen.at(-1)?.faces.has(track) !== true) looked(track, 'late')
    else if (expected === undefined || expected.spread > MOST_SPREAD) looked(track, 'uncertain')
    else return [expected]
    return []
  })
  return usable.length === 0 ? null : { full: yuvOf(frame), wanted: usable, all }
}

/** Where every track's face was in a span. */
const expectedIn = (seen: readonly SeenFaces[], span: Span): readonly Expected[] => {
  const tracks = new Set(seen.flatMap(({ faces }) => [...faces.keys()]))
  return [...tracks].flatMap((track): Expected[] => {
    const place = placeIn(seen, track, span)
    return place ? [{ track, box: place.box, spread: place.spread }] : []
  })
}

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
