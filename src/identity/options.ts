import { z } from 'zod'

const share = z.number().min(0).max(1)
/** Cosines corrected for how much is known: see evidence.ts. */
const score = z.number().min(-1).max(2)
const days = z.number().positive().max(36_500)
const ms = z.number().min(0)

export const identityOptions = z.strictObject({
  minQuality: share
    .default(0.15)
    .describe('Embeddings of lower quality are ignored: blurred small faces all look alike. It defaults to 0.15.'),
  join: score
    .default(0.64)
    .describe(
      'A track joins a person from this score on (`score` in events), unless another person is as near. It defaults to 0.64.',
    ),
  joinWeight: z
    .number()
    .min(0)
    .default(0.1)
    .describe(
      'Evidence (squared qualities, summed) a track must have shown before it joins anybody: a face of 20 pixels may be anyone’s. It defaults to 0.1.',
    ),
  create: score
    .default(0.55)
    .describe('A track becomes a new person when nobody has a higher score than this. It defaults to 0.55.'),
  leave: score
    .default(0.54)
    .describe('A track leaves its person when its score with the rest of that person is lower. It defaults to 0.54.'),
  merge: score
    .default(0.74)
    .describe(
      'Two people never seen together are one from this score on; who is known from three tracks or fewer needs less, down to `join`. It defaults to 0.74.',
    ),
  split: score
    .default(0.66)
    .describe(
      'A person whose two most different parts have a lower score than this is two people. It defaults to 0.66.',
    ),
  margin: share
    .default(0.05)
    .describe('How much higher than the runner-up’s a person’s score must be. It defaults to 0.05.'),
  exemplarShare: share
    .default(0.5)
    .describe(
      'Weight of the most similar of the looks a person is known by, beside their mean, where that helps a track. It defaults to 0.5.',
    ),
  confirmFaces: z
    .int()
    .min(1)
    .default(3)
    .describe('Good faces a track must have shown before it becomes a new person. It defaults to 3.'),
  confirmMs: ms.default(300).describe('… over at least this much time. It defaults to 300.'),
  confirmQuality: share.default(0.25).describe('… the best of them of at least this quality. It defaults to 0.25.'),
  confirmWeight: z
    .number()
    .min(0)
    .default(0.8)
    .describe(
      '… and of this much evidence (squared qualities, summed): two good faces, or many poor ones. It defaults to 0.8.',
    ),
  settleFaces: z
    .int()
    .min(1)
    .default(16)
    .describe('Good faces after which an ambiguous track is decided all the same. It defaults to 16.'),
  cannotLinkFrames: z
    .int()
    .min(1)
    .default(3)
    .describe('Frames seen together from which two tracks or people are certainly not the same. It defaults to 3.'),
  tentativeMs: ms
    .default(60_000)
    .describe(
      'How long an ended track without a person is kept to be matched later; then whoever it is clearly most like has it, from `create` on, with a name from `join` on. It defaults to 60000.',
    ),
  windowMs: ms
    .default(30_000)
    .describe('How long an ended track may still be given to another person. It defaults to 30000.'),
  reclusterMs: ms
    .default(5000)
    .describe('How often people who changed are looked at again as a whole. It defaults to 5000.'),
  archiveAfterDays: days
    .nullable()
    .default(30)
    .describe(
      'Unnamed people not seen for so long are archived: recognised, but not listed. null: never. It defaults to 30.',
    ),
  deleteAfterDays: days
    .nullable()
    .default(null)
    .describe('Unnamed people not seen for so long are deleted with every trace. It defaults to null: never.'),
  sightingGapMs: ms
    .default(5000)
    .describe('A sighting ends when the person has not been seen on the camera for this long. It defaults to 5000.'),
  sightingDays: days
    .nullable()
    .default(31)
    .describe(
      'How long it is kept who was where and when: a month can be added up, and no more is kept of people than that. null: as long as there is room (500,000). It defaults to 31.',
    ),
  emptyFrames: z
    .boolean()
    .default(true)
    .describe('Whether frames without faces give an event too; the viewer needs them. It defaults to true.'),
})
export type IdentityOptions = z.infer<typeof identityOptions>
