import { expect, test } from 'vitest'
import { RollcallError } from '../../src/errors.ts'
import { noPhotos, type PhotosService } from '../../src/server/photos-routes.ts'
import { faultsOfAnswer } from './answers.ts'
import { openServer } from './open-server.ts'

const jpeg = Uint8Array.of(0xff, 0xd8, 1, 2, 3)
const photo = {
  id: 'f-1',
  person: 'p-ada',
  sighting: 'door/s1/0/0',
  camera: 'door',
  atMs: 1000,
  quality: 0.8,
  width: 96,
  height: 96,
}
const unknown = (id: string): never => {
  throw new RollcallError('PERSON_UNKNOWN', `there is no person ${id}`)
}
const photos: PhotosService = {
  kept: 'memory',
  ofPerson: (id) => (id === 'p-ada' || id === 'p-old' ? [photo] : unknown(id)),
  ofSighting: (id) => (id === photo.sighting ? [photo] : []),
  best: (people) => people.filter((id) => id === 'p-old').map((asked) => ({ ...photo, asked, jpeg })),
  jpeg: (id) => (id === 'f-1' ? jpeg : null),
}
const open = async (service: PhotosService = photos, options: object = {}) => {
  const { get } = await openServer(options, { photos: service })
  const ask = async (path: string, init?: RequestInit) => {
    const response = await get(path, init)
    return { status: response.status, answer: (await response.json()) as object }
  }
  return { get, ask }
}

test('pictures are listed by person and by sighting, and sent as JPEG that nobody caches', async () => {
  const { get, ask } = await open()
  expect(await ask('/api/people/p-ada/photos')).toEqual({ status: 200, answer: { kept: 'memory', photos: [photo] } })
  expect(await ask(`/api/sightings/${encodeURIComponent(photo.sighting)}/photos`)).toMatchObject({
    answer: { photos: [photo] },
  })
  expect(await ask('/api/sightings/x/photos')).toMatchObject({ status: 200, answer: { photos: [] } })
  const response = await get('/api/photos/f-1')
  const { headers } = response
  expect([headers.get('content-type'), headers.get('cache-control')]).toEqual(['image/jpeg', 'no-store'])
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(jpeg)
  expect(await ask('/api/photos?people=p-old,p-nobody')).toMatchObject({
    answer: { photos: [{ asked: 'p-old', person: 'p-ada', jpeg: Buffer.from(jpeg).toString('base64') }] },
  })
})

test('what is not there is refused in words', async () => {
  const { ask } = await open()
  expect(await ask('/api/people/p-none/photos')).toMatchObject({
    status: 404,
    answer: { error: { code: 'PERSON_UNKNOWN' } },
  })
  expect(await ask('/api/photos/f-2')).toMatchObject({ status: 404, answer: { error: { message: /no such picture/ } } })
  const many = Array.from({ length: 101 }, (_, i) => `p-${i}`).join(',')
  for (const query of [
    '',
    '?people=',
    '?people=,',
    `?people=${many}`,
    `?people=${'x'.repeat(65)}`,
    '?people=a&people=b',
    '?person=a',
  ])
    expect(await ask(`/api/photos${query}`), query).toMatchObject({
      status: 400,
      answer: { error: { code: 'USAGE', message: 'people: expected 1 to 100 IDs with commas between them' } },
    })
})

test('with crops off there are none, and that is said', async () => {
  const { ask } = await open(noPhotos((id) => id === 'p-ada' || unknown(id)))
  expect(await ask('/api/people/p-ada/photos')).toEqual({ status: 200, answer: { kept: 'off', photos: [] } })
  expect(await ask('/api/photos?people=p-ada')).toEqual({ status: 200, answer: { kept: 'off', photos: [] } })
  expect((await ask('/api/people/p-none/photos')).status).toBe(404)
  expect((await ask('/api/photos/f-1')).status).toBe(404)
})

test('every picture needs the scope biometric, and answers are what the OpenAPI document says', async () => {
  const tokens = ['read', 'operate', 'biometric'].map((scope) => ({
    name: scope,
    scopes: scope === 'biometric' ? ['read', 'biometric'] : [scope],
    token: `the-token-of-${scope}-0123456789-0123456789`,
  }))
  const { ask } = await open(photos, { auth: { mode: 'on', tokens } })
  const as = (scope: string) => ({ headers: { authorization: `Bearer the-token-of-${scope}-0123456789-0123456789` } })
  const paths = {
    '/api/people/{id}/photos': '/api/people/p-ada/photos',
    '/api/sightings/{id}/photos': '/api/sightings/x/photos',
    '/api/photos': '/api/photos?people=p-old',
    '/api/photos/{id}': '/api/photos/f-9',
  }
  const { answer: document } = await ask('/api/openapi.json', as('read'))
  for (const [route, path] of Object.entries(paths)) {
    for (const scope of ['read', 'operate']) expect((await ask(path, as(scope))).status, `${path} ${scope}`).toBe(403)
    const { status, answer: body } = await ask(path, as('biometric'))
    expect([route, faultsOfAnswer(document, `get ${route}`, body, status)]).toEqual([route, null])
  }
})
