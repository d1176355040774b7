import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createSecureContext, createServer } from 'node:tls'
import { queryObjects } from 'node:v8'
import { expect, onTestFinished, test } from 'vitest'
import { dial, placeOf, tlsOptions } from '../../../src/ingest/relay/target.ts'
import { scratchDirectory } from '../../support/footage.ts'

const SecureContext = createSecureContext().constructor as new () => object
const contexts = (): number => Number(queryObjects(SecureContext, { format: 'count' }))

test('connections over TLS share their certificates and ciphers', async () => {
  const [key, cert] = ['key.pem', 'cert.pem'].map((file) => join(scratchDirectory(), file))
  const made = ['-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1']
  execFileSync('openssl', [...'req -x509 -newkey rsa:2048 -nodes'.split(' '), ...made], { stdio: 'ignore' })
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (client) => client.resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const ending = new AbortController()
  onTestFinished(() => {
    ending.abort()
    server.close()
  })
  const place = placeOf(`rtsps://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await dial(place, false, ending.signal)
  const before = contexts()
  const sockets = await Promise.all(Array.from({ length: 10 }, () => dial(place, false, ending.signal)))
  expect(sockets).toHaveLength(10)
  expect(contexts()).toBe(before)
  // A certificate that nobody vouches for is still refused.
  await expect(dial(place, true, ending.signal)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
})

test('of verified connections too, whatever the host', () => {
  expect(tlsOptions('camera.example', true).secureContext).toBe(tlsOptions('10.0.0.5', true).secureContext)
  expect(tlsOptions('camera.example', true).secureContext).not.toBe(tlsOptions('camera.example', false).secureContext)
})
