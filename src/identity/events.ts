import {
  type CameraChange,
  type CameraEvent,
  type CameraId,
  type Candidate,
  type Cause,
  type Compared,
  type CorrectionReason,
  type Decision,
  dataSchemaOf,
  type Face,
  type Faces,
  type FrameEvent,
  type FrameFace,
  type PersonEvent,
  type PersonId,
  type Sighting,
  type SightingEvent,
  type TrackEvent,
  type TrackId,
} from '../types.ts'

/**
 * Positions to 1e-5 of the picture, a fifth of a pixel at 20,000, and at most one picture outside of it; shares to 1e-4.
 * No measurement is finer.
 */
const place = (value: number): number => Math.round(Math.min(2, Math.max(-1, value)) * 1e5) / 1e5
export const share = (value: number): number => Math.round(value * 1e4) / 1e4

/** Beyond these no score decides anything; a model's scale could give more. */
const mostScore = 4
const bounded = (value: number, most: number): number => share(Math.min(most, Math.max(-most, value)))

const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** RFC 3339, whole milliseconds; what lies outside of 1970–9999 is the nearest that does not, no number 1970. */
export const timeOf = (atMs: number): string =>
  new Date(Math.min(latestMs, Math.max(0, Math.round(atMs) || 0))).toISOString()

interface Named {
  readonly id: PersonId
  readonly name: string | null
}

/** Rounded to 4 decimals. A cosine of rounded vectors may exceed 1 by a little: it is cut off. */
export const toldCandidate = ({ person, similarity, score }: Candidate): Candidate => ({
  person,
  similarity: bounded(similarity, 1),
  score: bounded(score, mostScore),
})

const toldDecision = ({ candidate, runnerUp, threshold, reason }: Decision): Omit<Decision, 'person'> => ({
  candidate: candidate && toldCandidate(candidate),
  runnerUp: runnerUp && toldCandidate(runnerUp),
  threshold: share(threshold),
  reason,
})

const toldWhy = (why: Compared | null) => ({
  similarity: why && bounded(why.similarity, 1),
  score: why && bounded(why.score, mostScore),
  threshold: why && share(why.threshold),
})

/** Where and when a person was first seen, and who was nearest but not near enough. */
export interface FirstSeen {
  readonly camera: CameraId
  readonly track: TrackId
  readonly atMs: number
  readonly candidate: Candidate | null
  readonly threshold: number
}

/** The names of this site's events; each ID depends only on what happened, so that a repeat can be recognised. */
export const createEvents = (site: string, lastSequence = 0) => {
  let sequence = lastSequence
  const envelope = <Type extends string>(type: Type, subject: string, source: string, id: string, atMs: number) => ({
    specversion: '1.0' as const,
    id,
    source: `/${site}/${source}`,
    type,
    subject,
    time: timeOf(atMs),
    datacontenttype: 'application/json' as const,
    dataschema: dataSchemaOf(type),
    partitionkey: subject,
  })
  const known = (knownAtMs: number) => ({ knownAtMs: Math.round(knownAtMs), sequence: ++sequence })
  const person = (who: Named, kind: string, id: string, atMs: number, data: object): PersonEvent =>
    ({
      ...envelope(`rollcall.person.${kind}.v1`, who.id, 'people', id, atMs),
      data: { person: who.id, sequence: ++sequence, name: who.name, ...data },
    }) as PersonEvent
  return {
    frame(message: Faces, faces: readonly FrameFace[]): FrameEvent {
      const { camera, stream, seq, ptsUs, capturedAtMs, clock, width, height } = message
      return {
        ...envelope('rollcall.frame.v1', camera, `cameras/${camera}`, `${camera}/${stream}/${seq}`, capturedAtMs),
        data: { camera, stream, seq, ptsUs, capturedAtMs, clock, width, height, faces },
      }
    },
    /** `first` is null for somebody who was enrolled, imported or split off; else its time is that of the event. */
    created(who: Named, first: FirstSeen | null, atMs: number): PersonEvent {
      return person(who, 'created', `${who.id}/created`, first?.atMs ?? atMs, {
        camera: first?.camera ?? null,
        track: first?.track ?? null,
        candidate: first?.candidate ? toldCandidate(first.candidate) : null,
        threshold: first && share(first.threshold),
      })
    },
    named(who: Named, before: string | null, atMs: number): PersonEvent {
      return person(who, 'named', `${who.id}/named/${sequence + 1}`, atMs, { before })
    },
    merged(who: Named, into: PersonId, by: Cause, why: Compared | null, atMs: number): PersonEvent {
      return person(who, 'merged', `${who.id}/merged/${into}/${sequence + 1}`, atMs, { into, by, ...toldWhy(why) })
    },
    split(who: Named, off: PersonId, by: Cause, why: Compared | null, atMs: number): PersonEvent {
      return person(who, 'split', `${who.id}/split/${off}`, atMs, { off, by, ...toldWhy(why) })
    },
    unmerged(who: Named, from: PersonId, by: Cause, why: Compared | null, atMs: number): PersonEvent {
      return person(who, 'unmerged', `${who.id}/unmerged/${sequence + 1}`, atMs, { from, by, ...toldWhy(why) })
    },
    archived(who: Named, lastSeenAtMs: number, atMs: number): PersonEvent {
      return person(who, 'archived', `${who.id}/archived/${sequence + 1}`, atMs, { lastSeenAtMs })
    },
    restored(who: Named, atMs: number): PersonEvent {
      return person(who, 'restored', `${who.id}/restored/${sequence + 1}`, atMs, {})
    },
    deleted(id: PersonId, by: Cause, atMs: number): PersonEvent {
      return {
        ...envelope('rollcall.person.deleted.v1', id, 'people', `${id}/deleted`, atMs),
        data: { person: id, sequence: ++sequence, by },
      }
    },
    assigned(track: TrackId, camera: CameraId, decision: Decision, before: PersonId | null, atMs: number): TrackEvent {
      const who = decision.person ?? ''
      const data = { track, camera, ...toldDecision(decision), person: who, sequence: ++sequence }
      const kind = before === null ? 'assigned' : 'reassigned'
      return {
        ...envelope(`rollcall.track.${kind}.v1`, who, `cameras/${camera}`, `${track}/${kind}/${sequence}`, atMs),
        data: before === null ? data : { ...data, before },
      } as TrackEvent
    },
    /** Of the last event about people, tracks or sightings. */
    sequence: (): number => sequence,
    /** `sighting.person` is who it is now. */
    sightingStarted({ sighting, person, camera, fromMs }: Sighting, knownAtMs: number): SightingEvent {
      return {
        ...envelope('rollcall.sighting.started.v1', person, 'people', `${sighting}/started`, fromMs),
        data: { sighting, person, camera, fromMs, ...known(knownAtMs) },
      }
    },
    sightingEnded(over: Sighting, knownAtMs: number): SightingEvent {
      const { sighting, person, camera, fromMs, untilMs, frames, tracks } = over
      return {
        ...envelope('rollcall.sighting.ended.v1', person, 'people', `${sighting}/ended`, untilMs),
        data: { sighting, person, camera, fromMs, untilMs, frames, tracks, ...known(knownAtMs) },
      }
    },
    sightingCorrected(sighting: Sighting, before: PersonId, why: CorrectionReason, knownAtMs: number): SightingEvent {
      const id = `${sighting.sighting}/corrected/${sequence + 1}`
      return {
        ...envelope('rollcall.sighting.corrected.v1', sighting.person, 'people', id, knownAtMs),
        data: { ...sighting, before, why, ...known(knownAtMs) },
      }
    },
    /** `number` counts this camera's changes: two may fall into one millisecond. */
    camera(change: CameraChange, number: number): CameraEvent {
      const id = `${change.camera}/${change.state}/${change.atMs}/${number}`
      return {
        ...envelope(`rollcall.camera.${change.state}.v1`, change.camera, `cameras/${change.camera}`, id, change.atMs),
        data: change,
      }
    },
  }
}
export type Events = ReturnType<typeof createEvents>

/** A face for consumers: everything but the embedding. */
export const frameFace = (face: Face, decision: Decision): FrameFace => {
  const { box, landmarks } = face
  const [a, b, c, d, e] = landmarks.map(({ x, y }) => ({ x: place(x), y: place(y) }))
  const origin = { x: 0, y: 0 }
  return {
    track: face.track,
    box: { x: place(box.x), y: place(box.y), width: place(box.width), height: place(box.height) },
    landmarks: [a ?? origin, b ?? origin, c ?? origin, d ?? origin, e ?? origin],
    score: share(face.score),
    quality: face.quality ? share(face.quality.overall) : null,
    person: decision.person,
    ...toldDecision(decision),
  }
}
