import { z } from 'zod'

/** What several events say, each field with its unit. The types are those of src/types.ts; a test keeps them equal. */

export const camera = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/)
  .describe('The name that the camera has in the configuration.')

export const stream = z
  .string()
  .min(1)
  .describe('One opening of the camera: a reconnect begins a new stream, in which `seq` and `ptsUs` start again.')

export const track = z
  .string()
  .min(1)
  .describe('One face followed on one camera, until a cut or until it was away for long: `CAMERA/STREAM/NUMBER`.')

export const personId = z.string().min(1).describe('The stable ID of a person; opaque, never used again for another.')

export const atMs = z.number().describe('Milliseconds since the Unix epoch; for recordings, since their beginning.')

export const sequence = z
  .int()
  .min(1)
  .describe('Rises by one with each event of this site about people or tracks, over restarts too.')

export const cause = z
  .enum(['engine', 'user', 'retention'])
  .describe(
    'Who did it: `engine` by what faces look like, `user` through the gallery, `retention` by the rule for old data.',
  )

export const cosine = z.number().describe('Cosine of two faces’ embeddings, −1 to 1, higher is more alike; 4 decimals.')

export const size = z.int().min(1)

/** Fractions of the upright picture, 0–1, origin top left; 5 decimals. */
const fraction = z.number()

export const point = z.object({
  x: fraction.describe('From the left edge (0) to the right edge (1).'),
  y: fraction.describe('From the top edge (0) to the bottom edge (1).'),
})

export const box = z
  .object({
    x: fraction.describe('Left side, as a fraction of the picture’s width.'),
    y: fraction.describe('Top side, as a fraction of the picture’s height.'),
    width: fraction.describe('As a fraction of the picture’s width.'),
    height: fraction.describe('As a fraction of the picture’s height.'),
  })
  .describe('Around the face; it may reach a little outside the picture.')

export const runnerUp = z
  .object({ person: personId, similarity: cosine })
  .nullable()
  .describe('The next best person and how alike; null when there is none.')

/** Why a face or a track has its person. */
export const decision = {
  similarity: cosine
    .nullable()
    .describe('Cosine to the person, or to the best candidate; null when there was nobody to compare with.'),
  runnerUp,
  threshold: z.number().describe('What `similarity` had to reach.'),
  reason: z
    .enum(['joined', 'created', 'kept', 'moved', 'tentative', 'ambiguous', 'low-quality', 'no-embedding'])
    .describe(
      '`joined` a known person, `created` a new one, `kept` what was decided before, `moved` to another person; without a person: `tentative` (not seen enough), `ambiguous` (two people are as near, or it looks like one whom another face of the picture is), `low-quality`, `no-embedding` (not looked at yet).',
    ),
}
