import { z } from 'zod'
import { defaultRisk, defaultThresholds, type ThresholdName, thresholdsFor } from './risk.ts'

const share = z.number().min(0).max(1)
/** A cosine corrected for the evidence of both sides: see evidence.ts. */
const score = z.number().min(-1).max(2)
const days = z.number().positive().max(36_500)
const ms = z.number().min(0)

/** A threshold that follows from `risk` unless it is given; in the example configuration it is null. */
const followsRisk = (name: ThresholdName, description: string) =>
  score.default(defaultThresholds[name]).meta({
    description: `${description} It defaults to null: it follows from risk, and is ${defaultThresholds[name]} when that is ${defaultRisk}.`,
    default: null,
  })

/** Fills in the thresholds that are not given. Whatever else is wrong is left to the schema. */
const withThresholds = (given: unknown): unknown => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  const { risk } = given as { readonly risk?: unknown }
  const follow = typeof risk === 'number' && risk > 0 ? thresholdsFor(risk) : defaultThresholds
  const isGiven = ([name, value]: [string, unknown]): boolean => value !== null || !Object.hasOwn(follow, name)
  return { ...follow, ...Object.fromEntries(Object.entries(given).filter(isGiven)) }
}

/**
 * The `identity` section of the configuration. `rollcall.example.yaml` is generated from the descriptions. Times are in
 * milliseconds or days, as the names say; the defaults were measured: docs/decisions/0006-evidence-before-thresholds.md.
 */
const section = z.strictObject({
  risk: z
    .number()
    .min(0.03)
    .max(300)
    .default(defaultRisk)
    .describe(
      'How many visits in a thousand may get the ID of somebody else: less splits people more often, more mixes them. join, create, leave, merge and split follow from it where they are null; docs/evaluation.md says what was measured. It defaults to 3.',
    ),
  minQuality: share
    .default(0.15)
    .describe(
      'Embeddings below this quality are ignored, because blurred small faces all look alike. It defaults to 0.15.',
    ),
  join: followsRisk(
    'join',
    'The least score (`score` in events) with which a track joins a person. Another person must not be as near.',
  ),
  joinWeight: z
    .number()
    .min(0)
    .default(0.1)
    .describe(
      'The least evidence (sum of squared qualities) with which a track joins a person: a face of 20 pixels matches anybody. It defaults to 0.1.',
    ),
  create: followsRisk('create', 'A track becomes a new person when its best score is below this.'),
  leave: followsRisk(
    'leave',
    'A track leaves its person when its score with that person’s other tracks is below this.',
  ),
  merge: followsRisk(
    'merge',
    'The least score with which two people who were never seen together are merged. It falls to `join` for people with few tracks, and lower where nearly everybody else has come again.',
  ),
  split: followsRisk('split', 'A person is split when the score of its two most different parts is below this.'),
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
      'Milliseconds for which an ended track without a person is kept. Then it joins the person it is clearly most like (score `create`; `join` for a person with a name) or waits. It defaults to 60000.',
    ),
  waitMs: ms
    .default(43_200_000)
    .describe(
      'Milliseconds for which an ended track that nobody is told by waits, without a picture, for a person who is known later and whom it would join: most are the first, poor look at somebody. In the end it joins whom it is clearly most like. 0: it is forgotten instead. It defaults to 43200000, half a day.',
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
  unassignedDays: days
    .nullable()
    .default(null)
    .describe(
      'Days for which tracks are kept that were over before anybody was told by them: where, when, and the mean embedding, no picture. The search by photo finds them, and what-if replays them. null keeps none. It defaults to null.',
    ),
  unknown: z
    .enum(['keep', 'ignore'])
    .default('keep')
    .describe(
      'What becomes of people without a name. keep: everybody gets an ID. ignore: only those who are enrolled or named are told of; the others are counted, nothing of them is kept or published, and people without a name who are known are deleted. It defaults to keep.',
    ),
  crops: z
    .enum(['off', 'memory', 'disk'])
    .default('memory')
    .describe(
      'Small pictures of faces for the people pages, a few a person, which need the scope biometric: off makes none, memory keeps them while this runs, disk keeps them in the state directory, encrypted. It defaults to memory.',
    ),
  learns: z
    .boolean()
    .default(true)
    .describe(
      'Learns from people who are seen together how alike different people are on these cameras, and moves all scores by it, slowly and within bounds; rollcall people calibration shows it. Recordings learn nothing. It defaults to true.',
    ),
  emptyFrames: z
    .boolean()
    .default(true)
    .describe('Publishes frames without faces too; the viewer needs them. It defaults to true.'),
})

/** See `section`; the thresholds that are not given follow from `risk`. */
export const identityOptions = z.preprocess(withThresholds, section)

/** The section with its defaults filled in. */
export type IdentityOptions = z.infer<typeof section>
