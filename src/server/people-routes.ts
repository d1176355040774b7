import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import type { RollcallEvent } from '../events/types.ts'
import type { Person } from '../types.ts'
import { named, object } from './api-schemas.ts'
import type { CalibrationAnswer, Changed } from './people-answers.ts'
import {
  checkPeopleFile,
  type enrollBody,
  mergeBody,
  nameBody,
  type PeopleFile,
  peopleFile,
  splitBody,
  twoBody,
} from './people-bodies.ts'
import { actionId, calibrationSchema, personDetails, personEvents } from './people-schemas.ts'
import { answering, bulkBytes, byOf, checked, described, idOf, wrong } from './route.ts'

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
    answering(async (request) => {
      const result = await checkPeopleFile(request.body)
      if ('error' in result) throw wrong(result.error)
      return service.import(result.data, byOf(request))
    }),
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
