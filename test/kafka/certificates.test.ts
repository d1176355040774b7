import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { kafkaClient } from '../../src/kafka/client.ts'
import { openPemFile } from '../../src/pem-file.ts'
import { kafkaOptions } from '../../src/sinks/kafka/options.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { silent } from '../site/site.ts'
import { eventually } from '../support/eventually.ts'

/** A certificate that vouches for itself, and its key: of a server, or of one of its clients. */
const certificate = (directory: string, name: string) => {
  const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)]
  const made = ['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '2']
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', [...made, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key, cert }
}

test('certificates that are exchanged while it runs are used by the next connection to Kafka', async () => {
  const directory = temporaryDirectory()
  const server = certificate(directory, 'server')
  const clients = ['before', 'after'].map((name) => certificate(directory, name))
  const used = { key: join(directory, 'used.key'), cert: join(directory, 'used.crt') }
  const use = (which: number): void => {
    for (const part of ['key', 'cert'] as const) copyFileSync(clients[which]?.[part] ?? '', used[part])
  }
  const seen: string[] = []
  const listener = createServer(
    {
      key: readFileSync(server.key),
      cert: readFileSync(server.cert),
      ca: clients.map(({ cert }) => readFileSync(cert)),
      requestCert: true,
    },
    (socket: TLSSocket) => {
      socket.on('error', () => undefined)
      seen.push(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    },
  )
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  onTestFinished(() => void listener.close())

  use(0)
  const brokers = [`127.0.0.1:${(listener.address() as AddressInfo).port}`]
  const options = kafkaOptions.parse({ brokers, tls: { enabled: true, ca: server.cert, ...used } })
  const kafka = kafkaClient({ ...options, brokers, requestTimeoutMs: 500 }, silent)
  const connect = () =>
    kafka
      .admin()
      .connect()
      .catch(() => undefined)
  await connect()
  await eventually(() => expect(new Set(seen)).toEqual(new Set(['before'])))
  use(1)
  await connect()
  await eventually(() => expect(seen.at(-1)).toBe('after'))
})

test('a file of TLS that is being exchanged gives what it had', () => {
  const file = join(temporaryDirectory(), 'ca.pem')
  expect(() => openPemFile(file, 'sinks.mqtt.tls.ca')).toThrow(
    expect.objectContaining({ code: 'SINK', message: expect.stringContaining('sinks.mqtt.tls.ca: ENOENT') }),
  )
  writeFileSync(file, 'one')
  const read = openPemFile(file, 'sinks.mqtt.tls.ca')
  writeFileSync(file, '')
  expect(String(read())).toBe('one')
  writeFileSync(file, 'two')
  expect(String(read())).toBe('two')
})
