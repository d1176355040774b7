import type {
  CameraChange,
  CameraEvent,
  CameraId,
  Cause,
  Decision,
  Face,
  Faces,
  FrameEvent,
  FrameFace,
  PersonEvent,
  PersonId,
  Sighting,
  SightingEvent,
  TrackEvent,
  TrackId,
} from '../types.ts'

/** Positions to 1e-5 of the picture, a fifth of a pixel at 20,000; scores to 1e-4: no measurement is finer. */
const place = (value: number): number => Math.round(value * 1e5) / 1e5
const score = (value: number): number => Math.round(value * 1e4) / 1e4

/** RFC 3339, whole milliseconds. */
export const timeOf = (atMs: number): string => new Date(Math.round(atMs)).toISOString()

interface Named {
  readonly id: PersonId
  readonly name: string | null
}

export interface Compared {
  readonly similarity: number
  readonly threshold: number
}

const rounded = ({ similarity, runnerUp, threshold, reason }: Decision): Omit<Decision, 'person'> => ({
  similarity: similarity === null ? null : score(similarity),
  runnerUp: runnerUp && { person: runnerUp.person, similarity: score(runnerUp.similarity) },
  threshold: score(threshold),
  reason,
})

/** The names of this site's events; each ID depends only on what happened, so that a repeat can be recognised. */
export const createEvents = (site: string, lastSequence = 0) => {
  let sequence = lastSequence
  const envelope = (subject: string, source: string, id: string, atMs: number) => ({
    specversion: '1.0' as const,
    id,
    source: `/${site}/${source}`,
    subject,
    time: timeOf(atMs),
    datacontenttype: 'application/json' as const,
    partitionkey: subject,
  })
  const person = (who: Named, kind: string, id: string, atMs: number, data: object): PersonEvent =>
    ({
      ...envelope(who.id, 'people', id, atMs),
      type: `rollcall.person.${kind}.v1`,
      data: { person: who.id, sequence: ++sequence, name: who.name, ...data },
    }) as PersonEvent
  return {
    frame(message: Faces, faces: readonly FrameFace[]): FrameEvent {
      const { camera, stream, seq, ptsUs, capturedAtMs, clock, width, height } = message
      return {
        ...envelope(camera, `cameras/${camera}`, `${camera}/${stream}/${seq}`, capturedAtMs),
        type: 'rollcall.frame.v1',
        data: { camera, stream, seq, ptsUs, capturedAtMs, clock, width, height, faces },
      }
    },
    created(who: Named, camera: CameraId | null, track: TrackId | null, atMs: number): PersonEvent {
      return person(who, 'created', `${who.id}/created`, atMs, { camera, track })
    },
    named(who: Named, before: string | null, atMs: number): PersonEvent {
      return person(who, 'named', `${who.id}/named/${sequence + 1}`, atMs, { before })
    },
    merged(who: Named, into: PersonId, by: Cause, why: Compared | null, atMs: number): PersonEvent {
      const similarity = why && score(why.similarity)
      return person(who, 'merged', `${who.id}/merged/${into}/${sequence + 1}`, atMs, {
        into,
        by,
        similarity,
        threshold: why && score(why.threshold),
      })
    },
    split(who: Named, off: PersonId, by: Cause, similarity: number | null, atMs: number): PersonEvent {
      const rounded = similarity === null ? null : score(similarity)
      return person(who, 'split', `${who.id}/split/${off}`, atMs, { off, by, similarity: rounded })
    },
    unmerged(who: Named, from: PersonId, by: Cause, similarity: number | null, atMs: number): PersonEvent {
      const rounded = similarity === null ? null : score(similarity)
      return person(who, 'unmerged', `${who.id}/unmerged/${sequence + 1}`, atMs, { from, by, similarity: rounded })
    },
    archived(who: Named, lastSeenAtMs: number, atMs: number): PersonEvent {
      return person(who, 'archived', `${who.id}/archived/${lastSeenAtMs}`, atMs, { lastSeenAtMs })
    },
    restored(who: Named, atMs: number): PersonEvent {
      return person(who, 'restored', `${who.id}/restored/${sequence + 1}`, atMs, {})
    },
    deleted(id: PersonId, by: Cause, atMs: number): PersonEvent {
      return {
        ...envelope(id, 'people', `${id}/deleted`, atMs),
        type: 'rollcall.person.deleted.v1',
        data: { person: id, sequence: ++sequence, by },
      }
    },
    assigned(track: TrackId, camera: CameraId, decision: Decision, before: PersonId | null, atMs: number): TrackEvent {
      const who = decision.person ?? ''
      const data = { track, camera, ...rounded(decision), person: who, sequence: ++sequence }
      const kind = before === null ? 'assigned' : 'reassigned'
      return {
        ...envelope(who, `cameras/${camera}`, `${track}/${kind}/${sequence}`, atMs),
        type: `rollcall.track.${kind}.v1`,
        data: before === null ? data : { ...data, before },
      } as TrackEvent
    },
    /** Of the last event about people or tracks. */
    sequence: (): number => sequence,
    /** `name` tells this sighting of the person from every other one. */
    sightingStarted({ person, camera, fromMs }: Sighting, name: string): SightingEvent {
      return {
        ...envelope(person, 'people', `${person}/${name}/started`, fromMs),
        type: 'rollcall.sighting.started.v1',
        data: { person, camera, fromMs },
      }
    },
    sightingEnded({ person, camera, fromMs, untilMs, frames }: Sighting, name: string): SightingEvent {
      return {
        ...envelope(person, 'people', `${person}/${name}/ended`, untilMs),
        type: 'rollcall.sighting.ended.v1',
        data: { person, camera, fromMs, untilMs, frames },
      }
    },
    /** `number` counts this camera's changes: two may fall into one millisecond. */
    camera(change: CameraChange, number: number): CameraEvent {
      const id = `${change.camera}/${change.state}/${change.atMs}/${number}`
      return {
        ...envelope(change.camera, `cameras/${change.camera}`, id, change.atMs),
        type: `rollcall.camera.${change.state}.v1`,
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
    score: score(face.score),
    quality: face.quality ? score(face.quality.overall) : null,
    person: decision.person,
    ...rounded(decision),
  }
}
