import { z } from 'zod'
import { eventOf } from './envelope.ts'
import { examples } from './examples.ts'
import {
  atMs,
  box,
  camera,
  counter,
  decision,
  personId,
  point,
  provisionalId,
  share,
  size,
  stream,
  track,
} from './words.ts'

const frameFace = z.object({
  track,
  box,
  landmarks: z
    .tuple([point, point, point, point, point])
    .describe(
      'Eye, eye, nose tip, mouth corner, mouth corner; of each pair the one at the left of the picture comes first.',
    ),
  score: share.describe('How sure the detector is that this is a face, 0–1; 4 decimals.'),
  quality: share
    .nullable()
    .describe(
      'How much can be told from this face, 0–1, 1 is best; null when this frame was not used to tell who it is.',
    ),
  source: z
    .enum(['main', 'detail'])
    .exactOptional()
    .describe(
      'Where `quality` comes from: this frame, or a picture of the last seconds of the camera’s detailUrl. Absent without a quality, and on cameras that have no detailUrl.',
    ),
  provisional: provisionalId
    .exactOptional()
    .describe(
      'What it is called while only poor looks have come, but many (see `track.provisional`). Absent with a person, and before that.',
    ),
  person: personId.nullable().describe('Who it is, as known at this moment; null when that is not known yet.'),
  ...decision,
})

/** Which frame an event is about, and when it was taken. */
const frameStamp = z.object({
  camera,
  stream,
  seq: counter.describe('Number of the frame in its stream; a gap is frames that were not analysed.'),
  ptsUs: counter.describe('Presentation time in the stream, microseconds.'),
  capturedAtMs: atMs.describe(
    'When it was taken: whole milliseconds since the Unix epoch, by the clock that `clock` names; for recordings, since their beginning.',
  ),
  clock: z
    .enum(['camera', 'arrival', 'file'])
    .describe('Whose clock: the camera’s own, the moment of arrival at Rollcall, or the time line of a recording.'),
  rtpTime: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .exactOptional()
    .describe(
      'The RTP time of the packets that the picture came in, as the camera sent it: 32 bits, 90,000 ticks a second. Absent when it did not come by RTP.',
    ),
  damaged: z
    .literal(true)
    .exactOptional()
    .describe(
      'Something that the picture refers to was lost, and the decoder has concealed it: faces are followed, and nobody is told by them. Absent when the picture is whole.',
    ),
})

/**
 * One event for each analysed frame, with everybody in it. Most events are frames; when a sink is slow, only frames are
 * dropped.
 */
export const frame = eventOf(
  'rollcall.frame.v1',
  frameStamp.extend({
    width: size.describe('Of the upright picture, pixels.'),
    height: size.describe('Of the upright picture, pixels.'),
    faces: z.array(frameFace).describe('The faces in it; empty when there is none.'),
    blur: z
      .array(box)
      .min(1)
      .exactOptional()
      .describe(
        'Where there are faces of people who are never to be recognised, and nothing else about them: blur them in every picture that you show. Absent without any.',
      ),
    unknown: z
      .int()
      .min(1)
      .exactOptional()
      .describe(
        'How many more faces there are, of people without a name, where `identity.unknown` is `ignore`: nothing else is said of them. Absent without any.',
      ),
  }),
  {
    title: 'Frame',
    description:
      'A frame was analysed. Frames without faces come too, unless `identity.emptyFrames` is false; a live camera that nobody is in front of gives `restFps` of them a second, one where everybody is known and keeps still `steadyFps`, and one that sleeps one for each key frame. Of the pictures between these come those in which something moves that nobody is known for.',
    example: examples.frame,
  },
)
