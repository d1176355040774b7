import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { openServer } from './open-server.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const idOf = ({ headers }: Response) => headers.get('x-request-id')
const given = { 'x-request-id': 'proxy-1.a_B' }

test('every answer has the ID of its request, or a new one where the client gave none that is fit', async () => {
  const { get } = await openServer()
  for (const path of ['/', '/healthz', '/api/people', '/api/nobody', '/%zz', '/ws'])
    expect([path, idOf(await get(path, { headers: given }))]).toEqual([path, 'proxy-1.a_B'])
  const ids = new Set<string | null>()
  for (const unfit of ['', 'a b', 'a\tb', '{"level":50}', 'a'.repeat(65)])
    ids.add(idOf(await get('/healthz', { headers: { 'x-request-id': unfit } })))
  ids.add(idOf(await get('/healthz')))
  expect(ids.size).toBe(6)
  for (const id of ids) expect(id).toMatch(uuid)
})

test('the body of an error has the ID, and so has its line in the log', async () => {
  const { get, lines } = await openServer(
    { auth: { tokens: [{ name: 'wall', scopes: ['read'], token: '9f2c51e07ab846d3b1c4f8e2' }] } },
    { metrics: () => Promise.reject(new Error('secret inside')) },
  )
  const refused = await get('/api/people')
  const id = idOf(refused)
  expect(await refused.json()).toMatchObject({ error: { code: 'UNAUTHORIZED', requestId: id } })
  const denied = lines.find(({ message }) => message === 'request denied')
  expect(denied?.fields).toMatchObject({ requestId: id, reason: 'token' })

  const headers = { ...given, authorization: 'Bearer 9f2c51e07ab846d3b1c4f8e2' }
  const failed = await get('/metrics', { headers })
  const message = 'the server failed; its log says why (request proxy-1.a_B)'
  expect(await failed.json()).toEqual({ error: { code: 'INTERNAL', message, requestId: 'proxy-1.a_B' } })
  expect(lines.find(({ level }) => level === 'error')?.fields).toMatchObject({ requestId: 'proxy-1.a_B' })

  const lost = await get('/%zz', { headers: given })
  const error = { code: 'MALFORMED', message: expect.stringContaining('percent'), requestId: 'proxy-1.a_B' }
  expect([lost.status, await lost.json()]).toEqual([400, { error }])
})

test('what is no HTTP gets an ID, too', async () => {
  const { server, lines } = await openServer()
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.end('nonsense\r\n\r\n')
  const answer = await text(socket)
  const id = /^x-request-id: (.*)\r$/m.exec(answer)?.[1]
  expect(id).toMatch(uuid)
  expect(answer).toContain(`"requestId":"${id}"`)
  expect(lines.find(({ message }) => message === 'request denied')?.fields).toMatchObject({ requestId: id })
})

test('with the level debug the log has a line for every answer: who asked for what, and never a query', async () => {
  const { get, lines } = await openServer()
  await get('/api/people?token=secret', { headers: given })
  const answered = () => lines.filter(({ message }) => message === 'request answered')
  await eventually(() => expect(answered()).toHaveLength(1))
  const ms = expect.any(Number)
  const fields = { requestId: 'proxy-1.a_B', method: 'GET', path: '/api/people', status: 200, ms, caller: 'anybody' }
  expect(answered()).toEqual([{ level: 'debug', message: 'request answered', fields }])
})
