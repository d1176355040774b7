import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { checkMqtt } from '../../../src/commands/doctor/mqtt.ts'
import { checkSeam } from '../../../src/commands/doctor/seam.ts'
import { checkTraces } from '../../../src/commands/doctor/traces.ts'
import { checkWebhooks } from '../../../src/commands/doctor/webhooks.ts'
import { configSchema } from '../../../src/config/config.ts'
import { kafkaClient } from '../../../src/kafka/client.ts'
import { openWantedCameras } from '../../../src/placement/keep-wanted.ts'
import { type KafkaTarget, kafkaOptions } from '../../../src/sinks/kafka/options.ts'
import { startBroker } from '../../sinks/mqtt/broker.ts'
import { silent } from '../../site/site.ts'
import { hasKafka } from '../../support/kafka/broker.ts'
import { sharedBroker } from '../../support/kafka/shared-broker.ts'
import { openCollector } from '../../telemetry/collector.ts'

const secret = `whsec_${'a'.repeat(43)}=`

test('webhooks: who answers, who does not, who may not be posted to; nothing is posted, and no path is shown', async () => {
  const methods: (string | undefined)[] = []
  const server = createServer(({ method }, response) => {
    methods.push(method)
    response.writeHead(405).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hidden`
  const webhooks = {
    here: { url, secret, allow: ['127.0.0.1'] },
    away: { url: 'http://127.0.0.1:1/hidden', secret, allow: ['127.0.0.1'] },
    private: { url, secret },
  }
  const found = await checkWebhooks(configSchema.parse({ sinks: { webhooks } }))
  expect(found.map(({ verdict, detail }) => [verdict, detail])).toEqual([
    ['good', 'answers; nothing was posted'],
    ['bad', expect.stringContaining('ECONNREFUSED')],
    ['bad', expect.stringContaining('Add 127.0.0.1 to allow')],
  ])
  expect(methods).toEqual(['HEAD'])
  expect(JSON.stringify(found)).not.toMatch(/hidden|whsec/)
})

test('MQTT: whether the broker lets it in; nothing is published', async () => {
  const broker = await startBroker((user, password) => user === 'viewer' && password === 'right')
  const check = (password: string, at = broker.url) =>
    checkMqtt(configSchema.parse({ sinks: { mqtt: { broker: at, user: 'viewer', password } } }))
  expect(await check('right')).toMatchObject([{ verdict: 'good', detail: 'lets this program in' }])
  const [refused] = await check('wrong-password')
  expect(refused).toMatchObject({ verdict: 'bad', detail: expect.stringMatching(/not authorized/i) })
  expect(JSON.stringify(refused)).not.toContain('wrong-password')
  expect(await check('right', 'mqtt://127.0.0.1:1')).toMatchObject([{ verdict: 'bad' }])
  expect(await checkMqtt(configSchema.parse({}))).toEqual([])
  expect(broker.got).toEqual([])
})

test('traces: whether the collector takes them; none is sent', async () => {
  const check = (endpoint: string | null) => checkTraces(configSchema.parse({ telemetry: { traces: { endpoint } } }))
  const taking = await openCollector()
  expect(await check(taking.endpoint)).toMatchObject([{ verdict: 'good', detail: 'the collector takes them' }])
  expect([taking.bodies.length, taking.spans]).toEqual([1, []])
  const refusing = await openCollector(401)
  expect(await check(refusing.endpoint)).toMatchObject([{ verdict: 'poor', fix: expect.stringContaining('_HEADERS') }])
  expect(await check('http://127.0.0.1:1')).toMatchObject([{ detail: expect.stringContaining('ECONNREFUSED') }])
  const endless = createServer((_, answer) => {
    const drip = setInterval(() => answer.write(' '), 100)
    answer.on('close', () => clearInterval(drip))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void endless.close())
  await once(endless, 'listening')
  const { port } = endless.address() as AddressInfo
  expect(await check(`http://127.0.0.1:${port}`)).toMatchObject([
    { verdict: 'poor', detail: 'its answer does not end' },
  ])
  expect(await check(null)).toEqual([])
})

test('the seam: nobody asks without one, and brokers that are away are said', async () => {
  expect(await checkSeam(configSchema.parse({}))).toEqual([])
  const seam = { kafka: { brokers: ['127.0.0.1:1'] } }
  expect(await checkSeam(configSchema.parse({ seam }))).toMatchObject([
    { verdict: 'bad', detail: expect.stringContaining('ECONNREFUSED') },
  ])
})

test.skipIf(!hasKafka)(
  'the seam: topics that will be made, slots that are others, faces that are not sealed',
  async () => {
    const { plain } = await sharedBroker()
    const topicPrefix = `${randomUUID()}.`
    const check = (kafka: object, more: object = {}) =>
      checkSeam(configSchema.parse({ seam: { kafka: { brokers: [plain], topicPrefix, ...kafka }, ...more } }))
    const sealingKey = Buffer.alloc(32).toString('base64')
    const faces = `${topicPrefix}faces.v1.site`
    expect(await check({ sealingKey })).toMatchObject([
      { verdict: 'good', detail: `answers; ${faces} will be created` },
    ])
    expect(await check({ sealingKey, createTopics: false })).toMatchObject([
      { verdict: 'bad', detail: `no topic ${faces}` },
    ])
    expect(await check({ sealingKey }, { stateTopic: true })).toMatchObject([
      { verdict: 'good', detail: `answers; ${faces}, ${topicPrefix}state.v1.site will be created` },
    ])
    const kafka = kafkaClient(kafkaOptions.parse({ brokers: [plain] }) as KafkaTarget, silent)
    const wanted = await openWantedCameras({
      kafka,
      topicPrefix,
      site: 'site',
      slots: 2,
      createTopics: true,
      replicationFactor: null,
      log: silent,
    })
    await wanted.close()
    expect(await check({}, { cameraSlots: 4 })).toMatchObject([
      { verdict: 'good' },
      { verdict: 'poor', detail: '2 partitions, and seam.cameraSlots is 4: the partitions count' },
      { verdict: 'poor', what: 'seam.kafka.sealingKey' },
    ])
  },
)
