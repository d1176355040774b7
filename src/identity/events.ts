import type {
  CameraChange,
  CameraEvent,
  CameraId,
  Decision,
  Face,
  Faces,
  FrameEvent,
  FrameFace,
  PersonEvent,
  PersonId,
  Sighting,
  SightingEvent,
  TrackId,
} from '../types.ts'

/** Positions to 1e-5 of the picture, a fifth of a pixel at 20,000; scores to 1e-4: no measurement is finer. */
const place = (value: number): number => Math.round(value * 1e5) / 1e5
const score = (value: number): number => Math.round(value * 1e4) / 1e4

/** RFC 3339, whole milliseconds. */
export const timeOf = (atMs: number): string => new Date(Math.round(atMs)).toISOString()

/** The names of this site's events; each ID depends only on what happened, so that a repeat can be recognised. */
export const createEvents = (site: string) => {
  const envelope = (subject: string, source: string, id: string, atMs: number) => ({
    specversion: '1.0' as const,
    id,
    source: `/${site}/${source}`,
    subject,
    time: timeOf(atMs),
    datacontenttype: 'application/json' as const,
    partitionkey: subject,
  })
  return {
    frame(message: Faces, faces: readonly FrameFace[]): FrameEvent {
      const { camera, stream, seq, ptsUs, capturedAtMs, clock, width, height } = message
      return {
        ...envelope(camera, `cameras/${camera}`, `${camera}/${stream}/${seq}`, capturedAtMs),
        type: 'rollcall.frame.v1',
        data: { camera, stream, seq, ptsUs, capturedAtMs, clock, width, height, faces },
      }
    },
    created(person: PersonId, camera: CameraId, track: TrackId, atMs: number): PersonEvent {
      return {
        ...envelope(person, 'people', `${person}/created`, atMs),
        type: 'rollcall.person.created.v1',
        data: { person, camera, track },
      }
    },
    merged(person: PersonId, into: PersonId, similarity: number, threshold: number, atMs: number): PersonEvent {
      return {
        ...envelope(person, 'people', `${person}/merged`, atMs),
        type: 'rollcall.person.merged.v1',
        data: { person, into, similarity: score(similarity), threshold: score(threshold) },
      }
    },
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
    similarity: decision.similarity === null ? null : score(decision.similarity),
    runnerUp: decision.runnerUp && {
      person: decision.runnerUp.person,
      similarity: score(decision.runnerUp.similarity),
    },
    threshold: score(decision.threshold),
    reason: decision.reason,
  }
}
