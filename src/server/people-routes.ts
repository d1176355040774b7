import type { FastifyInstance, FastifyReply } from 'fastify'
import type { z } from 'zod'
import { type ErrorCode, RollcallError } from '../errors.ts'
import type { Person, RollcallEvent } from '../types.ts'
import { describeIssues, enrollBody, nameBody, otherBody, type PeopleFile, peopleFile } from './people-bodies.ts'

/** What the routes let people do; every ID may be an old one. Throws PERSON_UNKNOWN, PERSON_CONFLICT. */
export interface PeopleDesk {
  list(): readonly Person[]
  /** Everything known but the embeddings. */
  show(id: string): Person & { readonly history: readonly RollcallEvent[] }
  name(id: string, name: string | null): readonly RollcallEvent[]
  merge(a: string, b: string): readonly RollcallEvent[]
  split(id: string): readonly RollcallEvent[]
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

const statusOf: Partial<Record<ErrorCode, number>> = { PERSON_UNKNOWN: 404, PERSON_CONFLICT: 409, STATE: 409, USAGE: 400 }

const refuse = (reply: FastifyReply, error: unknown): unknown => {
  const status = error instanceof RollcallError ? statusOf[error.code] : undefined
  if (!(error instanceof RollcallError) || status === undefined) throw error
  const { code, message, remedy } = error
  return reply.code(status).send({ error: { code, message, ...(remedy && { remedy }) } })
}

const checked = <Body>(schema: z.ZodType<Body>, body: unknown): Body => {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new RollcallError('USAGE', `body: ${describeIssues(result.error, 'body')}`, { remedy: 'Correct the body.' })
}

/** Who may call a route; `biometric`: embeddings in and out. */
const may = (scope: 'read' | 'operate' | 'biometric', summary: string, bodyLimit = 16_384) => ({
  config: { scope },
  schema: { summary },
  bodyLimit,
})

/** The gallery over HTTP; the list itself is a route of the API that everybody has. */
export const peopleRoutes = (app: FastifyInstance, desk: PeopleDesk): void => {
  const answering =
    <Request>(work: (request: Request) => unknown) =>
    async (request: Request, reply: FastifyReply): Promise<unknown> => {
      try {
        return await work(request)
      } catch (error) {
        return refuse(reply, error)
      }
    }
  /** What is true afterwards, under the ID it has now. */
  const changed = (id: string, events: readonly RollcallEvent[]) => ({ person: desk.show(id), events })
  type OfPerson = { readonly params: unknown; readonly body: unknown }
  const idOf = ({ params }: OfPerson): string => (params as { readonly id: string }).id
  const withOf = ({ body }: OfPerson): string => checked(otherBody, body).with

  app.get(
    '/api/people/export',
    may('biometric', 'Everybody with their embeddings'),
    answering(() => desk.export()),
  )
  app.post(
    '/api/people/import',
    may('biometric', 'Adds exported people, all or nobody', bulkBytes),
    answering(({ body }) => ({ events: desk.import(checked(peopleFile, body)) })),
  )
  app.post(
    '/api/people/enroll',
    may('biometric', 'A named person from embeddings, or more looks of one', bulkBytes),
    answering(({ body }) => {
      const { person, events } = desk.enroll(checked(enrollBody, body))
      return changed(person, events)
    }),
  )
  app.get(
    '/api/people/:id',
    may('read', 'One person; old IDs are followed'),
    answering((request) => ({ person: desk.show(idOf(request)) })),
  )
  app.post(
    '/api/people/:id/name',
    may('operate', 'Names a person; null takes the name away'),
    answering((request) => changed(idOf(request), desk.name(idOf(request), checked(nameBody, request.body).name))),
  )
  app.post(
    '/api/people/:id/merge',
    may('operate', 'Two IDs are one person'),
    answering((request) => changed(idOf(request), desk.merge(idOf(request), withOf(request)))),
  )
  app.post(
    '/api/people/:id/separate',
    may('operate', 'Two IDs are certainly two people'),
    answering((request) => changed(idOf(request), desk.separate(idOf(request), withOf(request)))),
  )
  app.post(
    '/api/people/:id/split',
    may('operate', 'One ID turned out to be two people'),
    answering((request) => changed(idOf(request), desk.split(idOf(request)))),
  )
  app.delete(
    '/api/people/:id',
    may('operate', 'Deletes a person with every trace'),
    answering((request) => ({ events: desk.remove(idOf(request)) })),
  )
}
