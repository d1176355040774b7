import { z } from 'zod'
import { eventOf } from './envelope.ts'
import { examples } from './examples.ts'
import { atMs, camera, counterFromOne, decision, personId, sequence, track } from './words.ts'

const begun = z.object({
  person: personId,
  camera,
  fromMs: atMs.describe('Capture time of the first frame of the sighting, milliseconds, as `capturedAtMs` of frames.'),
})

export const sightingStarted = eventOf('rollcall.sighting.started.v1', begun, {
  title: 'Sighting started',
  description:
    'A person came into a camera’s view. `time` is when the sighting began; the event comes once it is known who it is.',
  example: examples.sightingStarted,
})

export const sightingEnded = eventOf(
  'rollcall.sighting.ended.v1',
  begun.extend({
    untilMs: atMs.describe('Capture time of the last frame in which the person was seen, milliseconds.'),
    frames: counterFromOne.describe('Analysed frames in which the person was seen.'),
  }),
  {
    title: 'Sighting ended',
    description:
      'A person left a camera’s view: not seen for `identity.sightingGapMs`, merged into another, or the camera went away.',
    example: examples.sightingEnded,
  },
)

const trackChange = z.object({ track, camera, person: personId, sequence, ...decision })

export const trackAssigned = eventOf('rollcall.track.assigned.v1', trackChange, {
  title: 'Track assigned',
  description: 'It was found who a track is. Frames of the track from before carried no person: they were this one.',
  example: examples.trackAssigned,
})

export const trackReassigned = eventOf(
  'rollcall.track.reassigned.v1',
  trackChange.extend({ before: personId.describe('Whom the track was said to be until now; that was wrong.') }),
  {
    title: 'Track reassigned',
    description: 'A track turned out to be somebody else, from its first frame on.',
    example: examples.trackReassigned,
  },
)
