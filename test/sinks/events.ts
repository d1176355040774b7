import {
  type CameraEvent,
  dataSchemaOf,
  type FrameEvent,
  type FrameFace,
  type PersonEvent,
  type RuleEvent,
  type SightingEvent,
} from '../../src/events/types.ts'

/** Synthetic events of every topic, complete and valid, for the tests of sinks, server and viewer. */

const context = (type: string, id: string, source: string, subject: string, atMs: number) => ({
  specversion: '1.0' as const,
  id,
  source: `/test/${source}`,
  type,
  subject,
  time: new Date(atMs).toISOString(),
  datacontenttype: 'application/json' as const,
  dataschema: dataSchemaOf(type),
  partitionkey: subject,
})

export const frameFace = (person: string | null, x: number, y: number, width: number, height: number): FrameFace => {
  const point = { x: x + width / 2, y: y + height / 2 }
  return {
    person,
    candidate: person === null ? null : { person, similarity: 0.7, score: 0.8 },
    runnerUp: null,
    threshold: 0.4,
    reason: person === null ? 'tentative' : 'kept',
    track: 'door/s1/1',
    box: { x, y, width, height },
    landmarks: [point, point, point, point, point],
    score: 0.9,
    quality: 0.7,
  }
}

export const frameEvent = (camera: string, seq: number, faces: readonly FrameFace[] = []): FrameEvent => ({
  ...context('rollcall.frame.v1', `${camera}/s1/${seq}`, `cameras/${camera}`, camera, seq * 40),
  type: 'rollcall.frame.v1',
  data: {
    camera,
    stream: 's1',
    seq,
    ptsUs: seq * 40_000,
    capturedAtMs: seq * 40,
    clock: 'arrival',
    width: 640,
    height: 360,
    faces,
  },
})

export const personCreated = (person: string, camera: string, atMs = 1000): PersonEvent => ({
  ...context('rollcall.person.created.v1', `created/${person}`, 'people', person, atMs),
  type: 'rollcall.person.created.v1',
  data: { person, sequence: 1, name: null, camera, track: `${camera}/s1/1`, candidate: null, threshold: 0.5 },
})

export const personMerged = (person: string, into: string, atMs = 1000): PersonEvent => ({
  ...context('rollcall.person.merged.v1', `merged/${person}`, 'people', person, atMs),
  type: 'rollcall.person.merged.v1',
  data: { person, sequence: 2, name: null, into, by: 'engine', similarity: 0.75, score: 0.8, threshold: 0.7 },
})

export const sightingStarted = (person: string, camera: string, fromMs: number): SightingEvent => ({
  ...context('rollcall.sighting.started.v1', `started/${person}/${fromMs}`, `cameras/${camera}`, person, fromMs),
  type: 'rollcall.sighting.started.v1',
  data: { sighting: `${camera}/s1/1/${fromMs}`, person, camera, fromMs, knownAtMs: fromMs + 400, sequence: 3 },
})

/** Of the sighting that `sightingStarted` of the same camera has begun; known a minute after. */
export const sightingCorrected = (
  sighting: string,
  person: string,
  before: string,
  why: 'merged' | 'reassigned',
  fromMs: number,
): SightingEvent => ({
  ...context('rollcall.sighting.corrected.v1', `${sighting}/corrected/${why}`, 'people', person, fromMs),
  type: 'rollcall.sighting.corrected.v1',
  data: {
    sighting,
    person,
    camera: 'yard',
    fromMs,
    untilMs: fromMs + 4000,
    frames: 40,
    tracks: ['yard/s1/1'],
    ended: true,
    before,
    why,
    knownAtMs: fromMs + 60_000,
    sequence: 4,
  },
})

export const cameraEvent = (data: CameraEvent['data']): CameraEvent => ({
  ...context(
    `rollcall.camera.${data.state}.v1`,
    `${data.camera}/${data.atMs}`,
    `cameras/${data.camera}`,
    data.camera,
    data.atMs,
  ),
  type: `rollcall.camera.${data.state}.v1`,
  data,
})

export const ruleFired = (rule: string, person: string, name: string | null = null): RuleEvent => ({
  ...context('rollcall.rule.fired.v1', `${person}/rule/${rule}/1`, 'cameras/door', person, 1000),
  type: 'rollcall.rule.fired.v1',
  data: {
    rule,
    when: 'arrives',
    person,
    name,
    camera: 'door',
    atMs: 1000,
    fromMs: 1000,
    frames: 2,
    visits: 1,
    reasons: [
      name === null ? 'has no name' : `is ${name}`,
      'seen on door after more than 5 min without',
      '2 frames, expected 2',
    ],
    sequence: 1,
  },
})
