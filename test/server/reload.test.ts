import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { httpOptions } from '../../src/server/options.ts'
import { scratchDirectory } from '../support/footage.ts'
import { openServer } from './open-server.ts'

const directory = scratchDirectory

/** The files of a certificate for this name. */
const certificate = (root: string, name: string): { readonly cert: string; readonly key: string } => {
  const [cert, key] = [join(root, `${name}.pem`), join(root, `${name}.key`)]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  execFileSync('openssl', [...made, '-subj', `/CN=${name}`, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert, key }
}

const nameAt = async (url: string): Promise<unknown> => {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { subject } = socket.getPeerCertificate()
  socket.destroy()
  return subject.CN
}

test('a renewed certificate is shown to new connections; one that does not fit its key changes nothing', async () => {
  const root = directory()
  const [first, second] = [certificate(root, 'first'), certificate(root, 'second')]
  const { server } = await openServer({ tls: first })
  expect(await nameAt(server.url)).toBe('first')
  copyFileSync(second.cert, first.cert)
  expect(() => server.reload(httpOptions.parse({ tls: first }))).toThrow(/http\.tls/)
  expect(await nameAt(server.url)).toBe('first')
  copyFileSync(second.key, first.key)
  expect(server.reload(httpOptions.parse({ tls: first }))).toEqual(['http.tls (certificate and key)'])
  expect(await nameAt(server.url)).toBe('second')
})

test('tokens are exchanged, and never taken away altogether', async () => {
  const tokens = (token: string) => [{ name: 'wall', scopes: ['read'], token }]
  const [before, after] = ['kT4vQ9xLr2WmZ8sB1nHd', 'pY7cJ3gFe6UaX0oR5iNq']
  const { server } = await openServer({ auth: { mode: 'on', tokens: tokens(before) } })
  const status = async (token: string) =>
    (await fetch(`${server.url}/api/people`, { headers: { authorization: `Bearer ${token}` } })).status
  const next = (auth: object) => httpOptions.parse({ auth: { mode: 'on', ...auth } })
  expect(server.reload(next({ tokens: tokens(after) }))).toEqual(['http.auth.tokens'])
  expect([await status(before), await status(after)]).toEqual([401, 200])
  expect(() => server.reload(next({}))).toThrow(/http\.auth\.tokens: expected at least one/)
  expect(await status(after)).toBe(200)
})
