import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { httpOptions } from '../../src/server/options.ts'
import { openClient } from '../sinks/websocket/ws-clients.ts'
import { openServer } from './open-server.ts'

const [annas, bens] = ['annas-token-of-this-test-x7Qp2', 'bens-token-of-this-test-k3Lm9w']
const tokens = [
  { name: 'anna', scopes: ['read', 'operate'], token: annas },
  { name: 'ben', scopes: ['read'], token: bens },
]
const auth = { mode: 'on', tokens }

type Server = Awaited<ReturnType<typeof openServer>>['server']
interface Asked {
  readonly method?: string
  readonly body?: object
  readonly headers?: Record<string, string>
}

const ask = async ({ url }: Server, path: string, { method = 'GET', body, headers = {} }: Asked = {}) => {
  const response = await fetch(url + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer = text === '' ? null : JSON.parse(text)
  const cookie = response.headers.get('set-cookie')
  return { status: response.status, answer, cookie, words: answer?.error?.message as string | undefined }
}

/** Signs in, and gives the headers that a page of the server sends from then on. */
const signIn = async (server: Server, body: object = { token: annas }) => {
  const { status, answer, cookie } = await ask(server, '/api/session', { method: 'POST', body })
  expect(status).toBe(200)
  return { answer, cookie: cookie ?? '', page: { cookie: cookie?.split(';')[0] ?? '', origin: server.url } }
}

const directory = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-sessions-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

test('a token becomes a session: a cookie that scripts and other pages never get', async () => {
  const { server } = await openServer({ auth })
  const { answer, cookie, page } = await signIn(server)
  expect(cookie).toMatch(/^rollcall=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/)
  expect(answer).toMatchObject({
    required: true,
    name: 'anna',
    scopes: ['read', 'operate'],
    sessions: [{ current: true }],
  })
  expect((await ask(server, '/api/session', { headers: page })).answer).toEqual(answer)
  expect((await ask(server, '/api/people', { headers: page })).status).toBe(200)
  const photo = await ask(server, '/api/people/p1/embeddings', { headers: page })
  expect(photo.status, 'the scopes are those of the token').not.toBe(200)
})

test('a wrong token, no token and nonsense are told apart, and nothing is signed in', async () => {
  const { server, denied } = await openServer({ auth })
  const post = (body: object) => ask(server, '/api/session', { method: 'POST', body })
  const wrong = await post({ token: 'not-a-token-of-this-server-at-all' })
  expect(wrong).toMatchObject({ status: 401, cookie: null, words: 'Rollcall does not know this token' })
  expect((await post({ code: 'guessed' })).words).toBe('the link is not one of ours')
  expect((await post({ password: 'x' })).status).toBe(400)
  expect((await ask(server, '/api/session')).status).toBe(401)
  expect(await denied()).toEqual({ token: 2, ticket: 1 })
})

test('with TLS the cookie is secure, and bound to this host', async () => {
  const { sessionCookie } = await import('../../src/server/session-cookie.ts')
  expect(sessionCookie('x', true)).toMatch(
    /^__Host-rollcall=x; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/,
  )
})

describe('requests that another page causes', () => {
  const strange: readonly (readonly [string, Record<string, string>])[] = [
    ['of another port of the same host', { origin: 'http://127.0.0.1:1' }],
    ['of another host', { origin: 'http://evil.example' }],
    ['of a sandboxed frame', { origin: 'null' }],
    ['said by the browser to be of the same site only', { 'sec-fetch-site': 'same-site' }],
    ['said by the browser to be of another site', { 'sec-fetch-site': 'cross-site' }],
    ['without any word of where from', {}],
  ]
  test.each(strange)('%s: change nothing', async (_, from) => {
    const { server } = await openServer({ auth })
    const { page } = await signIn(server)
    const headers = { cookie: page.cookie, ...from }
    for (const path of ['/api/session/link', '/api/ws-ticket', '/api/people/merge']) {
      expect((await ask(server, path, { method: 'POST', headers, body: {} })).status, path).toBe(403)
    }
    expect((await ask(server, '/api/session', { method: 'DELETE', headers })).status).toBe(403)
    await expect(openClient(`${server.url.replace('http', 'ws')}/ws`, { headers })).rejects.toThrow('403')
    expect((await ask(server, '/api/session', { headers: page })).status, 'the session goes on').toBe(200)
  })

  test('a page of an allowed origin uses its token, not the cookie', async () => {
    const { server } = await openServer({ auth, allowedOrigins: ['http://wall.example'] })
    const { page } = await signIn(server)
    const origin = 'http://wall.example'
    expect((await ask(server, '/api/ws-ticket', { method: 'POST', headers: { ...page, origin } })).status).toBe(403)
    const headers = { origin, authorization: `Bearer ${bens}` }
    expect((await ask(server, '/api/ws-ticket', { method: 'POST', headers })).status).toBe(200)
  })

  test('nor is a browser signed in from elsewhere, as somebody it does not know', async () => {
    const { server } = await openServer({ auth })
    const headers = { 'sec-fetch-site': 'cross-site' }
    const answer = await ask(server, '/api/session', { method: 'POST', body: { token: annas }, headers })
    expect(answer).toMatchObject({ status: 403, cookie: null })
  })
})

test('the WebSocket takes the cookie, and is cut when the session ends', async () => {
  const { server } = await openServer({ auth })
  const { page } = await signIn(server)
  const direct = await openClient(`${server.url.replace('http', 'ws')}/ws`, { headers: page })
  const { answer } = await ask(server, '/api/ws-ticket', { method: 'POST', headers: page })
  const byTicket = await openClient(`${server.url.replace('http', 'ws')}/ws`, {
    protocol: ['rollcall.v1', answer.subprotocol],
  })
  const out = await ask(server, '/api/session', { method: 'DELETE', headers: page })
  expect(out).toMatchObject({ status: 204, cookie: expect.stringContaining('rollcall=; ') })
  expect(await direct.closed).toBe(1006)
  expect(await byTicket.closed).toBe(1006)
  expect((await ask(server, '/api/session', { headers: page })).status).toBe(401)
})

test('several people and devices: each sees and ends the sessions of its own token only', async () => {
  const { server } = await openServer({ auth })
  const [phone, desk, other] = [await signIn(server), await signIn(server), await signIn(server, { token: bens })]
  const { answer } = await ask(server, '/api/session', { headers: desk.page })
  expect(answer.sessions).toHaveLength(2)
  const [bensOwn] = other.answer.sessions
  const end = (id: string) => ask(server, `/api/session/${id}`, { method: 'DELETE', headers: desk.page })
  expect((await end(bensOwn.id)).status).toBe(404)
  const phones = answer.sessions.find(({ current }: { current: boolean }) => !current)
  expect(await end(phones.id)).toMatchObject({ status: 204, cookie: null })
  expect((await ask(server, '/api/session', { headers: phone.page })).status).toBe(401)
  expect((await ask(server, '/api/session', { headers: other.page })).answer.name).toBe('ben')
})

test('a link signs one other device in, once, within five minutes, as the same person', async () => {
  let nowMs = 1_000_000
  const { server } = await openServer({ auth }, { time: { nowMs: () => nowMs } })
  const { page } = await signIn(server, { token: bens })
  const link = async () => (await ask(server, '/api/session/link', { method: 'POST', headers: page })).answer
  const { code, urls, expiresInMs } = await link()
  expect(expiresInMs).toBe(300_000)
  expect(urls).toEqual([`${server.url}/#/sign-in/${code}`])
  expect((await signIn(server, { code })).answer).toMatchObject({ name: 'ben', scopes: ['read'] })
  const again = await ask(server, '/api/session', { method: 'POST', body: { code } })
  expect(again).toMatchObject({ status: 401, words: 'the link was used before' })
  const late = await link()
  nowMs += 300_000
  const expired = await ask(server, '/api/session', { method: 'POST', body: { code: late.code } })
  expect(expired).toMatchObject({ status: 401, words: 'the link is older than five minutes' })
})

test('a session is kept over a restart by its hash, and ends when its token goes', async () => {
  const file = join(directory(), 'sessions.json')
  const first = await openServer({ auth }, { sessionFile: file })
  const { page } = await signIn(first.server)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const kept = readFileSync(file, 'utf8')
  for (const secret of [annas, page.cookie.split('=')[1] ?? 'no cookie']) expect(kept).not.toContain(secret)
  await first.server.close()
  const second = await openServer({ auth }, { sessionFile: file })
  const again = { ...page, origin: second.server.url }
  expect((await ask(second.server, '/api/session', { headers: again })).answer.name).toBe('anna')
  second.server.reload(httpOptions.parse({ port: 0, auth: { mode: 'on', tokens: tokens.slice(1) } }))
  expect((await ask(second.server, '/api/session', { headers: again })).words).toContain('sign in again')
  second.server.reload(httpOptions.parse({ port: 0, auth }))
  expect((await ask(second.server, '/api/session', { headers: again })).status, 'ended is ended').toBe(401)
})

test('a file that is not understood costs a new sign-in, and is said', async () => {
  const file = join(directory(), 'sessions.json')
  writeFileSync(file, '{"version":9}')
  const { server, lines } = await openServer({ auth }, { sessionFile: file })
  expect(lines.some(({ message }) => message.includes('sign in again'))).toBe(true)
  await signIn(server)
  expect(JSON.parse(readFileSync(file, 'utf8')).sessions).toHaveLength(1)
})

test('the secret is replaced each hour; the one before counts a minute longer; a month without use ends it', async () => {
  let nowMs = 1_000_000
  const { server } = await openServer({ auth, limits: { requestsPerMinute: 10_000 } }, { time: { nowMs: () => nowMs } })
  const { page } = await signIn(server)
  const look = (cookie: string) => ask(server, '/api/session', { headers: { ...page, cookie } })
  expect((await look(page.cookie)).cookie).toBe(null)
  nowMs += 3_600_000
  const rotated = (await look(page.cookie)).cookie?.split(';')[0] ?? ''
  expect(rotated).not.toBe(page.cookie)
  nowMs += 59_000
  expect((await look(page.cookie)).status).toBe(200)
  nowMs += 2000
  expect((await look(page.cookie)).status).toBe(401)
  expect((await look(rotated)).status).toBe(200)
  nowMs += 31 * 86_400_000
  expect((await look(rotated)).status).toBe(401)
})

test('where no token is needed nobody signs in', async () => {
  const { server } = await openServer()
  const me = { required: false, name: 'anybody', scopes: ['read', 'operate', 'biometric'], sessions: [] }
  expect((await ask(server, '/api/session')).answer).toEqual(me)
  expect(await ask(server, '/api/session', { method: 'POST', body: { token: 'whatever' } })).toMatchObject({
    answer: me,
    cookie: null,
  })
  expect((await ask(server, '/api/session/link', { method: 'POST' })).status).toBe(409)
})

describe('who was signed out has nothing left that lets him in', () => {
  const left = async (server: Server, page: Record<string, string>) => {
    const link = (await ask(server, '/api/session/link', { method: 'POST', headers: page })).answer
    const ticket = (await ask(server, '/api/ws-ticket', { method: 'POST', headers: page })).answer
    return { code: link.code as string, subprotocol: ticket.subprotocol as string }
  }
  const refused = async (server: Server, { code, subprotocol }: Awaited<ReturnType<typeof left>>) => {
    const again = await ask(server, '/api/session', { method: 'POST', body: { code } })
    expect(again).toMatchObject({ status: 401, cookie: null, words: expect.stringContaining('signed out since') })
    const opened = openClient(`${server.url.replace('http', 'ws')}/ws`, { protocol: ['rollcall.v1', subprotocol] })
    await expect(opened).rejects.toThrow('401')
  }

  test('its links and tickets end with its session', async () => {
    const { server } = await openServer({ auth })
    const { page } = await signIn(server)
    const kept = await left(server, page)
    await ask(server, '/api/session', { method: 'DELETE', headers: page })
    await refused(server, kept)
  })

  test('with its token end its links and tickets, and open WebSockets at once', async () => {
    const { server } = await openServer({ auth })
    const [anna, ben] = [await signIn(server), await signIn(server, { token: bens })]
    const kept = await left(server, anna.page)
    const [cut, other] = await Promise.all(
      [anna, ben].map(({ page }) => openClient(`${server.url.replace('http', 'ws')}/ws`, { headers: page })),
    )
    server.reload(httpOptions.parse({ port: 0, auth: { mode: 'on', tokens: tokens.slice(1) } }))
    expect(await cut?.closed).toBe(1006)
    expect((await ask(server, '/api/session', { headers: ben.page })).status).toBe(200)
    expect(other?.socket.readyState).toBe(WebSocket.OPEN)
    await refused(server, kept)
  })
})

test.each([
  ['goes', tokens.slice(1)],
  ['loses the scope read', [{ name: 'anna', scopes: ['operate'], token: annas }, ...tokens.slice(1)]],
])('a token that %s: its WebSockets are cut, however they were opened, and no others', async (_, left) => {
  const { server } = await openServer({ auth })
  const ws = `${server.url.replace('http', 'ws')}/ws`
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const { page } = await signIn(server)
  const ticket = async (headers: Record<string, string>) => ({
    protocol: [
      'rollcall.v1',
      (await ask(server, '/api/ws-ticket', { method: 'POST', headers })).answer.subprotocol as string,
    ],
  })
  const annasOwn = await Promise.all([
    openClient(ws, bearer(annas)),
    openClient(ws, { headers: page }),
    openClient(ws, await ticket(bearer(annas).headers)),
    openClient(ws, await ticket(page)),
  ])
  const other = await openClient(ws, bearer(bens))
  server.reload(httpOptions.parse({ port: 0, auth }))
  const isOpen = ({ socket }: { readonly socket: { readonly readyState: number } }): boolean =>
    socket.readyState === WebSocket.OPEN
  expect([...annasOwn, other].every(isOpen), 'nothing has changed').toBe(true)
  server.reload(httpOptions.parse({ port: 0, auth: { mode: 'on', tokens: left } }))
  expect(await Promise.all(annasOwn.map(({ closed }) => closed))).toEqual([1006, 1006, 1006, 1006])
  expect((await ask(server, '/api/people', bearer(bens))).status).toBe(200)
  expect(isOpen(other)).toBe(true)
})

describe('links to sign in with begin with what the browser has reached', () => {
  const allowedOrigins = ['https://rollcall.example']
  const forwarded = { 'x-forwarded-host': 'rollcall.example', 'x-forwarded-proto': 'https' }
  const linked = async (options: object, headers: Record<string, string>) => {
    const { server } = await openServer({ auth, allowedOrigins, ...options })
    const answer = await ask(server, '/api/session/link', {
      method: 'POST',
      headers: { authorization: `Bearer ${annas}`, ...headers },
    })
    const [url] = answer.answer.urls as string[]
    return url?.startsWith(`${server.url}/#/`) ? 'itself' : url?.split('#')[0]
  }
  const proxies = { trustedProxies: ['127.0.0.1'] }

  test('a proxy that the configuration names says what that is', async () => {
    expect(await linked(proxies, forwarded)).toBe('https://rollcall.example/')
    expect(await linked(proxies, { ...forwarded, 'x-forwarded-host': '192.0.2.7:8443' })).toBe(
      'https://192.0.2.7:8443/',
    )
  })

  test('nobody else does, nor does a name that is not allowed', async () => {
    expect(await linked({}, forwarded)).toBe('itself')
    expect(await linked({ trustedProxies: ['192.0.2.1'] }, forwarded)).toBe('itself')
    for (const name of ['evil.example', 'a b', '', 'rollcall.example.evil.example'])
      expect(await linked(proxies, { 'x-forwarded-host': name })).toBe('itself')
  })
})

test('whoever signs in over and over ends sessions of his own token only', async () => {
  const { server } = await openServer({ auth, limits: { requestsPerMinute: 10_000 } })
  const anna = await signIn(server)
  const first = await signIn(server, { token: bens })
  for (let i = 0; i < 100; i++) await signIn(server, { token: bens })
  expect((await ask(server, '/api/session', { headers: first.page })).status).toBe(401)
  expect((await ask(server, '/api/session', { headers: anna.page })).answer.sessions).toHaveLength(1)
})
