import { z } from 'zod'
import { cleanName, nearestWord } from '../text.ts'

/** Who may be meant besides one person. */
export const groups = ['anybody', 'named', 'stranger'] as const

/** `strangers`, `Anybody`: a group, written otherwise. Taken for a name, such a rule would never fire. */
const meantGroup = (text: string): string | null => nearestWord(text.toLowerCase(), groups)

const who = z
  .string()
  .transform((text) => cleanName(text) ?? '')
  .superRefine((text, context) => {
    const fail = (message: string): void => context.addIssue({ code: 'custom', message, input: text })
    if (text === '') return fail('expected anybody, named, stranger, or the name or ID of a person')
    if (groups.some((group) => group === text)) return undefined
    const near = meantGroup(text)
    if (near !== null) fail(`expected ${near}; a person who is called "${text}" is given by ID`)
    return undefined
  })

const camera = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected the name of a camera')
const dayMs = 86_400_000
const clock = '([01]\\d|2[0-3]):[0-5]\\d'

const evidence = z.strictObject({
  frames: z
    .int()
    .min(1)
    .max(10_000)
    .default(2)
    .describe('Analysed frames of the visit in which the person was seen. It defaults to 2.'),
  quality: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('The best quality of a face in the visit, 0–1. It defaults to 0.'),
  score: z
    .number()
    .min(-1)
    .max(2)
    .nullable()
    .default(null)
    .describe(
      'The best score that a face of the visit had with this person; 0.6 is well above what Rollcall needs. It defaults to null: whatever Rollcall needs.',
    ),
})

const fields = z.strictObject({
  who: who
    .default('named')
    .describe(
      'Whom the rule is about: anybody, named (those with a name), stranger (those without), or one person by name or ID. It defaults to named.',
    ),
  when: z
    .enum(['arrives', 'leaves', 'stays', 'misses'])
    .default('arrives')
    .describe(
      'arrives: is seen after awayMs without; leaves: is not seen any more for awayMs; stays: is seen for longerThanMs; misses: is seen, but not on notOn within withinMs before or after. It defaults to arrives.',
    ),
  cameras: z
    .array(camera)
    .min(1)
    .nullable()
    .default(null)
    .describe('The cameras that count. It defaults to null: all, but for those of notOn.'),
  notOn: z.array(camera).min(1).nullable().default(null).describe('With misses: the cameras that were to be passed.'),
  withinMs: z
    .int()
    .min(1000)
    .max(dayMs)
    .nullable()
    .default(null)
    .describe('With misses: how far apart the two may be, milliseconds. It defaults to null: 60000.'),
  longerThanMs: z
    .int()
    .min(1000)
    .max(dayMs)
    .nullable()
    .default(null)
    .describe('With stays: for how long, milliseconds. It has no default.'),
  times: z
    .int()
    .min(1)
    .max(1000)
    .nullable()
    .default(null)
    .describe('With arrives: only at the visit with this number, 3 for the third. It defaults to null: at each.'),
  awayMs: z
    .int()
    .min(1000)
    .max(30 * dayMs)
    .default(300_000)
    .describe('Who is not seen for so long is gone, and the next time is another visit. It defaults to 300000.'),
  hours: z
    .string()
    .regex(new RegExp(`^${clock}-(${clock}|24:00)$`), 'expected HH:MM-HH:MM, such as 22:00-06:00')
    .nullable()
    .default(null)
    .describe('Only at these hours of the local time, such as 22:00-06:00. It defaults to null: always.'),
  days: z
    .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Only on these days; hours over midnight belong to the day on which they begin. It defaults to null: all.',
    ),
  evidence: evidence.prefault({}),
  everyMs: z
    .int()
    .min(0)
    .max(30 * dayMs)
    .default(0)
    .describe('Not more often than this for one person, milliseconds. It defaults to 0: each time.'),
})

type Given = z.infer<typeof fields>

/** Keys that belong to one value of `when`. */
const belongs = { notOn: 'misses', withinMs: 'misses', longerThanMs: 'stays', times: 'arrives' } as const

const agrees = (rule: Given, context: z.RefinementCtx): void => {
  const fail = (path: keyof Given, message: string): void =>
    context.addIssue({ code: 'custom', path: [path], message, input: rule[path] })
  for (const [key, when] of Object.entries(belongs) as [keyof typeof belongs, Given['when']][])
    if (rule[key] !== null && rule.when !== when) fail(key, `expected nothing here: it belongs to when: ${when}`)
  if (rule.when === 'stays' && rule.longerThanMs === null)
    fail('longerThanMs', 'expected milliseconds with when: stays')
  if (rule.when === 'misses' && rule.notOn === null) fail('notOn', 'expected names of cameras with when: misses')
  const both = rule.cameras?.find((name) => rule.notOn?.includes(name))
  if (both !== undefined) fail('notOn', `expected other cameras than in cameras; ${both} is in both`)
}

/** The keys of `rules.NAME`. */
export const ruleOptions = fields.superRefine(agrees)

/** JSON Schema of the keys of a rule. */
export const ruleKeysSchema = () =>
  z.toJSONSchema(ruleOptions, { target: 'draft-7', io: 'input' }) as { properties: Readonly<Record<string, object>> }

/** A rule with every default filled in. */
export type Rule = z.infer<typeof ruleOptions>

/** All rules by name. */
export type RuleSet = Readonly<Record<string, Rule>>
