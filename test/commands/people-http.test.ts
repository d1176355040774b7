import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createNetServer, type Server } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { announce } from '../../src/identity/store/running.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { openServer } from '../server/open-server.ts'
import { called, calledWith, ids } from './people/called.ts'

const token = 'a-token-for-tests-0123456789'

const withToken = (value: string): void => {
  vi.stubEnv('ROLLCALL_TOKEN', value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

describe('who may ask', () => {
  const tokens = [
    { name: 'wall', scopes: ['read'], token },
    { name: 'desk', scopes: ['operate'], token: `${token}-operate` },
  ]

  it('shows its token to the server, and says what to do without one', async () => {
    const { server } = await openServer({ auth: { mode: 'on', tokens } })
    const { run, json } = calledWith('--url', server.url)
    withToken('')
    expect(await run('list')).toMatchObject({ code: 1, stderr: expect.stringMatching(/STATE: .*ROLLCALL_TOKEN/) })
    withToken(`${token}-wrong`)
    const refused = await run('list')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/STATE: .*ROLLCALL_TOKEN/) })
    expect(refused.stderr).not.toContain(token)
    withToken(`${token}-operate`)
    expect(await run('list')).toMatchObject({ code: 1, stderr: expect.stringMatching(/scope/) })
    withToken(token)
    expect(ids(await json('list'))).toEqual(['p1'])
  })

  it('repeats no password that was put into the address', async () => {
    const { code, stderr } = await called('list', '--url', 'http://me:hunter2@127.0.0.1:1')
    expect([code, stderr]).toEqual([2, expect.stringContaining('--url: expected no user or password')])
    expect(stderr).not.toContain('hunter2')
  })
})

describe('where it looks', () => {
  it('asks the Rollcall that has the state directory open', async () => {
    const { server } = await openServer()
    const state = temporaryDirectory()
    announce(state, { pid: process.pid, url: server.url })
    expect(ids(await calledWith('--state', state).json('list'))).toEqual(['p1'])
  })

  it('opens the directory itself when nobody listens there any more', async () => {
    const { server } = await openServer()
    const state = temporaryDirectory()
    announce(state, { pid: process.pid, url: server.url })
    await server.close()
    expect((await called('list', '--state', state)).stderr).toMatch(/there are no people in/)
  })

  it('says in words why --url does not answer', async () => {
    const gibberish = createNetServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'))
    const elsewhere = createServer((_request, response) => response.writeHead(302, { location: 'http://[::1]/' }).end())
    for (const server of [gibberish, elsewhere]) {
      onTestFinished(() => void server.close())
      await once(server.listen(0, '127.0.0.1'), 'listening')
    }
    const at = (server: Server, scheme = 'http') => `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
    const why = async (url: string) => (await called('list', '--url', url)).stderr
    expect(await why('http://nobody.invalid:8080')).toMatch(
      /nobody.invalid:8080: (there is no host of this name|the name of the host cannot)/,
    )
    expect(await why(at(gibberish))).toMatch(/it speaks no HTTP at this port — .*https/)
    expect(await why(at(elsewhere, 'https'))).toMatch(/it speaks no TLS — Write http:/)
    expect(await why(at(elsewhere))).toMatch(/it redirects/)
    expect(await why('http://127.0.0.1:1')).toMatch(/: (no HTTP client uses this port|nobody listens there)/)
    expect(await why('http://nobody.invalid')).not.toMatch(/getaddrinfo|ENOTFOUND|EAI_AGAIN|fetch failed/)
  })

  it('says when nobody listens at --url, or something else does', async () => {
    const { server } = await openServer()
    const { url } = server
    await server.close()
    expect((await called('list', '--url', url)).stderr).toMatch(/nobody listens there — .*--state/)
    expect((await called('list', '--url', 'ftp://x')).stderr).toMatch(/--url: expected http/)
    const other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    expect((await called('list', '--url', `http://127.0.0.1:${port}`)).stderr).toMatch(/expected JSON/)
  })
})
