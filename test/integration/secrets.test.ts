import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { openClient, openSubscriber } from '../sinks/websocket/ws-clients.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { rollcall } from './rollcall.ts'

const loop = resolve(import.meta.dirname, '../../footage/lobby.mp4')
const secrets = {
  CAM_PASSWORD: 'camera-password-7f3a91',
  OLD_PASSWORD: 'changed-password-2be04d',
  WALL_TOKEN: 'token-of-the-wall-51c09e',
  KAFKA_PASSWORD: 'kafka-password-c3d820',
  TRIED: 'token-that-somebody-tried-88d1',
}

test('no password, token or ticket is in the log, an event, a metric or an answer of a full run', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-secrets-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const rtsp = await startRtspServer({ auth: { user: 'viewer', password: secrets.CAM_PASSWORD, scheme: 'digest' } })
  onTestFinished(() => rtsp.close())
  rtsp.addCamera('lobby', { loop: await readLoop(loop) })
  const broker = hasKafka ? await sharedBroker() : null
  const at = rtsp.url('lobby').replace('rtsp://', '')
  const file = join(directory, 'site.yaml')
  writeFileSync(
    file,
    [
      'cameras:',
      `  good: { url: "rtsp://viewer:\${CAM_PASSWORD}@${at}", maxFps: 5 }`,
      `  bad: { url: "rtsp://viewer:\${OLD_PASSWORD}@${at}" }`,
      'http:',
      '  port: 0',
      '  auth: { mode: on, tokens: [{ name: wall, scopes: [read], token: "${WALL_TOKEN}" }] }',
      'sinks:',
      '  kafka:',
      `    brokers: ["${broker?.secure ?? '127.0.0.1:1'}"]`,
      ...(broker ? [`    tls: { enabled: true, ca: ${broker.ca} }`] : []),
      // As it is on the wire, wrong: the broker refuses it, kafkajs and Rollcall say why.
      '    sasl: { mechanism: plain, username: rollcall, password: "${KAFKA_PASSWORD}" }',
      '    closeTimeoutMs: 0',
      `    spool: { directory: ${join(directory, 'spool')} }`,
      'log: { level: debug, format: json }',
    ].join('\n'),
  )
  const run = rollcall(['run', '--config', file, '--events', '-'], secrets)
  onTestFinished(() => run.kill('SIGKILL'))
  const url = await run.until('listening', () => /"url":"(http:[^"]+)"/.exec(run.stderr())?.[1], 60_000)
  await run.until('frames', () => run.events.filter(({ type }) => type === 'rollcall.frame.v1').length > 5, 90_000)
  await run.until(
    'a refused camera',
    () => run.events.some(({ type }) => type === 'rollcall.camera.offline.v1'),
    180_000,
  )

  const complaint = broker ? 'kafka takes no events' : 'kafka is away'
  await run.until('a broker that takes nothing', () => run.stderr().includes(complaint), 60_000)

  const answers: string[] = []
  const ask = async (path: string, token: string, method = 'GET'): Promise<Response> => {
    const response = await fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } })
    answers.push(`${JSON.stringify([...response.headers])} ${await response.clone().text()}`)
    return response
  }
  for (const path of [
    '/api/people',
    '/api/cameras',
    '/api/score',
    '/api/openapi.json',
    '/metrics',
    '/readyz',
    '/api/x',
  ]) {
    for (const token of [secrets.WALL_TOKEN, secrets.TRIED]) await ask(path, token)
    await ask(`${path}?token=${secrets.TRIED}`, 'x')
  }
  const ticketAnswer = await ask('/api/ws-ticket', secrets.WALL_TOKEN, 'POST')
  const { ticket } = (await ticketAnswer.json()) as { ticket: string }
  // The ticket's own answer is the one place where it belongs.
  answers.pop()
  const protocol = ['rollcall.v1', `rollcall.ticket.${ticket}`]
  const client = await openSubscriber(`${url.replace('http', 'ws')}/ws`, {}, { protocol })
  await expect(openClient(`${url.replace('http', 'ws')}/ws`, { protocol })).rejects.toThrow('401')
  await vi.waitFor(() => expect(client.texts.some(({ type }) => type === 'event')).toBe(true), 30_000)
  client.send({ type: 'subscribe', people: [secrets.TRIED], extra: secrets.WALL_TOKEN })
  await client.closed
  run.kill('SIGINT')
  await run.exited

  const output = {
    log: run.stderr(),
    events: run.lines.join('\n'),
    answers: answers.join('\n'),
    texts: JSON.stringify(client.texts),
  }
  expect(output.log, 'denied tries are in it').toContain('request denied')
  expect(output.answers).toContain('rollcall_http_denied_total{reason="token"')
  for (const [where, text] of Object.entries(output)) {
    expect(text.length, where).toBeGreaterThan(500)
    for (const [name, secret] of Object.entries({ ...secrets, ticket })) {
      expect(text.includes(secret), `${name} in ${where}`).toBe(false)
      expect(text.includes(encodeURIComponent(secret)), `${name} in ${where}`).toBe(false)
      expect(text.includes(Buffer.from(secret).toString('base64')), `${name} as base64 in ${where}`).toBe(false)
    }
  }
}, 240_000)
