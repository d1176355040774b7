import { z } from 'zod'

const share = z.number().min(0).max(1)
const cosine = z.number().min(-1.0001).max(1.0001)
const count = z.int().min(0)
const file = z.string().describe('The path as it was given, or was found in a folder that was given.')

const box = z
  .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
  .describe('In fractions of the turned photo, origin top left; it may reach over the edge.')
const quality = z.object({
  overall: share.describe('Combines the others with the detector’s score.'),
  sizePx: z.number().min(0).describe('The shorter side of the box, in pixels.'),
  sharpness: share,
  yaw: z.number().min(-1).max(1).describe('−1 turned to the image left, 0 frontal, 1 to the right.'),
})
const turn = z.number().describe('How the photo was turned so that its face stands upright, degrees clockwise.')
const threshold = z.object({
  cosine,
  distance: z.number().describe('The same as squared L2 of unit vectors, FaceNet’s measure: 2 − 2 · cosine.'),
  measured: z
    .object({
      far: share.describe('At most this share of the pairs of two people passes.'),
      val: share.describe('The share of the pairs of one person that passed.'),
      people: count,
      photos: count,
    })
    .nullable()
    .describe('On what it was calibrated; null: it was not, and no rate is known.'),
})
const embedder = z.string().describe('The name of the embedder.')

const chosenFace = z.object({
  file,
  turn,
  faces: count.describe('How many faces are in the photo.'),
  face: z.object({ box, quality }).nullable().describe('The one that is compared; null when none says anything.'),
  refusal: z.string().nullable().describe('Why there is no face.'),
  warning: z.string().nullable().describe('What makes the face’s embedding worse than others.'),
})
const comparison = z.object({
  same: z.boolean(),
  cosine,
  distance: z.number(),
  probability: share.nullable().describe('P(same) where both are equally likely; null without a calibration.'),
})
const verdict = z.enum(['same', 'different', 'unknown'])
const verified = { verdict, threshold, embedder }

const verify = z.union([
  z.object({
    ...verified,
    comparison: comparison.nullable().describe('Null when one of the photos has no face.'),
    photos: z.array(chosenFace).length(2),
  }),
  z.object({
    ...verified,
    rows: z.array(chosenFace),
    columns: z.array(chosenFace).nullable().describe('Null: each of `rows` with each other.'),
    comparisons: z.array(z.array(comparison.nullable())).describe('By row and column.'),
  }),
])

const refusals = z.array(z.object({ file, why: z.string() }))

const recognise = z.object({
  faces: z.array(
    z.object({
      file,
      box,
      quality,
      person: z.string().nullable().describe('Null: nobody of the gallery.'),
      candidates: z
        .array(
          z.object({
            person: z.string(),
            cosine: cosine.describe('Of the person’s nearest photo.'),
            file: z.string().nullable().describe('The person’s nearest photo; null with --site.'),
            votes: count,
            weight: z.number().min(0),
          }),
        )
        .describe('The nearest first, at most --top.'),
    }),
  ),
  refused: refusals.describe('Photos without a face that says anything.'),
  gallery: z.object({ people: count, photos: count.describe('With --site: looks.'), refused: refusals }),
  threshold,
  embedder,
  scores: z
    .object({
      known: count,
      strangers: count,
      rank1: share.nullable(),
      rank5: share.nullable(),
      right: count,
      wrong: count,
      missed: count,
      strangersTaken: count,
      det: z.array(z.object({ targetFpir: share, fpir: share, fnir: share, cosine })),
    })
    .nullable()
    .describe('With --truth.'),
})

const placedFace = z.object({
  file,
  turn,
  box,
  quality,
  crop: z.string().nullable().describe('The file of its crop in --out; null without --out.'),
})

const clusteringScores = z.object({
  faces: count,
  people: count,
  ids: count,
  ...Object.fromEntries(
    ['bcubedP', 'bcubedR', 'bcubedF', 'pairP', 'pairR', 'pairF', 'nmi', 'homogeneity', 'completeness', 'wcp'].map(
      (name) => [name, share],
    ),
  ),
  ari: z.number().min(-1).max(1),
  idsPerPerson: z.number().min(0),
})
const method = z.enum(['agglomerative', 'online', 'kmeans', 'dbscan', 'chinese-whispers'])

const cluster = z.object({
  people: z.array(z.array(placedFace)).describe('Who is in most photos first.'),
  poor: z.array(placedFace).describe('Faces too poor to say who they are.'),
  withoutFace: z.array(file),
  unreadable: refusals,
  method: method.describe('How `people` were found.'),
  threshold: z
    .number()
    .describe(
      'Agglomerative: clusters of a mean cosine of this or more are one person. dbscan, chinese-whispers: two faces of this cosine or more are alike. The others, and --people, go without.',
    ),
  embedder,
  scores: clusteringScores.nullable().describe('With --truth.'),
  byMethod: z
    .array(
      z.object({
        method,
        told: count.nullable().describe('How many people the method was told that there are; null: it found out.'),
        scores: clusteringScores,
      }),
    )
    .nullable()
    .describe('With --method all.'),
})

const person = z.string().describe('The stable ID.')
const track = z.string()

const relabel = z.object({
  people: z.array(
    z.object({
      id: person,
      name: z.string().nullable().describe('As --gallery or --site knows the person; null when neither does.'),
      tracks: z.array(track),
    }),
  ),
  without: z.array(track).describe('Tracks that show too little for anybody.'),
  moved: z
    .array(z.object({ track, live: person.nullable(), person: person.nullable() }))
    .describe('Tracks of another person than the live run said in the end.'),
  livePeople: count,
  frames: count,
  visits: z.array(
    z.object({
      person,
      camera: z.string().describe('Named like the recording.'),
      fromS: z.number().min(0).describe('Seconds of the recording: of the first frame.'),
      untilS: z.number().min(0).describe('Of the last frame.'),
      frames: z.int().min(1),
    }),
  ),
  threshold: z.number(),
})

/** What each command prints with `--json`, by its name. */
export const commandResults = { verify, recognise, cluster, relabel } as const satisfies Record<string, z.ZodType>

/** The JSON Schemas of these results. They allow further fields, because a later Rollcall may add some. */
export const commandSchemas = (): ReadonlyMap<string, Readonly<Record<string, unknown>>> =>
  new Map(
    Object.entries(commandResults).map(([name, result]) => {
      const { $schema, ...rest } = z.toJSONSchema(result, { io: 'input' })
      const title = `rollcall ${name} --json`
      return [name, { $schema, $id: `urn:rollcall:command:${name}`, title, ...rest }]
    }),
  )
