import { z } from 'zod'

const share = z.number().min(0).max(1)
const cosine = z.number().min(-1).max(1)
const ms = z.number().min(0)

/** The part `tracker` of the configuration, with its defaults. */
export const trackerOptions = z.strictObject({
  maxAgeMs: ms
    .default(1500)
    .describe('How long, in capture time, a track outlives the last sight of its face. It defaults to 1500.'),
  unconfirmedAgeMs: ms
    .default(400)
    .describe('The same for a track that is not confirmed yet, because most are false alarms. It defaults to 400.'),
  confirmFrames: z
    .int()
    .min(1)
    .default(2)
    .describe(
      'Frames a face must be seen in before embeddings are spent on it; false alarms seldom last. It defaults to 2.',
    ),
  overlapWeight: share.default(0.5).describe('Weight of 1 − IoU in the cost of an association. It defaults to 0.5.'),
  embeddingWeight: share
    .default(0.4)
    .describe('Weight of 1 − cosine, for detections that already carry an embedding. It defaults to 0.4.'),
  landmarkWeight: share
    .default(0.1)
    .describe('Weight of the mean landmark distance in box sizes, at most 1. It defaults to 0.1.'),
  maxCost: share
    .default(0.85)
    .describe('Associations that cost more, of 1 at worst, are not made. It defaults to 0.85.'),
  maxDistance: z
    .number()
    .min(0)
    .default(0.8)
    .describe('The farthest that a face moves from one frame to the next, in box sizes. It defaults to 0.8.'),
  maxSizeRatio: z
    .number()
    .min(1)
    .default(1.8)
    .describe('The largest change of size from one frame to the next, as a ratio. It defaults to 1.8.'),
  firstEmbeddings: z
    .int()
    .min(1)
    .default(5)
    .describe('Good embeddings wanted soon after a track begins. Five are enough to tell who it is. It defaults to 5.'),
  firstGapMs: ms
    .default(100)
    .describe(
      'Least time between the first embeddings, because frames that are nearer are almost equal. It defaults to 100.',
    ),
  firstEvidence: z
    .number()
    .min(0)
    .default(0.8)
    .describe(
      'Evidence (squared qualities, summed) wanted soon after a track begins: as much as identity.confirmWeight asks of a new person. It defaults to 0.8.',
    ),
  weakGapMs: ms
    .default(250)
    .describe(
      'Time between the embeddings of a track with less evidence than that, after the first ones. It defaults to 250.',
    ),
  dueMs: ms.default(1000).describe('Time between embeddings of a known track. It defaults to 1000.'),
  betterBy: z
    .number()
    .min(1)
    .default(1.25)
    .describe(
      'A face that looks this many times better than the best one embedded is embedded at once. It defaults to 1.25.',
    ),
  minQuality: share
    .default(0.15)
    .describe('Embeddings of lower quality are not counted, and cannot split a track. It defaults to 0.15.'),
  splitSimilarity: cosine
    .default(0.28)
    .describe('Two good embeddings in a row that are below this cosine to their track split it. It defaults to 0.28.'),
  resumeSimilarity: cosine
    .default(0.36)
    .describe(
      'The least cosine of an embedding to its track after the face was lost from sight for a while. Below it the face is on a track of its own. It defaults to 0.36.',
    ),
  agreeSimilarity: cosine
    .default(0.45)
    .describe('The least cosine between these two embeddings for the split. It defaults to 0.45.'),
})

/** The tracker's options after parsing: every key has a value. Times are capture time in milliseconds. */
export type TrackerOptions = z.infer<typeof trackerOptions>
