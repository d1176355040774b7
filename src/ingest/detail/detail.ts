import { type Expected, MOST_SPREAD } from '../../math/search.ts'
import type { Frame, TrackId, Yuv } from '../../types.ts'
import type { FrameTimes } from '../clock.ts'
import type { Span } from './alike.ts'
import { type BigPicture, createBigPictures } from './big-pictures.ts'
import { createDecodeBudget } from './decode-budget.ts'
import { type BigFrame, createOnePicture, type Decoded, type PictureAt } from './one-picture.ts'
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

/** The most pictures that are decoded for one look. */
const MOST_PICTURES = 12

/** So many pictures in a row that show something else are no moment of a camera that was turned. */
const OTHER_VIEWS = 3

/** Begins without a connection. `onOtherView` is called when the streams show different views. */
export const createDetail = (onOtherView: () => void = () => {}): Detail => {
  const match = createStreamMatch()
  const tracks = createSeenTracks()
  const pictures = createBigPictures()
  const budget = createDecodeBudget()
  const picture = createOnePicture()
  const outcomes = { found: 0, 'not-found': 0, uncertain: 0, gone: 0, late: 0 }
  const counts = { received: 0, decoded: 0, outcomes }
  let pictureAt: PictureAt | null = null
  let stream = ''

  /** Begins to decode the newest picture that a track deserves, and that can be afforded. */
  const consider = (at: PictureAt): void => {
    const lastMs = tracks.frames().at(-1)?.atMs ?? Number.NEGATIVE_INFINITY
    for (const candidate of pictures.upTo(MOST_PICTURES)) {
      const { atMs, slackMs } = match.refined(candidate.times)
      // Where the face is at the moment is known once a later frame was analysed.
      if (atMs > lastMs || !budget.allows(costOf(candidate))) continue
      const wanted = tracks.wanted({ fromMs: atMs - slackMs, untilMs: atMs + slackMs }, candidate.pictures)
      if (wanted.length === 0) continue
      pictures.forget(candidate)
      budget.spend(costOf(candidate))
      counts.decoded += candidate.pictures
      picture.begin(at, candidate.times, wanted, () => {
        outcomes.gone += wanted.length
      })
      return
    }
  }
  const looked = (track: TrackId, outcome: LookOutcome): void => {
    outcomes[outcome]++
    const found = picture.taken()?.wanted.find((each) => each.track === track)
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
      pictureAt = opened
      picture.drop()
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
      if (pictureAt !== null && picture.isFree()) consider(pictureAt)
    },
    take: () => {
      const decoded = picture.take()
      if (decoded === null) return null
      const span = match.confirm(decoded.times, ofYuv(decoded.frame), tracks.frames())
      if (span === null && match.otherViews === OTHER_VIEWS) onOtherView()
      const look = lookOf(decoded, tracks.frames(), span, looked)
      if (look === null) picture.release()
      return look
    },
    looked,
    release: () => picture.release(),
    counts,
  }
}

/**
 * Opening a decoder, and a key picture's size, cost as much as one picture more: at 4K a key picture takes 75 ms of processor,
 * another one 34.
 */
const costOf = ({ pictures }: BigPicture): number => pictures + 1

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
