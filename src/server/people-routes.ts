import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { Person } from '../types.ts'
import { answers, errors, object } from './api-schemas.ts'
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
import { personDetails, personEvents } from './people-schemas.ts'
import { refuse } from './refuse.ts'
import type { Scope } from './scope.ts'

/**
 * What users can do with people. Every ID may be an alias. Every call throws PERSON_UNKNOWN or PERSON_CONFLICT where it
 * applies.
 */
export interface PeopleService {
  list(): readonly Person[]
  /** Everything known but the embeddings. */
  show(id: string): Person & { readonly history: readonly RollcallEvent[] }
  name(id: string, name: string | null): readonly RollcallEvent[]
  /** `force` merges two who are unlike, or known to be two people; without it that throws PERSON_CONFLICT. */
  merge(a: string, b: string, force: boolean): readonly RollcallEvent[]
  /** Undoes a wrong merge: `oldId` is a separate person again. */
  unmerge(oldId: string): readonly RollcallEvent[]
  /** Along its two most different parts; with tracks or sightings exactly those come off. */
  split(id: string, chosen: z.infer<typeof splitBody>): readonly RollcallEvent[]
  /** Marks the two as certainly two people, who are never merged by the engine. */
  separate(a: string, b: string): readonly RollcallEvent[]
  /** Deletes the person with every trace; a tombstone of the ID stays. */
  remove(id: string): readonly RollcallEvent[]
  /** Throws STATE when the embeddings come from another model. */
  enroll(enrolled: z.infer<typeof enrollBody>): { readonly person: string; readonly events: readonly RollcallEvent[] }
  export(): PeopleFile
  /** Throws STATE when the embeddings come from another model. */
  import(file: PeopleFile): readonly RollcallEvent[]
}

/** The largest body that holds embeddings, which take about 2.5 kB a face as JSON. */
export const bulkBytes = 64 * 1024 * 1024

/** The body as the schema has it. Throws USAGE, which says what is wrong. */
export const checked = <Body>(schema: z.ZodType<Body>, body: unknown): Body => {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw wrongBody(result.error)
}

const wrongBody = (error: z.ZodError): RollcallError =>
  new RollcallError('USAGE', `body: ${describeIssues(error, 'body')}`, { remedy: 'Correct the body.' })

interface Described {
  readonly scope: Scope
  readonly summary: string
  readonly answer: object
  readonly body?: z.ZodType
  /** Bytes; 16,384 when left out. */
  readonly bodyLimit?: number
}

const described = ({ scope, summary, answer, body, bodyLimit = 16_384 }: Described) => ({
  config: { scope },
  bodyLimit,
  schema: {
    summary,
    ...(body && { body: z.toJSONSchema(body, { target: 'draft-7', io: 'input' }) }),
    response: { ...answers(answer), ...errors(400, 401, 403, 404, 409, 413, 429) },
  },
})

interface Asked {
  readonly params: unknown
  readonly body: unknown
}
const idOf = ({ params }: Asked): string => (params as { readonly id: string }).id
const answering =
  (work: (request: Asked) => unknown) =>
  (request: Asked, reply: FastifyReply): unknown => {
    try {
      return reply.send(work(request))
    } catch (error) {
      return refuse(reply, error)
    }
  }

const shown = object({ person: personDetails })
const told = object({ events: personEvents })
const changed = object({ person: personDetails, events: personEvents })

/**
 * Adds the routes that read and change the gallery; the list of people is in `apiRoutes`. When a route answers, its change is on
 * disk and its events are on their way to every sink.
 */
export const peopleRoutes = (app: FastifyInstance, service: PeopleService): void => {
  bulkRoutes(app, service)
  pairRoutes(app, service)
  personRoutes(app, service)
}

/** The person after a change, under the ID that it has now, and the events of the change. */
const changedPerson = (service: PeopleService, id: string, events: readonly RollcallEvent[]) => ({
  person: service.show(id),
  events,
})

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
    async ({ body }, reply) => {
      try {
        const result = await checkPeopleFile(body)
        if ('error' in result) throw wrongBody(result.error)
        return await reply.send({ events: service.import(result.data) })
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
    answering(({ body }) => {
      const { a, b, force } = checked(mergeBody, body)
      return changedPerson(service, a, service.merge(a, b, force))
    }),
  )
  app.post(
    '/api/people/separate',
    described({ scope: 'operate', summary: 'Marks two IDs as certainly two people', answer: changed, body: twoBody }),
    answering(({ body }) => {
      const { a, b } = checked(twoBody, body)
      return changedPerson(service, a, service.separate(a, b))
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
      changedPerson(service, idOf(request), service.name(idOf(request), checked(nameBody, request.body).name)),
    ),
  )
  app.post(
    '/api/people/:id/unmerge',
    described({
      scope: 'operate',
      summary: 'Undoes a wrong merge: the old ID is a separate person again',
      answer: changed,
    }),
    answering((request) => changedPerson(service, idOf(request), service.unmerge(idOf(request)))),
  )
  app.post(
    '/api/people/:id/split',
    described({ scope: 'operate', summary: 'Splits one ID into two people', answer: changed, body: splitBody }),
    answering((request) => {
      const chosen = checked(splitBody, request.body ?? {})
      return changedPerson(service, idOf(request), service.split(idOf(request), chosen))
    }),
  )
  app.delete(
    '/api/people/:id',
    described({ scope: 'operate', summary: 'Deletes a person with every trace', answer: told }),
    answering((request) => ({ events: service.remove(idOf(request)) })),
  )
}
