import { z } from 'zod'
import { atMs, camera, counter, counterFromOne, personId, size, stream } from './words.ts'

/** The messages of `/ws`, as docs/websocket.md describes them. The types are those of src/sinks/websocket/protocol.ts; a test keeps them equal. */

/** A part of the protocol that has a name of its own in the client's types. */
const named = <Schema extends z.ZodType>(id: string, description: string, schema: Schema): Schema =>
  schema.meta({ id, description })

/** Defined with the events: only the name is needed here. */
const ofEvents = (id: 'RollcallEvent' | 'CameraChange'): z.ZodUnknown => z.unknown().meta({ id })

const seq = counter.describe('Number of the newest event; 0 when there was none yet.')
const epoch = z
  .string()
  .min(1)
  .max(100)
  .describe('Names this run of the server: sequence numbers of another epoch mean nothing.')
const nowMs = atMs.describe('The server’s clock, Unix milliseconds.')

/** The first message of the server. */
const hello = named(
  'Hello',
  'The first message of the server, sent once. Nothing else is sent before the client subscribes.',
  z.object({
    type: z.literal('hello'),
    protocol: z.literal('rollcall.v1'),
    epoch,
    seq,
    nowMs,
    heartbeatMs: z
      .int()
      .min(1)
      .describe('A heartbeat comes this often: a client that hears nothing for twice as long should connect again.'),
    maxAgeMs: z
      .int()
      .min(1)
      .describe(
        'A client has to read whatever it is sent within this time; what it acknowledges later counts as read only.',
      ),
  }),
)

/** A person in a snapshot. */
const person = named(
  'Person',
  'A person as snapshots and `GET /api/people` tell.',
  z.object({
    id: personId,
    name: z.string().nullable().describe('The name somebody gave; null for the unknown.'),
    archived: z.boolean().describe('Not seen for long: not listed, still recognised.'),
    createdAtMs: atMs,
    lastSeenAtMs: atMs,
    lastCamera: z.string().describe('Empty for a person who was enrolled or imported and has not been seen here.'),
    tracks: counter,
    faces: counter,
  }),
)

/** A sighting in a snapshot. */
const openSighting = named(
  'OpenSighting',
  'A sighting that has started and not ended.',
  z.object({
    sighting: z.string().min(1),
    person: personId.describe('The ID that its person has now.'),
    camera,
    fromMs: atMs.describe('Of the camera’s clock, as `capturedAtMs`.'),
  }),
)

/** What a snapshot holds. */
const snapshot = named(
  'Snapshot',
  'The state of the site at one moment.',
  z.object({
    cameras: z.array(ofEvents('CameraChange')).describe('The latest change of each camera, which says its state.'),
    people: z.array(person),
    aliases: z.record(z.string(), z.string()).describe('By ID from before a merge, whom it stands for now.'),
    sightings: z.array(openSighting).describe('Who is on a camera now.'),
  }),
)

/** Why a snapshot comes. */
const snapshotReason = named(
  'SnapshotReason',
  'Why a snapshot comes. `subscribed`: there was no `after`. `restarted`, `evicted`, `unknown`: the events after `after` are of another run, no longer kept, or not there yet. `slow`: it replaces events that this client was too slow for.',
  z.enum(['subscribed', 'restarted', 'evicted', 'unknown', 'slow']),
)

/** The state. */
const snapshotMessage = named(
  'SnapshotMessage',
  'The state after event `seq` or later. Events that follow may repeat what is in it.',
  z.object({ type: z.literal('snapshot'), reason: snapshotReason, epoch, seq, nowMs, snapshot }),
)

/** In place of a snapshot. */
const resumed = named(
  'Resumed',
  'Comes in place of a snapshot: all events after `after` follow. Those after `until` are live.',
  z.object({ type: z.literal('resumed'), epoch, after: counter, until: counter, nowMs }),
)

/** An event. */
const eventMessage = named(
  'EventMessage',
  'One event of a subscription.',
  z.object({
    type: z.literal('event'),
    seq: counter.describe(
      'Rises by one with every event of the site; gaps are events that the subscription leaves out.',
    ),
    event: ofEvents('RollcallEvent'),
  }),
)

/** Events that were left out. */
const dropped = named(
  'Dropped',
  'So many events were left out at this place because the client reads too slowly. A `slow` snapshot may follow.',
  z.object({ type: z.literal('dropped'), count: counter }),
)

/** The sign of life. */
const heartbeat = named(
  'Heartbeat',
  'All events up to `seq` that were asked for have been sent.',
  z.object({ type: z.literal('heartbeat'), seq: counter, nowMs }),
)

/** What was wrong with a message of the client. */
const protocolError = named(
  'ProtocolError',
  'A message of the client was wrong. Close code 4400 follows, unless it was an acknowledgement, which is ignored.',
  z.object({ type: z.literal('error'), message: z.string().describe('Names the field and what was expected.') }),
)

/** A camera whose video cannot be sent. */
const noVideo = named(
  'NoVideo',
  'The video of this camera that the client watches cannot be sent, and why; its stills can. Null: it can be again.',
  z.object({ type: z.literal('noVideo'), camera, reason: z.string().nullable().describe('For people.') }),
)

/** All text messages of the server. */
export const serverMessage = named(
  'ServerMessage',
  'All text messages of the server.',
  z.union([hello, snapshotMessage, resumed, eventMessage, dropped, heartbeat, noVideo, protocolError]),
)

/** What is said of an access unit. */
export const unitStamp = named(
  'UnitStamp',
  'What an access unit of a camera’s own video says of itself. Units come in decoding order, a key unit first.',
  z.object({
    camera,
    stream: stream.describe('As of frame events: `camera`, `stream` and `ptsUs` say which picture an event is about.'),
    n: counter.describe(
      'Rises by one from unit to unit, whether sent or not: after a gap only a key unit can be decoded.',
    ),
    ptsUs: counter.describe('Presentation time in the stream, microseconds.'),
    capturedAtMs: atMs.describe(
      'When it was taken, Unix milliseconds, by the clock that `clock` names; the frame’s own event says it exactly.',
    ),
    clock: z.enum(['camera', 'arrival', 'file']),
    arrivedAtMs: atMs.describe('When it arrived at Rollcall, by its clock: Unix milliseconds.'),
    key: z.boolean().describe('Whether a decoder can start here.'),
    broken: z.boolean().describe('Something was lost in it, or before it since the last whole key unit.'),
    encoding: z.enum(['h264', 'h265', 'jpeg']),
    codec: z.string().describe('As WebCodecs names it (`avc1.64001f`, `hev1.1.6.L93.B0`); `jpeg` for Motion JPEG.'),
    width: size.describe('Of the upright picture in square pixels, to whose fractions boxes refer.'),
    height: size,
    turn: z
      .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
      .describe('Degrees clockwise by which the decoded picture is turned to stand upright.'),
  }),
)

/** A place in the events. */
const position = named(
  'Position',
  'A place in the events of one run of the server: all up to `seq` have been dealt with.',
  z.object({ epoch: epoch.describe('Of the snapshot, or of `hello`.'), seq: counter }),
)

/** A choice of events. */
export const subscription = named(
  'Subscription',
  'Which events are wanted. An event has to pass every part; a part that is left out means all.',
  z.object({
    topics: z.array(z.enum(['frames', 'sightings', 'people', 'cameras', 'rules'])).exactOptional(),
    types: z.array(z.string()).exactOptional(),
    cameras: z.array(camera).exactOptional(),
    people: z.array(personId).exactOptional().describe('IDs; they are followed through merges.'),
  }),
)

/** Whose video is wanted. */
const videoWish = named(
  'VideoWish',
  'Whose own video is wanted: every unit, or key units only.',
  z.object({ camera, only: z.literal('keys').exactOptional() }),
)

/** The cameras that are watched. */
export const watch = named(
  'Watch',
  'The cameras of which pictures and video are wanted.',
  z.object({
    cameras: z.array(camera).describe('Analysed pictures with their boxes, a few a second.'),
    video: z.array(videoWish).exactOptional().describe('The camera’s own video.'),
  }),
)

/** The messages of a client. Unlike those of the server they may have no other fields. */
export const clientMessages = [
  named(
    'SubscribeMessage',
    'Replaces the subscription.',
    z.strictObject({
      type: z.literal('subscribe'),
      ...subscription.shape,
      after: position.exactOptional().describe('The last event that the client has: those after it are sent first.'),
    }),
  ),
  named(
    'WatchMessage',
    'Replaces the cameras that are watched.',
    z.strictObject({ type: z.literal('watch'), ...watch.shape }),
  ),
  named(
    'AckMessage',
    'The client has dealt with events, with binary messages, or with both.',
    z
      .strictObject({
        type: z.literal('ack'),
        seq: counter.exactOptional().describe('All events up to this number.'),
        n: counterFromOne.exactOptional().describe('So many binary messages of this connection.'),
      })
      .meta({ anyOf: [{ required: ['seq'] }, { required: ['n'] }] }),
  ),
] as const

/** All that have a name, in the order in which the client's types say them. */
export const protocolSchemas = [
  hello,
  person,
  openSighting,
  snapshot,
  snapshotReason,
  snapshotMessage,
  resumed,
  eventMessage,
  dropped,
  heartbeat,
  protocolError,
  noVideo,
  serverMessage,
  unitStamp,
  subscription,
  position,
  videoWish,
  watch,
] as const
