import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { calibrationSchema } from '../../src/server/people-schemas.ts'
import { faultsOfAnswer } from './answers.ts'
import { openServer } from './open-server.ts'

const embedder = { name: 'small', sha256: '5'.repeat(64), dimensions: 4 }
const faces = [{ embedding: [1, 0, 0, 0], quality: 0.9 }]

const open = async () => {
  const { get } = await openServer()
  const ask = async (method: string, path: string, body?: object) => {
    const response = await get(path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: response.status, answer: (await response.json()) as never as Answer }
  }
  interface Answer {
    readonly person: { readonly id: string; readonly name: string | null; readonly aliases: readonly string[] }
    readonly events: readonly { readonly type: string }[]
    readonly error: { readonly code: string; readonly message: string; readonly remedy?: string }
    readonly people: readonly object[]
  }
  const enroll = async (name: string, embedding = [1, 0, 0, 0]) => {
    const { answer } = await ask('POST', '/api/people/enroll', { name, embedder, faces: [{ embedding, quality: 0.9 }] })
    return answer.person.id
  }
  return { ask, enroll, get }
}

test('a person is enrolled, shown, named, merged with another and deleted', async () => {
  const { ask, enroll } = await open()
  const enrolled = await ask('POST', '/api/people/enroll', { name: 'Ada', embedder, faces })
  expect(enrolled).toMatchObject({ status: 200, answer: { person: { name: 'Ada' } } })
  expect(enrolled.answer.events.map(({ type }) => type)).toEqual([
    'rollcall.person.created.v1',
    'rollcall.person.named.v1',
  ])
  const ada = enrolled.answer.person.id
  const bo = await enroll('Bo', [0, 1, 0, 0])
  expect(await ask('POST', '/api/people/separate', { a: ada, b: bo })).toMatchObject({
    status: 200,
    answer: { person: { apart: [bo] } },
  })
  expect(await ask('POST', '/api/people/merge', { a: ada, b: bo })).toMatchObject({
    status: 409,
    answer: { error: { code: 'PERSON_CONFLICT', remedy: expect.any(String) } },
  })
  expect((await ask('POST', `/api/people/${bo}/name`, { name: null })).answer.person.name).toBeNull()
  expect(await ask('POST', '/api/people/merge', { a: bo, b: ada })).toMatchObject({
    status: 409,
    answer: {
      error: {
        code: 'PERSON_CONFLICT',
        message: expect.stringContaining('somebody said that they are two'),
        remedy: expect.stringContaining('force'),
        details: {
          threshold: 0.64,
          whole: { similarity: 0, score: expect.any(Number) },
          looks: { similarity: 0, score: expect.any(Number) },
        },
      },
    },
  })
  expect((await ask('POST', '/api/people/merge', { a: bo, b: ada, force: true })).answer.person).toMatchObject({
    id: ada,
    aliases: [bo],
  })
  expect((await ask('GET', `/api/people/${bo}`)).answer.person.id).toBe(ada)
  expect(await ask('POST', `/api/people/${ada}/unmerge`)).toMatchObject({
    status: 409,
    answer: { error: { code: 'PERSON_CONFLICT', message: expect.stringContaining('no old ID') } },
  })
  expect(await ask('POST', `/api/people/${bo}/unmerge`)).toMatchObject({
    status: 200,
    answer: {
      person: { id: bo, name: null, apart: [ada] },
      events: [{ type: 'rollcall.person.unmerged.v1', data: { person: bo, from: ada, by: 'user' } }],
    },
  })
  expect((await ask('GET', `/api/people/${ada}`)).answer.person).toMatchObject({ id: ada, aliases: [] })
  await ask('POST', '/api/people/merge', { a: bo, b: ada, force: true })
  const { status, answer } = await ask('DELETE', `/api/people/${ada}`)
  expect([status, answer.events.map(({ type }) => type)]).toEqual([200, ['rollcall.person.deleted.v1']])
  for (const id of [ada, bo]) expect((await ask('GET', `/api/people/${id}`)).status).toBe(404)
  expect(await ask('DELETE', `/api/people/${ada}`)).toMatchObject({
    status: 404,
    answer: { error: { code: 'PERSON_UNKNOWN' } },
  })
})

test('what is exported can be imported elsewhere, all of it or nothing', async () => {
  const [here, there] = [await open(), await open()]
  const ada = await here.enroll('Ada')
  const { answer: file } = await here.ask('GET', '/api/people/export')
  expect(file).toMatchObject({ rollcall: 3, embedder, people: [{ id: ada, name: 'Ada' }] })
  expect(await there.ask('POST', '/api/people/import', file)).toMatchObject({ status: 200 })
  expect((await there.ask('GET', `/api/people/${ada}`)).answer.person.name).toBe('Ada')
  await there.ask('DELETE', `/api/people/${ada}`)
  const bo = await here.enroll('Bo', [0, 1, 0, 0])
  const { answer: both } = await here.ask('GET', '/api/people/export')
  expect(await there.ask('POST', '/api/people/import', both)).toMatchObject({
    status: 409,
    answer: { error: { code: 'PERSON_CONFLICT', message: expect.stringContaining(ada) } },
  })
  expect((await there.ask('GET', `/api/people/${bo}`)).status).toBe(404)
})

test('embeddings of another model are refused; so is a body that is not one, saying where', async () => {
  const { ask } = await open()
  const other = { ...embedder, sha256: 'a'.repeat(64) }
  expect(await ask('POST', '/api/people/enroll', { name: 'Ada', embedder: other, faces })).toMatchObject({
    status: 409,
    answer: { error: { code: 'STATE', message: expect.stringContaining('cannot be compared') } },
  })
  const bad: [object, string][] = [
    [{ name: 'Ada', embedder, faces: [{ embedding: [1, 0], quality: 1 }] }, 'has 2 numbers, expected 4'],
    [{ name: 'Ada', embedder, faces: [{ embedding: [2, 0, 0, 0], quality: 1 }] }, 'faces.0.embedding: expected unit'],
    [{ name: 'Ada', embedder, faces: [] }, 'body: faces:'],
    [{ name: 'A\nda', embedder, faces }, 'body: name: expected no control or format characters'],
    [{ name: 'Ada', embedder, faces, more: 1 }, 'more'],
  ]
  for (const [body, message] of bad)
    expect(await ask('POST', '/api/people/enroll', body), message).toMatchObject({
      status: 400,
      answer: { error: { code: 'USAGE', message: expect.stringContaining(message) } },
    })
})

test('the answer to a wrong import is bounded, however much is wrong with it', async () => {
  const { get } = await open()
  const wrong = [
    // Many people with much wrong each, one vector with many wrong numbers, many fields that there are not.
    { people: Array.from({ length: 60_000 }, () => ({ id: '?', name: 1, more: 1 })) },
    { people: [{ id: 'a', name: null, exemplars: [{ vector: Array(4000).fill('x'), weight: -1 }] }] },
    Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`field-${i}`, i])),
  ]
  for (const body of wrong) {
    const response = await get('/api/people/import', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    const text = await response.text()
    expect(response.status).toBe(400)
    expect(text.length).toBeLessThan(8000)
    expect(JSON.parse(text).error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/^body: /) })
  }
  const response = await get('/api/people/import', {
    method: 'POST',
    body: JSON.stringify(wrong[0]),
    headers: { 'content-type': 'application/json' },
  })
  expect(await response.text()).toMatch(/people\.0\.id: .*; … and at least \d+ more/)
})

test('looking, changing and embeddings each need their own scope', async () => {
  const tokens = ['read', 'operate', 'biometric'].map((scope) => ({
    name: scope,
    scopes: [scope],
    token: `the-token-of-${scope}-0123456789-0123456789`,
  }))
  const { get } = await openServer({ auth: { mode: 'on', tokens } })
  const wanted: [string, string, string][] = [
    ['GET', '/api/people/p1', 'read'],
    ['POST', '/api/people/p1/name', 'operate'],
    ['POST', '/api/people/p1/split', 'operate'],
    ['POST', '/api/people/p1/unmerge', 'operate'],
    ['POST', '/api/people/merge', 'operate'],
    ['POST', '/api/people/separate', 'operate'],
    ['DELETE', '/api/people/p1', 'operate'],
    ['GET', '/api/people/export', 'biometric'],
    ['POST', '/api/people/import', 'biometric'],
    ['POST', '/api/people/enroll', 'biometric'],
  ]
  for (const [method, path, scope] of wanted)
    for (const { name, token } of tokens) {
      const { status } = await get(path, { method, headers: { authorization: `Bearer ${token}` } })
      expect([method, path, name, status === 403]).toEqual([method, path, name, name !== scope])
    }
})

test('answers are what the OpenAPI document says', async () => {
  const { ask, enroll, get } = await open()
  const document = await (await get('/api/openapi.json')).json()
  const id = await enroll('Ada')
  const other = await enroll('Bo', [0, 1, 0, 0])
  const asked: [string, string, object?][] = [
    ['get', '/api/people/{id}'],
    ['post', '/api/people/{id}/name', { name: 'Ada B.' }],
    ['post', '/api/people/{id}/split', {}],
    ['post', '/api/people/{id}/split', { tracks: ['door/s/0'] }],
    ['post', '/api/people/merge', { a: id, b: other }],
    ['post', '/api/people/{id}/unmerge', {}],
    ['delete', '/api/people/{id}'],
    ['get', '/api/people/{id}'],
  ]
  const statuses: number[] = []
  for (const [method, path, body] of asked) {
    const { status, answer } = await ask(method.toUpperCase(), path.replace('{id}', id), body)
    expect([path, faultsOfAnswer(document, `${method} ${path}`, answer, status)]).toEqual([path, null])
    statuses.push(status)
  }
  expect(statuses).toEqual([200, 200, 409, 409, 409, 409, 200, 404])
})

test('how alike people are here is answered as its schema says', async () => {
  const { ask } = await open()
  const { status, answer } = await ask('GET', '/api/calibration')
  expect(status).toBe(200)
  expect(answer).toEqual({ expected: null, measured: null, correction: 0, learns: false })
  const measured = { people: 41, pairs: 132, median: 0.081, spread: 0.095, error: 0.018 }
  const validate = new Ajv2020({ strict: false }).compile(calibrationSchema)
  expect(validate({ expected: 0.028, measured, correction: -0.044, learns: true })).toBe(true)
})
