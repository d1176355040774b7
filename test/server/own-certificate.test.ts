import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { namesOfThisMachine, ownCertificate } from '../../src/server/own-certificate.ts'
import { openServer } from './open-server.ts'

const directory = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-own-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return join(made, 'tls')
}
const names = ['localhost', 'door', '127.0.0.1', '::1']
const nowMs = Date.now()
const day = 86_400_000

test('is made once, for the names and addresses of this machine, and kept', () => {
  const place = directory()
  const first = ownCertificate(place, names, nowMs)
  const certificate = new X509Certificate(first.cert)
  for (const name of ['localhost', 'door']) expect(certificate.checkHost(name), name).toBe(name)
  for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address), address).toBe(address)
  expect(Date.parse(certificate.validTo) - nowMs).toBeGreaterThan(390 * day)
  expect(statSync(join(place, 'key.pem')).mode & 0o777).toBe(0o600)
  expect(ownCertificate(place, names, nowMs)).toEqual({ ...first, isNew: false })
})

test('is renewed before it ends, and when the machine gets another address, with the same key and the names before', () => {
  const place = directory()
  const first = ownCertificate(place, names, nowMs)
  expect(ownCertificate(place, names, nowMs + 360 * day).isNew).toBe(false)
  expect(ownCertificate(place, names, nowMs + 370 * day)).toMatchObject({ isNew: true, key: first.key })
  const moved = ownCertificate(place, ['localhost', '192.0.2.7'], nowMs)
  const certificate = new X509Certificate(moved.cert)
  expect([moved.isNew, certificate.checkIP('192.0.2.7'), certificate.checkHost('door')]).toEqual([
    true,
    '192.0.2.7',
    'door',
  ])
})

test('what a crash has left is made anew: a torn key, a key without its certificate, the key of another one', () => {
  const [place, other] = [directory(), directory()]
  const first = ownCertificate(place, names, nowMs)
  const another = ownCertificate(other, names, nowMs)
  const [cert, key] = [join(place, 'cert.pem'), join(place, 'key.pem')]
  const leave: readonly (() => void)[] = [
    () => writeFileSync(key, first.key.subarray(0, 60)),
    () => writeFileSync(key, ''),
    () => rmSync(key),
    () => rmSync(cert),
    () => writeFileSync(key, another.key),
  ]
  for (const each of leave) {
    each()
    const made = ownCertificate(place, names, nowMs)
    expect([made.isNew, new X509Certificate(made.cert).checkPrivateKey(createPrivateKey(made.key))]).toEqual([
      true,
      true,
    ])
    expect(ownCertificate(place, names, nowMs).isNew).toBe(false)
    expect(readdirSync(place).toSorted()).toEqual(['cert.pem', 'key.pem'])
  }
})

test('without openssl, or a place to write, the sentence says what to do', () => {
  vi.stubEnv('PATH', '/nonexistent')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(() => ownCertificate(directory(), names, nowMs)).toThrow('http.tls: auto: the command openssl is missing')
  expect(() => ownCertificate('/dev/null/tls', names, nowMs)).toThrow(/^http\.tls: auto: ENOTDIR/)
})

test('this machine is called by its host name and its addresses', () => {
  expect(namesOfThisMachine()).toEqual(expect.arrayContaining(['localhost', hostname(), '127.0.0.1']))
})

test('http.tls: auto speaks HTTPS with it, and says in one line how to trust it', async () => {
  const place = directory()
  const { server, lines } = await openServer({ tls: 'auto' }, { certificateDirectory: place })
  const { cert } = ownCertificate(place, ['localhost'], nowMs)
  const agent = new Agent({ ca: cert })
  const response = await new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
    get(`${server.url}/healthz`, { agent }, (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode, hsts: answer.headers['strict-transport-security'] })
    }).on('error', reject)
  })
  agent.destroy()
  expect(response).toEqual({ status: 200, hsts: undefined })
  const told = lines.filter(({ message }) => message.startsWith('http.tls: auto'))
  expect(told).toHaveLength(1)
  expect(told[0]?.fields).toMatchObject({ file: join(place, 'cert.pem') })
})

test('without a state directory it lasts for one run, and leaves no key behind', async () => {
  const { server, lines } = await openServer({ tls: 'auto' })
  expect(server.url).toMatch(/^https:/)
  expect(lines.some(({ message }) => message.includes('another one in each run'))).toBe(true)
  expect(existsSync(join(tmpdir(), 'rollcall-tls-', 'key.pem'))).toBe(false)
})
