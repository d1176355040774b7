import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { networkFailure } from '../../../src/ingest/relay/network-failure.ts'
import { scratchDirectory } from '../../support/footage.ts'
import { ask, refusalOf } from './ask.ts'
import { peer } from './peers.ts'

/** A TLS server that answers every RTSP request with success, with a certificate of its own. */
const secure = async (openssl: string): Promise<number> => {
  const directory = scratchDirectory()
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const asked = `req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${cert} ${openssl}`
  const made = spawnSync('openssl', asked.split(' '))
  if (made.status !== 0) throw new Error(made.stderr.toString())
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    socket.on('error', () => {}).on('data', () => socket.write('RTSP/1.0 404 No\r\n\r\n'))
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const mine = '-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1'

describe('certificates', () => {
  test('one that nobody vouches for is refused, unless it need not be', async () => {
    const port = await secure(`-days 2 ${mine}`)
    for (const scheme of ['rtsps', 'https']) {
      const url = `${scheme}://127.0.0.1:${port}/s`
      expect(await refusalOf(url)).toMatchObject({
        code: 'CAMERA_UNREACHABLE',
        says: expect.stringContaining('self-signed'),
        remedy: expect.stringContaining('tlsVerify: false'),
        retry: 'rarely',
      })
    }
    const { says } = await refusalOf(`rtsps://127.0.0.1:${port}/s`, { tlsVerify: false })
    expect(says).toContain('404')
  })

  test.each([
    ['CERT_HAS_EXPIRED', /expired/, /clock/],
    ['CERT_NOT_YET_VALID', /not valid yet/, /clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /for another host/, /name that is in the certificate/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /issuer is unknown/, /tlsVerify/],
    ['CERT_REVOKED', /not trusted \(CERT_REVOKED\)/, /tlsVerify/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /agree on TLS/, /firmware/],
  ])('%s', (code, says, remedy) => {
    expect(networkFailure('cam:322', Object.assign(new Error(), { code }))).toMatchObject({
      says: expect.stringMatching(says),
      remedy: expect.stringMatching(remedy),
    })
  })

  test('a port without TLS is named', async () => {
    const port = await peer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    expect((await refusalOf(`rtsps://127.0.0.1:${port}/s`)).says).toMatch(/does not speak TLS/)
    expect((await refusalOf(`https://127.0.0.1:${port}/s`)).says).toMatch(/does not speak TLS/)
  })
})

test.each(['rtsp', 'http'])('%s: nobody listens', async (scheme) => {
  expect(await refusalOf(`${scheme}://127.0.0.1:1/s`)).toMatchObject({
    code: 'CAMERA_UNREACHABLE',
    says: 'nobody listens at 127.0.0.1:1: it refuses the connection',
  })
})

test.each(['rtsp', 'http'])(
  '%s: a name that nobody has',
  async (scheme) => {
    const { refused } = await ask(`${scheme}://camera.invalid/s`, { answerMs: 20_000 })
    expect(refused?.says).toMatch(/^the name camera.invalid is unknown$|^the name server does not answer/)
  },
  180_000,
)

test.each(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EACCES', 'EMFILE', 'EWHATEVER'])('%s has a remedy', (code) => {
  const failure = networkFailure('cam:554', Object.assign(new Error(), { code }))
  expect(failure.says).toMatch(/cam:554/)
  expect(failure.remedy).toBeTruthy()
})

test('when both families of addresses fail, the first failure is told', () => {
  const refused = Object.assign(new Error(), { code: 'ECONNREFUSED' })
  expect(networkFailure('cam', new AggregateError([refused])).says).toContain('refuses')
})
