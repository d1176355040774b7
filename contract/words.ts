import { z } from 'zod'

/** What several events say, each field with its unit. The types are those of src/events/types.ts; a test keeps them equal. */

/** A camera's name: it is part of file names, topics and IDs, so its characters are limited. */
export const camera = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/)
  .describe('The name that the camera has in the configuration.')

/** The time line that frame numbers and PTS belong to. */
export const stream = z
  .string()
  .min(1)
  .describe('One opening of the camera: a reconnect begins a new stream, in which `seq` and `ptsUs` start again.')

/** A track's ID. It begins with its camera and stream, so it is unique for ever. */
export const track = z
  .string()
  .min(1)
  .describe('One face followed on one camera, until a cut or until it was away for long: `CAMERA/STREAM/NUMBER`.')

/** A person's ID. Consumers must not read anything into its text. */
export const personId = z.string().min(1).describe('The stable ID of a person; opaque, never used again for another.')

/** A provisional ID. */
export const provisionalId = z
  .string()
  .min(1)
  .describe(
    'Names somebody of whom only poor looks have come, so that nobody can say who it is. No person, and never the ID of one; later tracks on the same camera may share it.',
  )

/** JSON numbers are exact up to 2^53 − 1. */
const mostCounted = { $comment: 'A counter: its maximum is the largest exact integer.' }
/** A whole number from 0 on. */
export const counter = z.int().min(0).max(Number.MAX_SAFE_INTEGER).meta(mostCounted)
/** A whole number from 1 on. */
export const counterFromOne = z.int().min(1).max(Number.MAX_SAFE_INTEGER).meta(mostCounted)

/** A time in whole milliseconds, up to the end of the year 9999. */
export const atMs = z
  .int()
  .min(0)
  .max(253_402_300_799_999)
  .meta({ $comment: 'A time: its maximum is the last one that RFC 3339 can say, the end of the year 9999.' })
  .describe('Whole milliseconds since the Unix epoch; for recordings, since their beginning.')

/** The order of the events about people and tracks. */
export const sequence = counterFromOne.describe(
  'Rises by one with each event of this site about people, tracks or sightings, over restarts too.',
)

/** Who caused a change of people. */
export const cause = z
  .enum(['engine', 'user', 'retention'])
  .describe(
    'Who did it: `engine` by what faces look like, `user` through the gallery, `retention` by the rule for old data.',
  )

/** How alike two mean embeddings are, as the embedder says. */
export const cosine = z
  .number()
  .min(-1)
  .max(1)
  .describe('Cosine of the two mean embeddings, −1 to 1, higher is more alike; 4 decimals.')

/** How alike two are for the engine: src/identity/people/evidence.ts says how it comes from the cosine. */
const score = z
  .number()
  .min(-4)
  .max(4)
  .describe(
    'What is compared with thresholds: the cosine corrected for how little is known of the two, so that it may exceed 1; 4 decimals.',
  )

/** Of being one person, by the score alone; the curve is in src/identity/risk.ts. */
const probability = z
  .number()
  .min(0)
  .max(1)
  .describe(
    'How probable it is that the two are one person, by the score alone, if one and two people were equally frequent; 4 decimals, 0.0001 to 0.9999. Absent in events from before it was said.',
  )

/** What a score was compared with. */
export const threshold = z.number().min(-1).max(2)

/** The comparison behind a merge or a split. `what` names the two, for the descriptions. */
export const compared = (what: string) => ({
  similarity: cosine.nullable().describe(`Cosine between ${what}, −1 to 1; null when somebody said so.`),
  score: score
    .nullable()
    .describe('The cosine corrected for how little is known of the two; null when somebody said so.'),
  probability: probability
    .nullable()
    .exactOptional()
    .describe(
      'How probable it is that the two are one person, by the score alone; null when somebody said so, absent in events from before it was said.',
    ),
  threshold: threshold.nullable(),
})

/** A share 0–1, 4 decimals. */
export const share = z.number().min(0).max(1)

/** A side of a picture, pixels. */
export const size = z
  .int()
  .min(1)
  .max(65_535)
  .meta({ $comment: 'Pixels: 65535 is the most that picture formats such as JPEG allow.' })

/**
 * A coordinate in the upright picture, origin top left, 5 decimals. 0–1 is inside; a face may reach outside by a whole
 * picture.
 */
const place = z.number().min(-1).max(2)
const extent = z.number().min(0).max(2)

/** A point in the upright picture, as fractions of its sides. */
export const point = z.object({
  x: place.describe('From the left edge (0) to the right edge (1).'),
  y: place.describe('From the top edge (0) to the bottom edge (1).'),
})

/** A rectangle in the upright picture, as fractions of its sides. */
export const box = z
  .object({
    x: place.describe('Left side, as a fraction of the picture’s width.'),
    y: place.describe('Top side, as a fraction of the picture’s height.'),
    width: extent.describe('As a fraction of the picture’s width.'),
    height: extent.describe('As a fraction of the picture’s height.'),
  })
  .describe('Around the face; it may reach a little outside the picture.')

const matched = z.object({
  person: personId,
  similarity: cosine,
  score,
  probability: probability.exactOptional(),
})

/** The nearest person, and how near; null when there was none. */
export const candidate = matched.nullable()

/** Why a face or a track has its person, or none. */
export const decision = {
  candidate: candidate.describe(
    'Whom the decision was about: the person assigned, or the nearest one when `person` is null or was just created (also one it cannot be, because the two were seen together). Null when there was nobody to compare with.',
  ),
  runnerUp: matched.nullable().describe('The next best person after `candidate`; null when there is none.'),
  threshold: threshold.describe('What the score of `candidate` had to reach.'),
  reason: z
    .enum(['joined', 'created', 'kept', 'moved', 'tentative', 'ambiguous', 'low-quality', 'no-embedding'])
    .describe(
      '`joined` a known person, `created` a new one, `kept` what was decided before, `moved` to another person; without a person: `tentative` (not seen enough), `ambiguous` (two people are as near, or it looks like one whom another face of the picture is), `low-quality`, `no-embedding` (not looked at yet).',
    ),
}
