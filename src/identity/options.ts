import { z } from 'zod'

const share = z.number().min(0).max(1)
/** A cosine corrected for the evidence of both sides: see evidence.ts. */
const score = z.number().min(-1).max(2)
const days = z.number().positive().max(36_500)
const ms = z.number().min(0)

/**
 * The `identity` section of the configuration. `rollcall.example.yaml` is generated from the descriptions. Times are in
 * milliseconds or days, as the names say; the defaults were measured: docs/decisions/0006-evidence-before-thresholds.md.
 */
export const identityOptions = z.strictObject({
  minQuality: share
    .default(0.15)
    .describe(
      'Embeddings below this quality are ignored, because blurred small faces all look alike. It defaults to 0.15.',
    ),
  join: score
    .default(0.64)
    .describe(
      'The least score (`score` in events) with which a track joins a person. Another person must not be as near. It defaults to 0.64.',
    ),
  joinWeight: z
    .number()
    .min(0)
    .default(0.1)
    .describe(
      'The least evidence (sum of squared qualities) with which a track joins a person: a face of 20 pixels matches anybody. It defaults to 0.1.',
    ),
  create: score
    .default(0.55)
    .describe('A track becomes a new person when its best score is below this. It defaults to 0.55.'),
  leave: score
    .default(0.54)
    .describe(
      'A track leaves its person when its score with that person’s other tracks is below this. It defaults to 0.54.',
    ),
  merge: score
    .default(0.74)
    .describe(
      'The least score with which two people who were never seen together are merged. It falls to `join` for people with few tracks. It defaults to 0.74.',
    ),
  split: score
    .default(0.66)
    .describe('A person is split when the score of its two most different parts is below this. It defaults to 0.66.'),
  margin: share.default(0.05).describe('The least lead of the best score over the runner-up’s. It defaults to 0.05.'),
  exemplarShare: share
    .default(0.5)
    .describe(
      'Weight of a person’s most similar exemplar in the score; the person’s mean has the rest. It only raises a score. It defaults to 0.5.',
    ),
  confirmFaces: z
    .int()
    .min(1)
    .default(3)
    .describe('Good faces that a track must show before it becomes a new person. It defaults to 3.'),
  confirmMs: ms
    .default(300)
    .describe('Milliseconds from the first to the last good face that a new person needs. It defaults to 300.'),
  confirmQuality: share
    .default(0.25)
    .describe('Quality that the best face of a new person needs. It defaults to 0.25.'),
  confirmWeight: z
    .number()
    .min(0)
    .default(0.8)
    .describe(
      'Evidence (sum of squared qualities) that a new person needs: two good faces, or many poor ones. It defaults to 0.8.',
    ),
  settleFaces: z
    .int()
    .min(1)
    .default(16)
    .describe('Good faces after which an ambiguous track is decided anyway. It defaults to 16.'),
  cannotLinkFrames: z
    .int()
    .min(1)
    .default(3)
    .describe('Frames together after which two tracks or two people are never linked. It defaults to 3.'),
  tentativeMs: ms
    .default(60_000)
    .describe(
      'Milliseconds for which an ended track without a person is kept. Then it joins the person it is clearly most like (score `create`; `join` for a person with a name) or is forgotten. It defaults to 60000.',
    ),
  windowMs: ms
    .default(30_000)
    .describe('Milliseconds for which an ended track may still move to another person. It defaults to 30000.'),
  reclusterMs: ms
    .default(5000)
    .describe('Milliseconds between two reclusterings of the people who have changed. It defaults to 5000.'),
  archiveAfterDays: days
    .nullable()
    .default(30)
    .describe(
      'Unnamed people who are not seen for this long are archived: recognised, but not listed. null archives nobody. It defaults to 30.',
    ),
  deleteAfterDays: days
    .nullable()
    .default(null)
    .describe(
      'Unnamed people who are not seen for this long are deleted with every trace. It defaults to null: nobody is.',
    ),
  sightingGapMs: ms
    .default(5000)
    .describe(
      'A sighting ends when the camera has not seen the person for this many milliseconds. It defaults to 5000.',
    ),
  sightingDays: days
    .nullable()
    .default(31)
    .describe(
      'Days for which sightings are kept; 31 are enough for a month’s attendance. null keeps the newest 500,000. It defaults to 31.',
    ),
  crops: z
    .enum(['off', 'memory', 'disk'])
    .default('memory')
    .describe(
      'Small pictures of faces for the people pages, a few a person, which need the scope biometric: off makes none, memory keeps them while this runs, disk keeps them in the state directory, encrypted. It defaults to memory.',
    ),
  emptyFrames: z
    .boolean()
    .default(true)
    .describe('Publishes frames without faces too; the viewer needs them. It defaults to true.'),
})
/** The section with its defaults filled in. */
export type IdentityOptions = z.infer<typeof identityOptions>
