import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { Person } from '../types.ts'
import { answers, errors, named, object } from './api-schemas.ts'
import { anybody } from './auth.ts'
import type { CalibrationAnswer, Changed } from './people-answers.ts'
import {
  checkPeopleFile,
  describeIssues,
  type enrollBody,
  mergeBody,
  nameBody,
  type PeopleFile,
  peopleFile,
  splitBody,
  twoBody,
} from './people-bodies.ts'
import { actionId, calibrationSchema, personDetails, personEvents } from './people-schemas.ts'
import { refuse } from './refuse.ts'
import type { Caller, Scope } from './scope.ts'

/**
 * What users can do with people. `by` is the name of whoever does it. Every ID may be an alias. Every call throws PERSON_UNKNOWN or PERSON_CONFLICT where it
 * applies.
 */
export interface PeopleService {
  list(): readonly Person[]
  /** How alike different people are here, and what the engine has learned from it. */
  calibration(): CalibrationAnswer
  /** Everything known but the embeddings. */
  show(id: string): Person & { readonly history: readonly RollcallEvent[] }
  name(id: string, name: string | null, by: string): Changed
  /** `force` merges two who are unlike, or known to be two people; without it that throws PERSON_CONFLICT. */
  merge(a: string, b: string, force: boolean, by: string): Changed
  /** Undoes a wrong merge: `oldId` is a separate person again. */
  unmerge(oldId: string, by: string): Changed
  /** Along its two most different parts; with tracks or sightings exactly those come off. */
  split(id: string, chosen: z.infer<typeof splitBody>, by: string): Changed
  /** Marks the two as certainly two people, who are never merged by the engine. */
  separate(a: string, b: string, by: string): Changed
  /** Deletes the person with every trace; a tombstone of the ID stays. */
  remove(id: string, by: string): Changed
  /** Throws STATE when the embeddings come from another model. */
  enroll(enrolled: z.infer<typeof enrollBody>, by: string): Changed & { readonly person: string }
  export(): PeopleFile
  /** Throws STATE when the embeddings come from another model. */
  import(file: PeopleFile, by: string): Changed
}

/** The largest body that holds embeddings, which take about 2.5 kB a face as JSON. */
export const bulkBytes = 64 * 1024 * 1024

/** A part of a request, the body when nothing else is said, as the schema has it. Throws USAGE, which says what is wrong. */
export const checked = <Value>(
  schema: z.ZodType<Value>,
  value: unknown,
  part: 'body' | 'query' | 'path' = 'body',
): Value => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw wrong(result.error, part)
}

const wrong = (error: z.ZodError, part = 'body'): RollcallError =>
  new RollcallError('USAGE', describeIssues(error, part), { remedy: `Correct the ${part}.` })

interface Described {
  readonly scope: Scope
  readonly summary: string
  readonly answer: object
  readonly body?: z.ZodType
  /** JSON Schemas of what may stand in the query, by name; nothing when left out. */
  readonly query?: Readonly<Record<string, object>>
  /** Bytes; 16,384 when left out. */
  readonly bodyLimit?: number
}

/** What a route says of itself. */
export const described = ({ scope, summary, answer, body, query, bodyLimit = 16_384 }: Described) => ({
  config: { scope },
  bodyLimit,
  schema: {
    summary,
    ...(query && { querystring: { type: 'object', properties: query } }),
    ...(body && { body: z.toJSONSchema(body, { target: 'draft-7', io: 'input' }) }),
    response: { ...answers(answer), ...errors(400, 401, 403, 404, 409, 413, 429) },
  },
})

/** What routes read of a request. */
export interface Asked {
  readonly params: unknown
  readonly body: unknown
  readonly query: unknown
  readonly caller: Caller | null
}
/** Who asks, for the list of actions. */
export const byOf = ({ caller }: Pick<Asked, 'caller'>): string => (caller ?? anybody).name

/** The `:id` of the path. */
export const idOf = ({ params }: Asked): string => (params as { readonly id: string }).id
/** Answers with what `work` returns, or with its refusal. */
export const answering =
  (work: (request: Asked) => unknown) =>
  (request: Asked, reply: FastifyReply): unknown => {
    try {
      return reply.send(work(request))
    } catch (error) {
      return refuse(reply, error)
    }
  }

const shown = object({ person: personDetails })
const told = named('Changes')({ events: personEvents, action: actionId })
const changed = named('ChangedPerson')({ person: personDetails, events: personEvents, action: actionId })

/**
 * Adds the routes that read and change the gallery; the list of people is in `apiRoutes`. When a route answers, its change is on
 * disk and its events are on their way to every sink.
 */
export const peopleRoutes = (app: FastifyInstance, service: PeopleService): void => {
  app.get(
    '/api/calibration',
    described({
      scope: 'read',
      summary: 'How alike different people are here, and what was learned from it',
      answer: calibrationSchema,
    }),
    answering(() => service.calibration()),
  )
  bulkRoutes(app, service)
  pairRoutes(app, service)
  personRoutes(app, service)
}

/** The person after a change, under the ID that it has now, and the events of the change. */
const changedPerson = (service: PeopleService, id: string, done: Changed) => ({ person: service.show(id), ...done })

/** Routes that take or give everybody's embeddings; `enroll-route.ts` has the other one. */
const bulkRoutes = (app: FastifyInstance, service: PeopleService): void => {
  app.get(
    '/api/people/export',
    described({
      scope: 'biometric',
      summary: 'Everybody with their embeddings: biometric data',
      answer: { type: 'object' },
    }),
    answering(() => service.export()),
  )
  app.post(
    '/api/people/import',
    described({
      scope: 'biometric',
      summary: 'Adds exported people, all or nobody',
      answer: told,
      body: peopleFile,
      bodyLimit: bulkBytes,
    }),
    async (request, reply) => {
      try {
        const result = await checkPeopleFile(request.body)
        if ('error' in result) throw wrong(result.error)
        return await reply.send(service.import(result.data, byOf(request)))
      } catch (error) {
        return refuse(reply, error)
      }
    },
  )
}

/** Routes about two people. */
const pairRoutes = (app: FastifyInstance, service: PeopleService): void => {
  app.post(
    '/api/people/merge',
    described({
      scope: 'operate',
      summary: 'Merges two IDs into one person; needs force when they are unlike or known to be two people',
      answer: changed,
      body: mergeBody,
    }),
    answering((request) => {
      const { a, b, force } = checked(mergeBody, request.body)
      return changedPerson(service, a, service.merge(a, b, force, byOf(request)))
    }),
  )
  app.post(
    '/api/people/separate',
    described({ scope: 'operate', summary: 'Marks two IDs as certainly two people', answer: changed, body: twoBody }),
    answering((request) => {
      const { a, b } = checked(twoBody, request.body)
      return changedPerson(service, a, service.separate(a, b, byOf(request)))
    }),
  )
}

/** Routes about one person. */
const personRoutes = (app: FastifyInstance, service: PeopleService): void => {
  app.get(
    '/api/people/:id',
    described({ scope: 'read', summary: 'One person; an alias is followed', answer: shown }),
    answering((request) => ({ person: service.show(idOf(request)) })),
  )
  app.post(
    '/api/people/:id/name',
    described({
      scope: 'operate',
      summary: 'Names a person; null removes the name',
      answer: changed,
      body: nameBody,
    }),
    answering((request) =>
      changedPerson(
        service,
        idOf(request),
        service.name(idOf(request), checked(nameBody, request.body).name, byOf(request)),
      ),
    ),
  )
  app.post(
    '/api/people/:id/unmerge',
    described({
      scope: 'operate',
      summary: 'Undoes a wrong merge: the old ID is a separate person again',
      answer: changed,
    }),
    answering((request) => changedPerson(service, idOf(request), service.unmerge(idOf(request), byOf(request)))),
  )
  app.post(
    '/api/people/:id/split',
    described({ scope: 'operate', summary: 'Splits one ID into two people', answer: changed, body: splitBody }),
    answering((request) => {
      const chosen = checked(splitBody, request.body ?? {})
      return changedPerson(service, idOf(request), service.split(idOf(request), chosen, byOf(request)))
    }),
  )
  app.delete(
    '/api/people/:id',
    described({ scope: 'operate', summary: 'Deletes a person with every trace', answer: told }),
    answering((request) => service.remove(idOf(request), byOf(request))),
  )
}
