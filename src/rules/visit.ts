import type { CameraId, MediaMs, PersonId, TrackId } from '../types.ts'
import type { Rule } from './options.ts'

/** A person on a camera at one moment. */
export interface Observation {
  readonly person: PersonId
  readonly camera: CameraId
  /** By the clock of the camera. */
  readonly atMs: MediaMs
  readonly track: TrackId
  /** How many analysed frames it stands for. */
  readonly frames: number
  /** 0–1; null when the face was not embedded. */
  readonly quality: number | null
  /** Of the face with this person; null when it was compared with somebody else, or not at all. */
  readonly score: number | null
}

/** What one rule knows of one person. Times are those of cameras. */
export interface Visit {
  /** Whether the person counts as there: seen, and not gone for `awayMs` since. */
  readonly isHere: boolean
  readonly fromMs: MediaMs
  readonly lastMs: MediaMs
  /** How long the person had been away before; null when this is the first visit that the rule knows. */
  readonly awayForMs: number | null
  /** Where the person was seen last. */
  readonly camera: CameraId
  /** Of this visit. */
  readonly tracks: readonly TrackId[]
  readonly frames: number
  readonly quality: number
  readonly score: number | null
  /** Visits with enough evidence at the hours of the rule; this one too once it `isCounted`. */
  readonly visits: number
  readonly isCounted: boolean
  /** The rule has fired in this visit, or cannot any more. */
  readonly isSettled: boolean
  /** When it last fired for this person. */
  readonly firedMs: MediaMs | null
  /** When the person was last on a camera of `notOn`. */
  readonly elsewhereMs: MediaMs | null
}

/** How far apart the two cameras of `misses` may be when nothing is said. */
export const withinMsOf = ({ withinMs }: Rule): number => withinMs ?? 60_000

/** Of somebody who has not been seen. */
export const nothing: Visit = {
  isHere: false,
  fromMs: 0,
  lastMs: 0,
  awayForMs: null,
  camera: '',
  tracks: [],
  frames: 0,
  quality: 0,
  score: null,
  visits: 0,
  isCounted: false,
  isSettled: false,
  firedMs: null,
  elsewhereMs: null,
}

/** A new visit. Who has just been on a camera of `notOn` has not missed it. */
export const begun = (rule: Rule, before: Visit, { atMs, camera }: Observation, known: Visit | null): Visit => {
  const hasPassed = before.elsewhereMs !== null && atMs - before.elsewhereMs < withinMsOf(rule)
  return {
    ...before,
    isHere: true,
    fromMs: atMs,
    lastMs: atMs,
    awayForMs: known === null || before.camera === '' ? null : Math.max(0, atMs - before.lastMs),
    camera,
    tracks: [],
    frames: 0,
    quality: 0,
    score: null,
    isCounted: false,
    isSettled: rule.when === 'misses' && hasPassed,
  }
}

/** A track of a long visit is one of many; more need not be known to take a mistake back. */
const mostTracks = 32

/** The visit with one more observation. */
export const withFrame = (visit: Visit, { atMs, camera, track, frames, quality, score }: Observation): Visit => ({
  ...visit,
  // With its camera: the clocks of two cameras may differ.
  lastMs: atMs,
  camera,
  tracks: visit.tracks.includes(track) || visit.tracks.length >= mostTracks ? visit.tracks : [...visit.tracks, track],
  frames: visit.frames + frames,
  quality: Math.max(visit.quality, quality ?? 0),
  score: score === null ? visit.score : Math.max(visit.score ?? score, score),
})

/** A track was somebody else's. Null when nothing is left of the visit and nothing else is known. */
export const withoutTrack = (visit: Visit, track: TrackId): Visit | null => {
  if (!visit.isHere || !visit.tracks.includes(track)) return visit
  const tracks = visit.tracks.filter((each) => each !== track)
  if (tracks.length > 0 || visit.tracks.length >= mostTracks) return { ...visit, tracks }
  const visits = visit.visits - (visit.isCounted ? 1 : 0)
  if (visits === 0 && visit.firedMs === null) return null
  return { ...visit, tracks, visits, isHere: false, isCounted: false }
}

/** Two people are one. */
export const joined = (a: Visit, b: Visit): Visit => {
  const [older, newer] = a.lastMs <= b.lastMs ? [a, b] : [b, a]
  const bothHere = older.isHere && newer.isHere
  return {
    ...newer,
    fromMs: bothHere ? Math.min(a.fromMs, b.fromMs) : newer.fromMs,
    tracks: bothHere ? [...new Set([...older.tracks, ...newer.tracks])].slice(0, mostTracks) : newer.tracks,
    visits: a.visits + b.visits - (bothHere && a.isCounted && b.isCounted ? 1 : 0),
    isSettled: newer.isSettled || (bothHere && older.isSettled),
    firedMs: later(a.firedMs, b.firedMs),
    elsewhereMs: later(a.elsewhereMs, b.elsewhereMs),
  }
}

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)
