import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { checkMqtt } from '../../../src/commands/doctor/mqtt.ts'
import { checkWebhooks } from '../../../src/commands/doctor/webhooks.ts'
import { configSchema } from '../../../src/config/config.ts'
import { startBroker } from '../../sinks/mqtt/broker.ts'

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
