import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { Aedes } from 'aedes'
import { connectAsync } from 'mqtt'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../../src/metrics.ts'
import { openMqtt } from '../../../src/sinks/mqtt/mqtt-sink.ts'
import { type MqttTarget, mqttOptions } from '../../../src/sinks/mqtt/options.ts'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { silent } from '../../site/site.ts'
import { eventually } from '../../support/eventually.ts'
import { ruleFired } from '../events.ts'

const open = async (given: object) => {
  const sink = await openMqtt(mqttOptions.parse(given) as MqttTarget, {
    site: 'home',
    state: () => ({ cameras: [], people: [], openSightings: [] }),
    isDeleted: () => false,
    nameOf: () => null,
    directory: temporaryDirectory(),
    metrics: createMetrics(new Registry()),
    log: silent,
    time: { nowMs: Date.now },
  })
  onTestFinished(() => sink.close())
  return sink
}

/** A certificate for localhost that nobody vouches for. */
const certificate = (): { readonly key: string; readonly cert: string } => {
  const directory = temporaryDirectory()
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const made = ['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '2']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', [...made, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key, cert }
}

test('speaks TLS with a broker whose certificate is trusted, and with no other', async () => {
  const { key, cert } = certificate()
  const aedes = await Aedes.createBroker()
  const topics: string[] = []
  aedes.on('publish', ({ topic }) => topics.push(topic))
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => aedes.handle(socket))
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    aedes.close()
    server.close()
  })
  const broker = `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`
  const trusting = await open({ broker, tls: { ca: cert } })
  await trusting.publish([ruleFired('night', 'p-1')])
  await eventually(() => expect(topics).toContain('rollcall/home/rules/night'))
  const wary = await open({ broker, clientId: 'wary' })
  await eventually(() => expect(wary.warnings().join()).toMatch(/self.signed certificate/))
  await expect(open({ broker, tls: { ca: '/nowhere.pem' } })).rejects.toThrow(/^sinks\.mqtt\.tls\.ca: ENOENT/)
})

const hasMosquitto = spawnSync('mosquitto', ['-h']).error === undefined
if (!hasMosquitto) console.warn('MQTT is not tried with mosquitto: it is not installed')

const freePort = async (): Promise<number> => {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test.skipIf(!hasMosquitto)('mosquitto takes it all: what is retained, what happens, and the last will', async () => {
  const port = await freePort()
  const file = join(temporaryDirectory(), 'mosquitto.conf')
  writeFileSync(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser ${process.env.USER ?? 'root'}\n`,
  )
  const mosquitto = spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
  onTestFinished(() => void mosquitto.kill())
  const url = `mqtt://127.0.0.1:${port}`
  const reader = await eventually(() => connectAsync(url, { reconnectPeriod: 0 }, false))
  onTestFinished(() => reader.endAsync(true))
  const got: string[] = []
  reader.on('message', (topic, payload) => got.push(`${topic} ${String(payload)}`))
  await reader.subscribeAsync('rollcall/#', { qos: 1 })
  const sink = await open({ broker: url })
  await sink.publish([ruleFired('night', 'p-1')])
  await eventually(() => expect(got.some((text) => text.startsWith('rollcall/home/rules/night {'))).toBe(true))
  expect(got).toContain('rollcall/home/status online')
  await sink.close()
  await eventually(() => expect(got).toContain('rollcall/home/status offline'))
})
