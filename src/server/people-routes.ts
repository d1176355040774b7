import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import type { Person, RollcallEvent } from '../types.ts'
import { answers, errors, object } from './api-schemas.ts'
import {
  describeIssues,
  enrollBody,
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

/** What the routes let people do; every ID may be an old one. Throws PERSON_UNKNOWN, PERSON_CONFLICT. */
export interface PeopleService {
  list(): readonly Person[]
  /** Everything known but the embeddings. */
  show(id: string): Person & { readonly history: readonly RollcallEvent[] }
  name(id: string, name: string | null): readonly RollcallEvent[]
  /** `force`: although they are unlike, or known to be two. */
  merge(a: string, b: string, force: boolean): readonly RollcallEvent[]
  /** Takes a wrong merge back: `oldId` is somebody of its own again. */
  unmerge(oldId: string): readonly RollcallEvent[]
  /** Along its two most different parts; with tracks or sightings exactly those come off. */
  split(id: string, chosen: z.infer<typeof splitBody>): readonly RollcallEvent[]
  separate(a: string, b: string): readonly RollcallEvent[]
  remove(id: string): readonly RollcallEvent[]
  /** Throws STATE when the embeddings come from another model. */
  enroll(enrolled: z.infer<typeof enrollBody>): { readonly person: string; readonly events: readonly RollcallEvent[] }
  export(): PeopleFile
  /** Throws STATE when the embeddings come from another model. */
  import(file: PeopleFile): readonly RollcallEvent[]
}

/** Embeddings as JSON take about 2.5 kB a face. */
const bulkBytes = 64 * 1024 * 1024

const checked = <Body>(schema: z.ZodType<Body>, body: unknown): Body => {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new RollcallError('USAGE', `body: ${describeIssues(result.error, 'body')}`, { remedy: 'Correct the body.' })
}

interface Described {
  readonly scope: Scope
  readonly summary: string
  readonly answer: object
  readonly body?: z.ZodType
  /** Of a body larger than others. */
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
 * The gallery over HTTP; the list itself is a route of the API that everybody has. What an answer tells is on disk, and
 * its events are on their way to every sink.
 */
export const peopleRoutes = (app: FastifyInstance, service: PeopleService): void => {
  /** What is true afterwards, under the ID it has now. */
  const after = (id: string, events: readonly RollcallEvent[]) => ({ person: service.show(id), events })

  app.get(
    '/api/people/export',
    described({ scope: 'biometric', summary: 'Everybody with their embeddings', answer: { type: 'object' } }),
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
    answering(({ body }) => ({ events: service.import(checked(peopleFile, body)) })),
  )
  app.post(
    '/api/people/enroll',
    described({
      scope: 'biometric',
      summary: 'A named person from embeddings, or more looks of one',
      answer: changed,
      body: enrollBody,
      bodyLimit: bulkBytes,
    }),
    answering(({ body }) => {
      const { person, events } = service.enroll(checked(enrollBody, body))
      return after(person, events)
    }),
  )
  app.post(
    '/api/people/merge',
    described({
      scope: 'operate',
      summary: 'Two IDs are one person; two who are unlike, or known to be two, only with force',
      answer: changed,
      body: mergeBody,
    }),
    answering(({ body }) => {
      const { a, b, force } = checked(mergeBody, body)
      return after(a, service.merge(a, b, force))
    }),
  )
  app.post(
    '/api/people/separate',
    described({ scope: 'operate', summary: 'Two IDs are certainly two people', answer: changed, body: twoBody }),
    answering(({ body }) => {
      const { a, b } = checked(twoBody, body)
      return after(a, service.separate(a, b))
    }),
  )
  app.get(
    '/api/people/:id',
    described({ scope: 'read', summary: 'One person; old IDs are followed', answer: shown }),
    answering((request) => ({ person: service.show(idOf(request)) })),
  )
  app.post(
    '/api/people/:id/name',
    described({
      scope: 'operate',
      summary: 'Names a person; null takes the name away',
      answer: changed,
      body: nameBody,
    }),
    answering((request) => after(idOf(request), service.name(idOf(request), checked(nameBody, request.body).name))),
  )
  app.post(
    '/api/people/:id/unmerge',
    described({
      scope: 'operate',
      summary: 'Takes a wrong merge back: the old ID is a person of its own again',
      answer: changed,
    }),
    answering((request) => after(idOf(request), service.unmerge(idOf(request)))),
  )
  app.post(
    '/api/people/:id/split',
    described({ scope: 'operate', summary: 'One ID turned out to be two people', answer: changed, body: splitBody }),
    answering((request) => {
      const chosen = checked(splitBody, request.body ?? {})
      return after(idOf(request), service.split(idOf(request), chosen))
    }),
  )
  app.delete(
    '/api/people/:id',
    described({ scope: 'operate', summary: 'Deletes a person with every trace', answer: told }),
    answering((request) => ({ events: service.remove(idOf(request)) })),
  )
}
