import { readFileSync } from 'node:fs'
import type { components, paths } from '@rollcall/client/http'
import createClient from 'openapi-fetch'
import { expect, expectTypeOf, test } from 'vitest'
import type { Person } from '../../src/types.ts'
import { apiDocument, headOf, httpTypesFile } from '../server/http-types.ts'
import { openServer, people } from '../server/open-server.ts'

type Answer<Path extends keyof paths> = paths[Path] extends {
  readonly get: { readonly responses: { readonly 200: { content: { readonly 'application/json': infer Body } } } }
}
  ? Body
  : never
/** Without `readonly` and the kinds of numbers, which the types of the HTTP API do not know. */
type Plain<T> = T extends number ? number : T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T

test('the types are of the OpenAPI document that the server has now: run npm run http-types', async () => {
  const document = await apiDocument()
  expect(readFileSync(httpTypesFile, 'utf8').startsWith(headOf(document))).toBe(true)
  // A document with any other route, key or word is another one.
  expect(headOf(document.replace('"summary"', '"Summary"'))).not.toBe(headOf(document))
})

test('a typed client gets, changes and is refused by a real server', async () => {
  const { server } = await openServer()
  const http = createClient<paths>({ baseUrl: server.url })
  const { data, error } = await http.GET('/api/people')
  expect([data?.people, error]).toEqual([people, undefined])
  const refused = await http.POST('/api/people/{id}/name', {
    params: { path: { id: 'p-none' } },
    body: { name: 'Ada' },
  })
  expect([refused.response.status, refused.error?.error.code]).toEqual([404, 'PERSON_UNKNOWN'])
})

test('the types know what may stand in a query', async () => {
  const { server } = await openServer({}, { sightings: () => ({ sightings: [], next: null }) })
  const http = createClient<paths>({ baseUrl: server.url })
  const actions = await http.GET('/api/actions', { params: { query: { limit: 2 } } })
  const review = await http.GET('/api/review', { params: { query: { limit: 2 } } })
  const query = { camera: 'door', format: 'csv' } as const
  const file = await http.GET('/api/sightings', { params: { query }, parseAs: 'text' })
  expect([actions.data?.actions, review.data?.questions]).toEqual([[], []])
  expect(file.data).toMatch(/^sighting,person,/)
})

/** It fails in the compiler (`npm run types`), not when it runs. */
test('what the types say of answers is what the server sends', () => {
  expectTypeOf<Plain<Person>>().toExtend<Plain<Answer<'/api/people'>['people'][number]>>()
  expectTypeOf<Answer<'/api/cameras'>['cameras'][number]['camera']>().toEqualTypeOf<string>()
  expectTypeOf<components['schemas']['Problem']['error']['code']>().toEqualTypeOf<string>()
})
