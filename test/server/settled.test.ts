import { expect, test } from 'vitest'
import { openServer } from './open-server.ts'

const enroll = {
  method: 'POST',
  body: JSON.stringify({
    name: 'Ada',
    embedder: { name: 'small', sha256: '5'.repeat(64), dimensions: 4 },
    faces: [{ embedding: [1, 0, 0, 0], quality: 0.9 }],
  }),
  headers: { 'content-type': 'application/json' },
}

test('the answer to a change waits until it is elsewhere too; questions are answered meanwhile', async () => {
  const settled = Promise.withResolvers<void>()
  const { get } = await openServer({}, { settled: () => settled.promise })
  let isAnswered = false
  const changed = get('/api/people/enroll', enroll).finally(() => {
    isAnswered = true
  })
  for (let i = 0; i < 3; i++) expect((await get('/api/people')).status).toBe(200)
  expect(isAnswered).toBe(false)
  settled.resolve()
  expect((await changed).status).toBe(200)
})

test('a change that will never be elsewhere is an error', async () => {
  const lost = Promise.reject(new Error('another process has the site'))
  lost.catch(() => undefined)
  const { get, lines } = await openServer({}, { settled: () => lost })
  expect((await get('/api/people/enroll', enroll)).status).toBe(500)
  expect(lines.map(({ message }) => message)).toContain('request failed')
})
