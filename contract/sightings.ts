import { z } from 'zod'
import { eventOf } from './envelope.ts'
import { examples } from './examples.ts'
import { atMs, camera, counterFromOne, decision, personId, provisionalId, sequence, share, track } from './words.ts'

const known = {
  knownAtMs: atMs.describe(
    'By which frame, or moment, it became known: capture time, milliseconds. Events of sightings come in this order.',
  ),
  sequence,
}

const begun = z.object({
  sighting: z
    .string()
    .min(1)
    .describe('Names the sighting for ever, over merges and splits: `TRACK/SEQ` of the frame that it began with.'),
  person: personId,
  camera,
  fromMs: atMs.describe('Capture time of the first frame of the sighting, milliseconds, as `capturedAtMs` of frames.'),
})

const whole = begun.extend({
  untilMs: atMs.describe(
    'One frame interval after the last frame with the person (100 to 1,000 ms), milliseconds: later than `fromMs`.',
  ),
  frames: counterFromOne.describe('Analysed frames in which the person was seen.'),
  tracks: z.array(track).min(1).describe('The tracks it is made of, in the order in which they were first seen.'),
})

/** A sighting is known to have begun. It may have begun some frames earlier. */
export const sightingStarted = eventOf('rollcall.sighting.started.v1', begun.extend(known), {
  title: 'Sighting started',
  description:
    'A person came into a camera’s view. `time` is when the sighting began; the event comes once it is known who it is.',
  example: examples.sightingStarted,
})

/** A sighting is over. Its length and its tracks are final, unless a correction follows. */
export const sightingEnded = eventOf('rollcall.sighting.ended.v1', whole.extend(known), {
  title: 'Sighting ended',
  description: 'A person left a camera’s view: not seen for `identity.sightingGapMs`, or the camera went away.',
  example: examples.sightingEnded,
})

/** A sighting as it is after a track of it was found to be somebody else's. Replaces what was said before. */
export const sightingCorrected = eventOf(
  'rollcall.sighting.corrected.v1',
  whole.extend({
    ended: z.boolean().describe('Whether the sighting is over; if not, `ended` will come.'),
    before: personId.describe(
      'Whom it was said to be until now; the same as `person` when only some of its tracks went to another.',
    ),
    why: z
      .enum(['merged', 'split', 'reassigned', 'unmerged'])
      .describe(
        '`merged`: two IDs are one; `split`: one ID was two; `reassigned`: a track was somebody else; `unmerged`: a merge was undone.',
      ),
    ...known,
  }),
  {
    title: 'Sighting corrected',
    description:
      'Tracks of the sighting turned out to be another person’s. It says how the sighting is now. When only some of its tracks went, the sighting is divided: two of these come, and the ID that is new is the other part.',
    example: examples.sightingCorrected,
  },
)

const trackChange = z.object({ track, camera, person: personId, sequence, ...decision })

/** Only poor looks of a track have come, but many. */
export const trackProvisional = eventOf(
  'rollcall.track.provisional.v1',
  z.object({
    track,
    camera,
    provisional: provisionalId,
    looks: counterFromOne.describe('How many faces of the track were looked at so far.'),
    quality: share.describe('Of the best of them, 0–1.'),
    sequence,
  }),
  {
    title: 'Track provisional',
    description:
      'Somebody is there of whom only poor looks have come, so that nobody can say who it is. It is nobody of the people: no sighting, no rule and no count follows. `track.assigned` says who it was, if that is found out within `identity.waitMs` after the track.',
    example: examples.trackProvisional,
  },
)

/** A track has got its first person. Frames from before carried none. */
export const trackAssigned = eventOf(
  'rollcall.track.assigned.v1',
  trackChange.extend({
    provisional: provisionalId
      .exactOptional()
      .describe('What the track was called until now; absent when it had no provisional ID.'),
  }),
  {
    title: 'Track assigned',
    description: 'It was found who a track is. Frames of the track from before carried no person: they were this one.',
    example: examples.trackAssigned,
  },
)

/** A track has got another person. This holds for its past frames too. */
export const trackReassigned = eventOf(
  'rollcall.track.reassigned.v1',
  trackChange.extend({ before: personId.describe('Whom the track was said to be until now; that was wrong.') }),
  {
    title: 'Track reassigned',
    description: 'A track turned out to be somebody else, from its first frame on.',
    example: examples.trackReassigned,
  },
)
