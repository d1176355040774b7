import { Ajv2020 } from 'ajv/dist/2020.js'
import type { RouteOptions } from 'fastify'
import { expect, test } from 'vitest'
import { cameras, openServer } from './open-server.ts'

interface Operation {
  readonly summary?: string
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}
interface Document {
  readonly openapi: string
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

test('real answers are what the document says', async () => {
  const { document, get } = await open()
  const ajv = new Ajv2020({ strict: false })
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
    const schema = document.paths[path]?.[method]?.responses['200']?.content?.['application/json']?.schema
    const answer = (await (await get(path, { method: method.toUpperCase() })).json()) as object
    if (schema === undefined) throw new Error(`${path} has no schema`)
    const isValid = ajv.compile(schema)
    expect([path, isValid(answer), isValid.errors]).toEqual([path, true, null])
    expect(isValid({ ...answer, more: cameras }), `${path} with more in it`).toBe(false)
  }
})
