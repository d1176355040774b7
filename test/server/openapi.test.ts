import type { RouteOptions } from 'fastify'
import { expect, test } from 'vitest'
import { withNamedSchemas } from '../../src/server/named-schemas.ts'
import { faultsOfAnswer } from './answers.ts'
import { cameras, openServer } from './open-server.ts'

interface Operation {
  readonly operationId: string
  readonly requestBody?: object
  readonly summary?: string
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}
interface Document {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly components: object
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const open = async () => {
  const routes: RouteOptions[] = []
  const opened = await openServer({}, { onRoute: (route) => void routes.push(route) })
  const document = (await (await opened.get('/api/openapi.json')).json()) as Document
  return { ...opened, document, routes }
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  )

test('every route is in the OpenAPI document and the other way round', async () => {
  const { document, routes } = await open()
  const served = routes
    .filter(({ method, schema }) => method !== 'HEAD' && !(schema as { hide?: boolean })?.hide)
    .map(({ method, url }) => `${String(method)} ${url.replace(/:(\w+)/g, '{$1}')}`)
  expect(document.openapi).toMatch(/^3\.1/)
  expect(
    operationsOf(document)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...new Set(served)].sort())
  expect(served).toContain('POST /api/ws-ticket')
  // Only the viewer's files are hidden.
  const hidden = routes.filter(({ schema }) => (schema as { hide?: boolean })?.hide).map(({ url }) => url)
  expect(new Set(hidden)).toEqual(new Set(['/', '/*']))
})

test('every operation says what it is for, who may do it, and how it answers', async () => {
  const { document, routes } = await open()
  for (const { name, operation } of operationsOf(document)) {
    expect(operation.summary, name).toMatch(/\w{3}/)
    expect(
      Object.keys(operation.responses).some((status) => Number(status) < 400),
      name,
    ).toBe(true)
    const route = routes.find(({ method, url }) => name === `${String(method)} ${url.replace(/:(\w+)/g, '{$1}')}`)
    const scope = route?.config?.scope
    const isOpen = scope === 'public' || scope === 'sign-in'
    const roles = scope === 'caller' ? [] : [scope]
    expect(operation.security, name).toEqual(isOpen ? [] : [{ token: roles }, { session: roles }])
    if (scope !== 'public')
      expect(Object.keys(operation.responses), name).toEqual(expect.arrayContaining(['401', '403']))
  }
})

test('every operation has a name of its own, for the functions of generated clients', async () => {
  const { document } = await open()
  const names = operationsOf(document).map(({ operation }) => operation.operationId)
  expect(names).toEqual([...new Set(names)])
  expect(names.filter((name) => !/^(get|post|put|patch|delete)[A-Z]\w+$/.test(name))).toEqual([])
  expect(document.paths['/api/people/{id}/unmerge']?.post?.operationId).toBe('postPeopleByIdUnmerge')
  expect(document.servers).toMatchObject([{ url: '/' }])
})

test('answers may have fields that come later, requests none that are unknown', async () => {
  const { document } = await open()
  const operations = operationsOf(document).map(({ operation }) => operation)
  const closed = '"additionalProperties":false'
  expect(JSON.stringify(operations.map(({ responses }) => responses))).not.toContain(closed)
  expect(JSON.stringify(document.components)).not.toContain(closed)
  expect(JSON.stringify(document.paths['/api/people/merge']?.post?.requestBody)).toContain(closed)
})

test('schemas that have a name are in the document once, and all references lead to one', async () => {
  const { document } = await open()
  const { schemas } = document.components as { schemas: Readonly<Record<string, object>> }
  const text = JSON.stringify(document)
  const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
  expect([...new Set(names)].sort()).toEqual(Object.keys(schemas).sort())
  expect(names).toEqual(expect.arrayContaining(['Problem', 'Person', 'PersonDetails', 'Action']))
  expect(() =>
    withNamedSchemas({
      paths: [
        { title: 'A', type: 'string' },
        { title: 'A', type: 'null' },
      ],
    }),
  ).toThrow('named A')
})

test('real answers are what the document says', async () => {
  const { document, get } = await open()
  for (const path of [
    '/healthz',
    '/readyz',
    '/api/readiness',
    '/api/cameras',
    '/api/people',
    '/api/score',
    '/api/ws-ticket',
  ]) {
    const method = path.endsWith('ticket') ? 'post' : 'get'
    const answer = (await (await get(path, { method: method.toUpperCase() })).json()) as object
    expect([path, faultsOfAnswer(document, `${method} ${path}`, answer)]).toEqual([path, null])
    const more = { ...answer, more: cameras }
    expect(faultsOfAnswer(document, `${method} ${path}`, more), `${path} with more in it`).toHaveLength(1)
  }
})
