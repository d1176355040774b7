import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { cleanName, invisibleIn, longestName } from '../text.ts'

const id = z.string().min(1).max(64)
const numbers = z.array(z.number()).max(4096)
const unixMs = z.number().min(0).max(253_402_300_799_999).transform(Math.round)

/**
 * A name that a user gives: made NFC and trimmed, refused with control or format characters or line breaks (see
 * text.ts).
 */
export const personName = z
  .string()
  .normalize('NFC')
  .trim()
  .min(1)
  .max(longestName)
  .refine((name) => invisibleIn(name) === null, {
    error: ({ input }) => `expected no control or format characters, found ${invisibleIn(String(input))}`,
  })

/** A note that a user gives: as a name, but longer. */
export const noteText = z
  .string()
  .normalize('NFC')
  .trim()
  .min(1)
  .max(200)
  .refine((note) => invisibleIn(note) === null, 'expected no control or format characters')

/** A name in an export: invisible characters, which earlier versions let through, are removed. */
const exportedName = z.string().nullable().transform(cleanName)

/** The model that embeddings come from. */
const embedderBody = z.strictObject({
  name: z.string().max(200),
  /** Of the model file. Embeddings of two models cannot be compared. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
  dimensions: z.int().positive(),
})

/** Null removes the name. */
export const nameBody = z.strictObject({ name: personName.nullable() })
/** Two people, by ID. */
export const twoBody = z.strictObject({ a: id, b: id })
/** `force` merges two who are unlike or known to be two people. */
export const mergeBody = twoBody.extend({ force: z.boolean().default(false) })
/** What is split off; when both are empty, the smaller of the two most different parts. */
export const splitBody = z.strictObject({
  tracks: z.array(z.string().min(1).max(300)).max(1000).default([]),
  /** All tracks of each are split off. */
  sightings: z.array(z.string().min(1).max(300)).max(1000).default([]),
})
/** Embeddings of unit length, with the quality (0–1) that weighs each. Biometric data. */
export const enrollBody = z.strictObject({
  name: personName,
  embedder: embedderBody,
  faces: z.array(z.strictObject({ embedding: numbers, quality: z.number().min(0).max(1) })).min(1),
})

/** The start keeps them apart from other words of the API's paths. */
const exportedId = id.regex(/^p-[A-Za-z0-9_.-]+$/, 'expected p- and letters, digits, "_", "." and "-"')
/** Of a look: far more than any export has, and too little for a sum of looks to become infinite. */
const mostWeight = 1000
const looks = z
  .array(
    z.strictObject({
      vector: z.array(z.number().min(-mostWeight).max(mostWeight)).max(4096),
      weight: z.number().min(0).max(mostWeight),
    }),
  )
  .max(1000)
/** Empty: nobody has seen the person. */
const camera = z.string().regex(/^[A-Za-z0-9_.-]{0,64}$/, 'expected the name of a camera')
const count = z.int().nonnegative()
/** The defaults are for exports of formats 1 and 2, which lack these fields. */
const exportedOrigin = {
  name: exportedName,
  archived: z.boolean().default(false),
  createdAtMs: unixMs,
  lastSeenAtMs: unixMs,
  lastCamera: camera.default(''),
  tracks: count.default(0),
  faces: count.default(0),
  exemplars: looks,
}
const exportedApart = z
  .array(z.strictObject({ person: exportedId, frames: z.number().positive().nullable() }))
  .default([])
const exportedAlias = z.strictObject({
  id: exportedId,
  into: exportedId,
  origin: z
    .strictObject({
      ...exportedOrigin,
      rest: z.strictObject({ lastSeenAtMs: unixMs, lastCamera: camera, exemplars: looks }),
    })
    .nullable(),
  apart: exportedApart,
})

const exportedPerson = z.strictObject({
  ...exportedOrigin,
  id: exportedId,
  aliases: z.array(exportedAlias).default([]),
  apart: exportedApart,
})

/**
 * What `rollcall people export` writes. Format 1 had neither `aliases` nor `apart`; in format 2 the person's `apart` was that
 * of all its IDs together. Biometric data.
 */
export const peopleFile = z.strictObject({
  rollcall: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  embedder: embedderBody,
  people: z.array(exportedPerson),
})
/** A parsed export. */
export type PeopleFile = z.infer<typeof peopleFile>

/** The most faults that are reported: more would not help, and an answer must not be larger than its request. */
const mostProblems = 20
const mostProblemText = 200

/** Says what is wrong in one line, `WHOLE: people.0.id: expected …`: the first faults and how many more were found. */
export const describeIssues = ({ issues }: z.ZodError, whole: string): string => {
  const named = issues.slice(0, mostProblems).map(({ path, message }) => {
    const text = [...(path.length > 0 ? [path.map(String).join('.')] : []), message].join(': ')
    return text.length > mostProblemText ? `${text.slice(0, mostProblemText)}…` : text
  })
  const more = issues.length - named.length
  return `${whole}: ${[...named, ...(more > 0 ? [`… and at least ${more} more`] : [])].join('; ')}`
}

const peopleFileAround = peopleFile.extend({ people: z.array(z.unknown()) })
/** So many people are checked between two turns of the event loop: some milliseconds. */
const checkedTogether = 250

/**
 * Checks an import of any number of people as `peopleFile` does, and lets other work go on between. Stops once more is wrong
 * than is told.
 */
export const checkPeopleFile = async (
  value: unknown,
): Promise<{ readonly data: PeopleFile } | { readonly error: z.ZodError }> => {
  const around = peopleFileAround.safeParse(value)
  const given: unknown = around.success ? around.data.people : (value as { people?: unknown } | null)?.people
  const people: PeopleFile['people'] = []
  const issues: z.core.$ZodIssue[] = around.success ? [] : [...around.error.issues]
  for (const [i, one] of (Array.isArray(given) ? given : []).entries()) {
    if (i % checkedTogether === checkedTogether - 1) await setImmediate()
    const result = exportedPerson.safeParse(one)
    if (result.success) people.push(result.data)
    else issues.push(...result.error.issues.map((issue) => ({ ...issue, path: ['people', i, ...issue.path] })))
    if (issues.length > mostProblems) break
  }
  return issues.length === 0 && around.success
    ? { data: { ...around.data, people } }
    : { error: new z.ZodError(issues) }
}
