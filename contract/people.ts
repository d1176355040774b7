import { z } from 'zod'
import { eventOf } from './envelope.ts'
import { examples } from './examples.ts'
import {
  atMs,
  camera,
  candidate,
  cause,
  compared,
  cosine,
  counterFromOne,
  personId,
  sequence,
  threshold,
  track,
} from './words.ts'

const name = z.string().min(1).max(200)

const change = z.object({
  person: personId,
  sequence,
  name: name.nullable().describe('The name that somebody gave; null for somebody unknown.'),
})

/** Somebody who was not known before has got an ID. */
export const personCreated = eventOf(
  'rollcall.person.created.v1',
  change.extend({
    camera: camera
      .nullable()
      .describe('Where it was first seen; null for somebody enrolled, imported or split off another.'),
    track: track.nullable().describe('The track that it was first seen as; null as `camera`.'),
    candidate: candidate.describe(
      'Who was nearest, and not near enough; null when nobody was known, and for somebody enrolled, imported or split off another.',
    ),
    threshold: threshold
      .nullable()
      .describe('What the score of `candidate` had to reach for this to be no new person; null as `camera`.'),
  }),
  { title: 'Person created', description: 'A new ID.', example: examples.personCreated },
)

/** The name in `name` replaces the one in `before`; null stands for none. */
export const personNamed = eventOf(
  'rollcall.person.named.v1',
  change.extend({ before: name.nullable().describe('The name until now; null when there was none.') }),
  {
    title: 'Person named',
    description: 'Somebody gave the person a name, changed it, or took it away.',
    example: examples.personNamed,
  },
)

/** The ID `person` becomes an alias of `into`. */
export const personMerged = eventOf(
  'rollcall.person.merged.v1',
  change.extend({
    into: personId.describe('Everything said of `person`, before and after, is about this one.'),
    by: cause,
    ...compared('the two'),
    threshold: threshold
      .nullable()
      .describe(
        'What `score` had to reach, or, when recordings are over, the mean cosine of all looks; null when somebody said so.',
      ),
  }),
  {
    title: 'Person merged',
    description:
      'Two IDs turned out to be one person. `person` is an alias of `into` from now on; only an `unmerged` event of it ends that.',
    example: examples.personMerged,
  },
)

/** Some tracks of `person` are assigned to the new person `off`. */
export const personSplit = eventOf(
  'rollcall.person.split.v1',
  change.extend({
    off: personId.describe(
      'The new person, taken out of `person`, which keeps its ID; a `created` event of it comes before.',
    ),
    by: cause,
    ...compared('the two parts'),
    threshold: threshold.nullable().describe('What `score` fell short of; null when somebody said so.'),
  }),
  {
    title: 'Person split',
    description: 'One ID turned out to be two people. Events of tracks say which of the past belongs to the new one.',
    example: examples.personSplit,
  },
)

/** The alias `person` becomes a person again: a merge is taken back. */
export const personUnmerged = eventOf(
  'rollcall.person.unmerged.v1',
  change.extend({
    from: personId.describe('The person that `person` was an alias of until now, directly or over others.'),
    by: cause,
    ...compared('the two parts'),
    threshold: threshold.nullable().describe('What `score` fell short of; null when somebody said so.'),
  }),
  {
    title: 'Person unmerged',
    description:
      'A merge was wrong: `person` is no alias any more but somebody of its own. Everything that was assigned under this ID is about this person again, and so is what was assigned under IDs that had been merged into it before.',
    example: examples.personUnmerged,
  },
)

/** Somebody has said that `person` and `other` are two people, or has taken that back. */
export const personApart = eventOf(
  'rollcall.person.apart.v1',
  change.extend({
    other: personId.describe('The other of the two.'),
    apart: z
      .boolean()
      .describe('True: the two are never merged by the engine from now on. False: that was taken back.'),
  }),
  {
    title: 'Person told apart',
    description:
      'Somebody said that two IDs are certainly two people, or took that back. Splits, moves and unmerges by people say the same of their two without this event.',
    example: examples.personApart,
  },
)

/** The person is no longer listed, but still recognised. */
export const personArchived = eventOf(
  'rollcall.person.archived.v1',
  change.extend({ lastSeenAtMs: atMs.describe('When the person was last seen, whole milliseconds.') }),
  {
    title: 'Person archived',
    description: 'Not seen for long: no longer listed, but still recognised.',
    example: examples.personArchived,
  },
)

/** An archived person was seen again. */
export const personRestored = eventOf('rollcall.person.restored.v1', change, {
  title: 'Person restored',
  description: 'An archived person is back, with the same ID.',
  example: examples.personRestored,
})

/** Consumers have to delete what they keep of the person. There is no name in it. */
export const personDeleted = eventOf(
  'rollcall.person.deleted.v1',
  z.object({ person: personId, sequence, by: cause }),
  {
    title: 'Person deleted',
    description:
      'Every trace of the person is gone from Rollcall: delete yours. On Kafka a tombstone of the same key follows.',
    example: examples.personDeleted,
  },
)

const correction = z.number().min(-0.2).max(0.2)

/** A site has learned how alike different people are there: all scores move. */
export const calibrationChanged = eventOf(
  'rollcall.calibration.changed.v1',
  z.object({
    correction: correction.describe('Added to every score from now on; 4 decimals.'),
    before: correction.describe('Added until now; 0 at first.'),
    expected: cosine.describe('The median cosine of two people where the embedder was calibrated; 4 decimals.'),
    median: cosine.describe('That of two people who were seen together here; 4 decimals.'),
    people: counterFromOne.describe('People whom it was learned from.'),
    pairs: counterFromOne.describe('Pairs of them who were seen together.'),
    sequence,
  }),
  {
    title: 'Calibration changed',
    description:
      'The site has learned, without labels, that different people are more or less alike here than where the embedder was calibrated. All scores move by it.',
    example: examples.calibrationChanged,
  },
)
