import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { clientTimeouts } from '../../src/server/http.ts'
import { openServer } from './open-server.ts'

const timeouts = { headersMs: 400, requestMs: 800, idleMs: 1500, checkMs: 50 }

/** Milliseconds until the server ends the connection on which `begin` is written first and `drop` every 20 ms. */
const heldFor = (url: string, begin: string, drop: string, secure = false): Promise<number> => {
  const { port } = new URL(url)
  const from = performance.now()
  const options = { port: Number(port), host: '127.0.0.1', rejectUnauthorized: false }
  const socket = secure ? connectTls(options) : connect(options)
  const { promise, resolve } = Promise.withResolvers<number>()
  socket.on('error', () => {})
  socket.once('close', () => resolve(performance.now() - from))
  socket.once(secure ? 'secureConnect' : 'connect', () => socket.write(begin))
  socket.resume()
  const dropping = drop === '' ? undefined : setInterval(() => socket.writable && socket.write(drop), 20)
  return promise.finally(() => clearInterval(dropping))
}

const certificate = () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-tls-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  const made = ['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-days', '2']
  execFileSync('openssl', [...made, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert, key }
}

const head = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'
const slow = [
  ['says nothing', '', ''],
  ['stops in the first line', 'GET /hea', ''],
  ['sends a header a letter at a time', `${head}X-Slow: `, 'a'],
  ['never ends its headers', head, 'X-More: 1\r\n'],
  ['never ends its body', 'POST /api/ws-ticket HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n', 'a'],
] as const

test.each(slow)('a client that %s is let go', async (_, begin, drop) => {
  const { server } = await openServer({}, { timeouts })
  expect(await heldFor(server.url, begin, drop)).toBeLessThan(10_000)
})

test('over TLS too, and in the middle of the handshake', async () => {
  const { server } = await openServer({ tls: certificate() }, { timeouts })
  const held = [heldFor(server.url, '', ''), ...slow.map(([, begin, drop]) => heldFor(server.url, begin, drop, true))]
  for (const ms of await Promise.all(held)) expect(ms).toBeLessThan(10_000)
})

test('a client in the middle of a TLS handshake does not keep the server from closing', async () => {
  const { server } = await openServer({ tls: certificate() })
  const held = heldFor(server.url, '', '')
  // A second connection that is answered shows that the first one has been accepted.
  await new Promise((resolve) =>
    get(`${server.url}/healthz`, { rejectUnauthorized: false }, (answer) => resolve(answer.resume())),
  )
  await server.close()
  await held
})

test('the promise of ten seconds holds within one', () => {
  expect(clientTimeouts.headersMs + clientTimeouts.checkMs).toBeLessThanOrEqual(11_000)
})
