import { expect, test } from 'vitest'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { archiveInMemory } from '../../src/identity/store/archive.ts'
import type { SightingsPage } from '../../src/server/sightings-routes.ts'
import { findSightingsIn } from '../../src/site/find-sightings.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'
import { faultsOfAnswer } from './answers.ts'
import { openServer } from './open-server.ts'

const nineMs = Date.UTC(2026, 2, 2, 9)

/** A server over an engine that has seen two people, one after the other, at nine o'clock; the second is still there. */
const open = async (options: object = {}) => {
  const random = randomFrom(3)
  const archive = archiveInMemory()
  const engine = createIdentity(identityOptions.parse({}), { archive })
  let seq = 0
  for (const number of [1, 2]) {
    const look = direction(random)
    const track = `door/s1/${number}`
    for (let i = 0; i < 20; i++) {
      const face = faceOf(track, near(look, 0.3, random))
      engine.update(
        facesAt(nineMs + number * 60_000 + i * 100, seq++, [face], i === 19 ? { endedTracks: [track] } : {}),
      )
    }
  }
  const flush = () => archive.apply(engine.takeChange())
  const sightings = findSightingsIn({
    table: archive.sightings,
    idsOf: (id) => engine.idsOf(id),
    resolve: (id) => engine.resolve(id),
    flush,
  })
  const { get } = await openServer(options, { sightings })
  const ask = async (query: string) => {
    const response = await get(`/api/sightings${query}`)
    return {
      status: response.status,
      answer: (await response.json()) as SightingsPage & { error: { message: string } },
    }
  }
  return { engine, get, ask }
}

test('says who was where and when, by person, camera and time, a page at a time', async () => {
  const { engine, ask } = await open()
  const [first, second] = engine.people().map(({ id }) => id)
  const { status, answer } = await ask('')
  expect(status).toBe(200)
  expect(answer).toEqual({
    sightings: [
      {
        sighting: 'door/s1/2/20',
        person: second,
        camera: 'door',
        fromMs: nineMs + 120_000,
        untilMs: nineMs + 122_000,
        frames: 20,
        tracks: ['door/s1/2'],
        ended: false,
      },
      expect.objectContaining({ sighting: 'door/s1/1/0', person: first, ended: true }),
    ],
    next: null,
  })
  const idsOf = async (query: string) => (await ask(query)).answer.sightings.map(({ person }) => person)
  expect(await idsOf(`?person=${first}`)).toEqual([first])
  expect(await idsOf('?camera=hall')).toEqual([])
  expect(await idsOf(`?from=${nineMs + 90_000}`)).toEqual([second])
  expect(await idsOf('?from=2026-03-02T09:01:00Z&until=2026-03-02T10:02:00%2B01:00')).toEqual([first])
  const page = await ask('?limit=1')
  expect(page.answer.sightings.map(({ person }) => person)).toEqual([second])
  const rest = await ask(`?limit=1&cursor=${page.answer.next}`)
  expect([rest.answer.sightings.map(({ person }) => person), rest.answer.next]).toEqual([[first], null])
  engine.merge(first ?? '', second ?? '', nineMs, { force: true })
  expect(await idsOf(`?person=${second}`), 'an old ID is followed').toEqual([first, first])
})

test('refuses what it does not understand, naming the parameter', async () => {
  const { ask } = await open()
  const bad: readonly [string, string][] = [
    ['?from=noon', 'from: expected milliseconds since the Unix epoch, or a time such as 2026-03-02T09:30:00Z'],
    ['?until=2026-13-02T09:30:00Z', 'until: expected milliseconds'],
    ['?from=99999999999999999', 'from: expected'],
    ['?from=5&until=5', 'until: expected a time after `from`'],
    ['?limit=0', 'limit: expected a number from 1 to 1000'],
    ['?limit=1001', 'limit: expected a number from 1 to 1000'],
    ['?limit=1e3', 'limit: expected'],
    ['?cursor=-1', 'cursor: expected `next` of an answer'],
    ['?camera=a/b', 'camera: expected the name of a camera'],
    ['?person=', 'person: expected an ID'],
    ['?person=a&person=b', 'person: '],
    ['?form=5', 'form: there is no such parameter'],
    ['?limit=x&cursor=y', 'limit: expected a number from 1 to 1000; cursor: expected'],
  ]
  for (const [query, message] of bad)
    expect(await ask(query), query).toMatchObject({
      status: 400,
      answer: { error: { code: 'USAGE', message: expect.stringContaining(message), remedy: expect.any(String) } },
    })
  expect(await ask('?person=p-nobody')).toMatchObject({ status: 404, answer: { error: { code: 'PERSON_UNKNOWN' } } })
})

test('needs the scope read, and answers as the OpenAPI document says', async () => {
  const tokens = ['read', 'operate'].map((scope) => ({
    name: scope,
    scopes: [scope],
    token: `token-of-${scope}-0123456789`,
  }))
  const { get } = await open({ auth: { mode: 'on', tokens } })
  const as = (scope: string, path: string) =>
    get(path, { headers: { authorization: `Bearer token-of-${scope}-0123456789` } })
  expect((await get('/api/sightings')).status).toBe(401)
  expect((await as('operate', '/api/sightings')).status).toBe(403)
  const answer = await (await as('read', '/api/sightings')).json()
  const document = (await (await as('read', '/api/openapi.json')).json()) as never as {
    paths: Record<
      string,
      {
        get: {
          parameters: { name: string }[]
          responses: Record<string, { content: Record<string, { schema: object }> }>
        }
      }
    >
  }
  const route = document.paths['/api/sightings']?.get
  expect(route?.parameters.map(({ name }) => name)).toEqual([
    'person',
    'camera',
    'from',
    'until',
    'limit',
    'cursor',
    'format',
  ])
  expect(faultsOfAnswer(document, 'get /api/sightings', answer)).toBe(null)
})
