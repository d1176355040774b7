import { dataSchemaId } from './schema-id.ts'

/** One event of each type; the frame, sightings, people and cameras that a recording gives are from a real run. */

const event = (type: string, subject: string, source: string, id: string, time: string, data: object) => ({
  specversion: '1.0',
  id,
  source: `/site/${source}`,
  subject,
  time,
  datacontenttype: 'application/json',
  dataschema: dataSchemaId(`rollcall.${type}.v1`),
  partitionkey: subject,
  type: `rollcall.${type}.v1`,
  data,
})

const guest = 'p-de5so55ltu'
const other = 'p-ngppemws43'
const aboutPerson = (type: string, id: string, time: string, sequence: number, data: object, person = guest) =>
  event(`person.${type}`, person, 'people', `${person}/${id}`, time, { person, sequence, ...data })
const aboutCamera = (
  state: string,
  number: number,
  time: string,
  data: { reason: string; code?: string; retryInMs?: number; stream?: string },
) => {
  const atMs = Date.parse(time)
  const change = { camera: 'roof', state, atMs, ...data }
  return event(`camera.${state}`, 'roof', 'cameras/roof', `roof/${state}/${atMs}/${number}`, time, change)
}

const why = {
  candidate: { person: guest, similarity: 0.5713, score: 0.6273, probability: 0.9957 },
  runnerUp: { person: other, similarity: 0.261, score: 0.2866, probability: 0.1136 },
  threshold: 0.54,
}

/**
 * One event of each type, for schemas and docs. The frame, sightings, people and cameras of a recording are from a real
 * run.
 */
export const examples = {
  frame: event('frame', 'gate', 'cameras/gate', 'gate/9f2c41d07be85a6c3e10/157', '1970-01-01T00:00:06.280Z', {
    camera: 'gate',
    stream: '9f2c41d07be85a6c3e10',
    seq: 157,
    ptsUs: 6_360_000,
    capturedAtMs: 6280,
    clock: 'file',
    width: 1280,
    height: 720,
    faces: [
      {
        track: 'gate/9f2c41d07be85a6c3e10/2',
        box: { x: 0.40573, y: 0.45281, width: 0.0184, height: 0.04096 },
        landmarks: [
          { x: 0.40838, y: 0.46861 },
          { x: 0.4164, y: 0.46938 },
          { x: 0.4112, y: 0.477 },
          { x: 0.40935, y: 0.48412 },
          { x: 0.41581, y: 0.48459 },
        ],
        score: 0.8713,
        quality: null,
        person: guest,
        ...why,
        reason: 'kept',
      },
    ],
  }),
  sightingStarted: event(
    'sighting.started',
    guest,
    'people',
    'street/9f2c41d07be85a6c3e10/0/86/started/3',
    '1970-01-01T00:00:03.440Z',
    {
      sighting: 'street/9f2c41d07be85a6c3e10/0/86',
      person: guest,
      camera: 'street',
      fromMs: 3440,
      knownAtMs: 3840,
      sequence: 3,
    },
  ),
  sightingEnded: event(
    'sighting.ended',
    guest,
    'people',
    'street/9f2c41d07be85a6c3e10/0/86/ended/11',
    '1970-01-01T00:00:06.620Z',
    {
      sighting: 'street/9f2c41d07be85a6c3e10/0/86',
      person: guest,
      camera: 'street',
      fromMs: 3440,
      untilMs: 6620,
      frames: 76,
      tracks: ['street/9f2c41d07be85a6c3e10/0'],
      knownAtMs: 11_640,
      sequence: 11,
    },
  ),
  sightingCorrected: event(
    'sighting.corrected',
    other,
    'people',
    'gate/4b07e1c89a3d5f62b718/2/120/corrected/14',
    '1970-01-01T00:00:06.800Z',
    {
      sighting: 'gate/4b07e1c89a3d5f62b718/2/120',
      person: other,
      camera: 'gate',
      fromMs: 4800,
      untilMs: 6900,
      frames: 51,
      tracks: ['gate/4b07e1c89a3d5f62b718/2'],
      ended: false,
      before: guest,
      why: 'reassigned',
      knownAtMs: 6800,
      sequence: 14,
    },
  ),
  trackProvisional: event(
    'track.provisional',
    'u-k4ohmzzq2e',
    'cameras/gate',
    'gate/9f2c41d07be85a6c3e10/4/provisional/15',
    '1970-01-01T00:00:09.400Z',
    {
      track: 'gate/9f2c41d07be85a6c3e10/4',
      camera: 'gate',
      provisional: 'u-k4ohmzzq2e',
      looks: 13,
      quality: 0.2146,
      sequence: 15,
    },
  ),
  trackAssigned: event(
    'track.assigned',
    guest,
    'cameras/gate',
    'gate/9f2c41d07be85a6c3e10/2/assigned/gate/9f2c41d07be85a6c3e10/140',
    '1970-01-01T00:00:05.600Z',
    { track: 'gate/9f2c41d07be85a6c3e10/2', camera: 'gate', ...why, reason: 'joined', person: guest, sequence: 12 },
  ),
  trackReassigned: event(
    'track.reassigned',
    other,
    'cameras/gate',
    'gate/9f2c41d07be85a6c3e10/2/reassigned/gate/9f2c41d07be85a6c3e10/170',
    '1970-01-01T00:00:06.800Z',
    {
      track: 'gate/9f2c41d07be85a6c3e10/2',
      camera: 'gate',
      candidate: { person: other, similarity: 0.6811, score: 0.7104, probability: 0.9993 },
      runnerUp: { person: guest, similarity: 0.4235, score: 0.4417, probability: 0.7953 },
      threshold: 0.54,
      reason: 'moved',
      person: other,
      sequence: 13,
      before: guest,
    },
  ),
  personCreated: aboutPerson('created', 'created/1', '1970-01-01T00:00:03.440Z', 1, {
    name: null,
    camera: 'street',
    track: 'street/9f2c41d07be85a6c3e10/0',
    candidate: { person: other, similarity: 0.2418, score: 0.2866, probability: 0.1136 },
    threshold: 0.55,
  }),
  personNamed: aboutPerson('named', 'named/14', '2026-03-02T09:30:00.000Z', 14, { name: 'Ada', before: null }),
  personMerged: aboutPerson(
    'merged',
    `merged/${guest}/15`,
    '2026-03-02T09:31:00.000Z',
    15,
    { name: null, into: guest, by: 'engine', similarity: 0.6204, score: 0.6551, probability: 0.9977, threshold: 0.64 },
    other,
  ),
  personSplit: aboutPerson('split', 'split/p-6ofqk2c3wz/17', '2026-03-02T09:32:00.000Z', 17, {
    name: 'Ada',
    off: 'p-6ofqk2c3wz',
    by: 'user',
    similarity: null,
    score: null,
    probability: null,
    threshold: null,
  }),
  personUnmerged: aboutPerson(
    'unmerged',
    'unmerged/18',
    '2026-03-02T09:33:00.000Z',
    18,
    { name: null, from: guest, by: 'user', similarity: null, score: null, probability: null, threshold: null },
    other,
  ),
  personApart: aboutPerson('apart', `apart/${other}/22`, '2026-03-02T09:34:00.000Z', 22, {
    name: 'Ada',
    other,
    apart: true,
  }),
  personArchived: aboutPerson('archived', 'archived/18', '2026-04-01T00:00:00.000Z', 19, {
    name: 'Ada',
    lastSeenAtMs: 1_772_443_920_000,
  }),
  personRestored: aboutPerson('restored', 'restored/20', '2026-04-02T08:15:00.000Z', 20, { name: 'Ada' }),
  personDeleted: aboutPerson('deleted', 'deleted/21', '2026-04-03T12:00:00.000Z', 21, { by: 'user' }),
  calibrationChanged: event(
    'calibration.changed',
    'calibration',
    'people',
    'calibration/changed/22',
    '2026-03-02T11:00:00.000Z',
    { correction: -0.044, before: -0.038, expected: 0.028, median: 0.081, people: 41, pairs: 132, sequence: 22 },
  ),
  cameraOpening: aboutCamera('opening', 0, '2026-03-02T09:00:00.000Z', { reason: 'opening' }),
  cameraOnline: aboutCamera('online', 3, '2026-03-02T09:00:02.000Z', { reason: 'pictures arrive' }),
  cameraOverloaded: aboutCamera('overloaded', 4, '2026-03-02T09:10:00.000Z', {
    reason:
      'the camera sends, but this machine has decoded no picture for 5 s — Take fewer or smaller cameras, set maxFps, or give Rollcall more cores.',
    code: 'CAMERA_OVERLOADED',
  }),
  cameraFrozen: aboutCamera('frozen', 4, '2026-03-02T09:10:00.000Z', {
    reason: 'every picture of the last 20 s is the same',
    code: 'CAMERA_STALLED',
  }),
  cameraOffline: aboutCamera('offline', 1, '2026-03-02T09:00:00.100Z', {
    reason: 'no connection to 192.0.2.10:554: it refuses, cannot be reached, or its name is unknown',
    code: 'CAMERA_UNREACHABLE',
    retryInMs: 919,
  }),
  cameraEnded: aboutCamera('ended', 5, '2026-03-02T18:00:00.000Z', {
    reason: 'the recording is over',
    stream: '9f2c41d07be85a6c3e10',
  }),
  ruleFired: event('rule.fired', guest, 'cameras/gate', `${guest}/rule/ada-home/24`, '2026-03-02T17:40:12.160Z', {
    rule: 'ada-home',
    when: 'arrives',
    person: guest,
    name: 'Ada',
    camera: 'gate',
    atMs: 1_772_473_212_160,
    fromMs: 1_772_473_212_160,
    frames: 2,
    visits: 14,
    reasons: ['is Ada', 'seen on gate after 8 h 10 min without', '2 frames, expected 2'],
    sequence: 24,
  }),
}
