import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { named, object } from './api-schemas.ts'
import { answering, byOf, checked, described } from './route.ts'
import type { RuleList, TestedRules } from './rules-answers.ts'
import { time } from './sightings-routes.ts'

/** What users can do with rules at run time. `by` is the name of whoever does it. Every call throws USAGE for what is wrong. */
export interface RulesService {
  list(): RuleList
  /** Gives a rule by the keys of the configuration; `isNew`: only where none has the name. */
  give(name: string, keys: unknown, isNew: boolean, by: string): void
  /** Takes a given rule away. */
  remove(name: string, by: string): void
  /** What these rules, by name, or all that hold, would have fired since a moment, Unix milliseconds. */
  test(rules: Readonly<Record<string, unknown>> | null, fromMs: number): TestedRules
  /** JSON Schema of a rule with all its keys. */
  readonly keysSchema: { readonly properties: Readonly<Record<string, object>> }
}

const ruleName = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected 1 to 64 letters, digits, "_", "." and "-"')
/** A rule with its name. `from` stands in lists: what was read may be sent back. */
const newRule = z.looseObject({ name: ruleName, from: z.literal('http').optional() })
const otherRule = newRule.partial()
/** Up to fifty rules to try, by name; none: all that hold. */
const triedRules = z.strictObject({
  rules: z
    .record(ruleName, z.looseObject({}))
    .refine((rules) => Object.keys(rules).length <= 50, 'expected at most 50 rules')
    .nullable()
    .default(null),
})
const testQuery = z.strictObject({ from: time.optional() })

/** How far back a test looks when nothing is said. */
const weekMs = 7 * 86_400_000

const text = { type: 'string' }
const texts = { type: 'array', items: text }
const moment = { type: 'integer', description: 'Unix milliseconds' }
const listOf = (keys: Readonly<Record<string, object>>) =>
  named('Rules')({
    rules: { type: 'array', items: object({ name: text, from: { enum: ['configuration', 'http'] }, ...keys }) },
    doubts: { ...texts, description: 'What is strange about them and not wrong, such as a camera that is not there' },
  })
const firing = object({
  rule: text,
  when: { enum: ['arrives', 'leaves', 'stays', 'misses'] },
  person: text,
  name: { type: ['string', 'null'] },
  camera: text,
  atMs: moment,
  fromMs: moment,
  frames: { type: 'integer' },
  visits: { type: 'integer' },
  reasons: texts,
})
const tested = named('TestedRules')({
  fromMs: {
    ...moment,
    description: 'Since when the past was looked at: later than asked for where there was too much',
  },
  sightings: { type: 'integer', minimum: 0 },
  firings: { type: 'array', items: firing },
  unchecked: {
    ...texts,
    description: 'Rules whose evidence.quality or evidence.score was not checked: it is not kept',
  },
})

const nameOf = ({ params }: Pick<FastifyRequest, 'params'>): string =>
  checked(ruleName, (params as { readonly name: string }).name, 'path')

const otherName = (name: string): RollcallError =>
  new RollcallError('USAGE', `body: name: expected the name in the path, found ${name}`, {
    remedy: 'Leave it out; a rule has another name when it is given anew.',
  })

/** Adds the routes of rules. Those of the configuration are changed there. */
export const rulesRoutes = (app: FastifyInstance, service: RulesService): void => {
  const list = listOf(service.keysSchema.properties)
  app.get(
    '/api/rules',
    described({ scope: 'read', summary: 'All rules: of the configuration, and given over HTTP', answer: list }),
    answering(() => service.list()),
  )
  app.post(
    '/api/rules',
    described({
      scope: 'operate',
      summary: 'Gives a rule: its name, and the keys of a rule of the configuration',
      answer: list,
      body: newRule,
    }),
    answering((request) => {
      const { name, from: _, ...rule } = checked(newRule, request.body)
      service.give(name, rule, true, byOf(request))
      return service.list()
    }),
  )
  app.post(
    '/api/rules/test',
    described({
      scope: 'operate',
      summary: 'What rules would have fired in the past; nothing is sent. Without rules: those that hold',
      answer: tested,
      body: triedRules,
      query: { from: { ...text, description: 'Unix milliseconds, or RFC 3339; a week ago when left out' } },
    }),
    answering((request) => {
      const { from } = checked(testQuery, request.query, 'query')
      return service.test(checked(triedRules, request.body ?? {}).rules, from ?? Date.now() - weekMs)
    }),
  )
  app.put(
    '/api/rules/:name',
    described({
      scope: 'operate',
      summary: 'Gives a rule, or another one in the place of a given one',
      answer: list,
      body: otherRule,
    }),
    answering((request) => {
      const { name = nameOf(request), from: _, ...rule } = checked(otherRule, request.body)
      if (name !== nameOf(request)) throw otherName(name)
      service.give(name, rule, false, byOf(request))
      return service.list()
    }),
  )
  app.delete(
    '/api/rules/:name',
    described({ scope: 'operate', summary: 'Takes a given rule away', answer: list }),
    answering((request) => {
      service.remove(nameOf(request), byOf(request))
      return service.list()
    }),
  )
}
