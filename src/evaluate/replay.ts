import type { RollcallEvent } from '../events/types.ts'
import { createIdentity, type Identity, type IdentitySetup } from '../identity/identity.ts'
import { type IdentityOptions, identityOptions } from '../identity/options.ts'
import { trackerOptions } from '../tracking/options.ts'
import type { Face, Faces, Landmarks, PersonId, TrackId } from '../types.ts'
import { createGuard } from './guard-tracks.ts'
import type { Judged } from './identity-scores.ts'
import type { StreamFace, StreamFrame } from './stream.ts'

const middle = { x: 0.5, y: 0.5 }
const landmarks: Landmarks = [middle, middle, middle, middle, middle]

const minuteMs = 60_000

/** The faces of a frame are put side by side, because the engine does not use their places. */
const faceOf = ({ track, embedding, quality }: StreamFace, place: number): Face => ({
  track,
  box: { x: 0.1 * place, y: 0.4, width: 0.08, height: 0.1 },
  landmarks,
  score: 0.9,
  embedding,
  quality: { overall: quality, sizePx: 80, sharpness: 1, yaw: 0 },
})

/** Shifts all thresholds on similarity by the same amount, as a wrongly calibrated model would. */
export const shiftedThresholds = (options: IdentityOptions, by: number): IdentityOptions => {
  const { join, create, leave, merge, split } = options
  return { ...options, join: join + by, create: create + by, leave: leave + by, merge: merge + by, split: split + by }
}

/** What the engine made of a stream. */
export interface Replay {
  readonly faces: readonly Judged[]
  readonly events: number
  /** The engine's wall time, microseconds a face. It is not deterministic. */
  readonly usPerFace: number
}

/** Whose a track is, and whose the engine says it is: null when nobody was told. */
export interface ReplayedTrack {
  readonly truth: string
  readonly person: PersonId | null
}

/** What the engine is made with, and what happens when the stream is over. */
export interface ReplaySetup extends Pick<IdentitySetup, 'scale' | 'archive'> {
  /** Whether nobody comes again when the stream is over. It defaults to false. */
  readonly untilEnd?: boolean
  /** Changes people as somebody would who knows who is on each track; returns the events of it. */
  readonly afterwards?: (engine: Identity, tracks: ReadonlyMap<TrackId, ReplayedTrack>) => readonly RollcallEvent[]
  /** Lets a minute pass now and then, by the stream's time, as at a live site: it learns from the place. */
  readonly ticks?: boolean
}

/**
 * Runs the swap guard and the engine over a stream; every face has its embedding. A face's ID is the person of its
 * frame's event, or else the person that its track was assigned later. Merged IDs count as one. What is changed afterwards
 * counts for all faces of a track.
 */
export const replay = (
  frames: readonly StreamFrame[],
  options = identityOptions.parse({}),
  { ticks = false, untilEnd, afterwards, ...setup }: ReplaySetup = {},
): Replay => {
  const engine = createIdentity(options, setup)
  const guard = createGuard(trackerOptions.parse({}))
  const seqs = new Map<string, number>()
  const seen: { truth: string; track: string; person: string | null; atMs: number }[] = []
  const later = new Map<TrackId, PersonId>()
  const hear = (published: readonly RollcallEvent[]): void => {
    for (const { type, data } of published)
      if (type === 'rollcall.track.assigned.v1' || type === 'rollcall.track.reassigned.v1')
        later.set(data.track, data.person)
  }
  let [events, spentMs, tickedMs] = [0, 0, 0]
  for (const { atMs, camera: number, faces } of frames) {
    const camera = `c${number}`
    const guarded = guard(camera, atMs, faces)
    const seq = seqs.get(camera) ?? 0
    seqs.set(camera, seq + 1)
    const message: Faces = {
      camera,
      stream: 's',
      seq,
      ptsUs: atMs * 1000,
      capturedAtMs: atMs,
      clock: 'file',
      width: 1280,
      height: 720,
      faces: guarded.faces.map(faceOf),
      endedTracks: guarded.endedTracks,
    }
    if (ticks && atMs - tickedMs >= minuteMs) {
      hear(engine.tick(atMs))
      tickedMs = atMs
    }
    const before = performance.now()
    const published = engine.update(message)
    spentMs += performance.now() - before
    events += published.length
    hear(published)
    for (const event of published)
      if (event.type === 'rollcall.frame.v1')
        for (const [i, { track, person }] of event.data.faces.entries())
          seen.push({ truth: faces[i]?.person ?? '', track, person, atMs })
  }
  const published = engine.finish(untilEnd)
  events += published.length
  hear(published)
  const tracks = new Map(seen.map(({ track, truth }) => [track, { truth, person: later.get(track) ?? null }]))
  const changed = new Set<TrackId>()
  for (const event of afterwards?.(engine, tracks) ?? []) {
    hear([event])
    if (event.type === 'rollcall.track.reassigned.v1') changed.add(event.data.track)
  }
  const judged = seen.map(({ truth, track, person, atMs }): Judged => {
    const known = changed.has(track) ? later.get(track) : (person ?? later.get(track))
    const id = known === undefined ? null : engine.resolve(known)
    return { truth, id, alone: track, atMs, live: person !== null }
  })
  return { faces: judged, events, usPerFace: (spentMs * 1000) / Math.max(1, seen.length) }
}
