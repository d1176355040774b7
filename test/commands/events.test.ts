import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { whoRuns } from '../../src/identity/store/running.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { rollcall, runToEnd } from '../integration/rollcall.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { type SharedBroker, sharedBroker } from '../support/kafka/shared-broker.ts'

const stopped = async (program: ReturnType<typeof rollcall>): Promise<number | null> => {
  program.kill('SIGINT')
  return program.exited
}

describe('rollcall events tail', () => {
  it('says what it wants, and what it could not reach', async () => {
    expect(await runToEnd(['events', 'tail', '--topics', 'frames,weather'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('found "weather"'),
    })
    const page = await runToEnd(['events', 'tail', '--url', 'http://127.0.0.1:9'])
    expect(page.stderr, 'the address of the page will do').toMatch(/SINK: ws:\/\/127\.0\.0\.1:9\/ws/)
    const away = await runToEnd(['events', 'tail', '--url', 'ws://127.0.0.1:9/ws'])
    expect(away).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/SINK: ws:\/\/127\.0\.0\.1:9.*ROLLCALL_TOKEN/),
    })
  }, 180_000)
})

describe.skipIf(!hasKafka)('a Rollcall that publishes to Kafka', () => {
  let broker: SharedBroker
  beforeAll(async () => {
    broker = await sharedBroker()
  }, 180_000)

  it('is followed from Kafka and from its WebSocket, which say the same; doctor finds the broker', async () => {
    const directory = temporaryDirectory()
    const state = join(directory, 'state')
    const config = join(directory, 'rollcall.yaml')
    const yaml = [
      'cameras: {door: {url: "rtsp://127.0.0.1:9/"}}',
      `state: {directory: ${state}}`,
      'http: {host: 127.0.0.1, port: 0}',
      `sinks: {kafka: {brokers: ["${broker.plain}"], spool: {directory: ${join(directory, 'spool')}}}}`,
    ]
    writeFileSync(config, yaml.join('\n'))
    const site = rollcall(['run', '--config', config])
    onTestFinished(async () => void (await stopped(site)))
    const url = await site.until('it listens', () => whoRuns(state)?.url ?? undefined, 60_000)
    await site.until('Kafka has the topics', () => site.stderr().includes('kafka takes events'), 60_000)

    const tails = [
      rollcall(['events', 'tail', '--kafka', broker.plain, '--topics', 'cameras', '--from-beginning']),
      rollcall(['events', 'tail', '--url', `${url.replace('http', 'ws')}/ws`, '--topics', 'cameras']),
    ] as const
    onTestFinished(() => {
      for (const tail of tails) tail.kill('SIGKILL')
    })
    const offline = (events: readonly { readonly type: string; readonly id: string }[]) =>
      events.filter(({ type }) => type === 'rollcall.camera.offline.v1').map(({ id }) => id)
    const [fromKafka, fromSocket] = tails
    const both = await fromSocket.until(
      'both have the same event',
      () => offline(fromSocket.events).find((id) => offline(fromKafka.events).includes(id)),
      120_000,
    )
    const pick = (tail: (typeof tails)[number]) => tail.events.find(({ id }) => id === both)
    expect(pick(fromKafka)).toEqual(pick(fromSocket))
    expect(await Promise.all(tails.map(stopped))).toEqual([0, 0])

    const doctor = await runToEnd(['doctor', '--config', config])
    expect(doctor.stdout).toContain(`kafka ${broker.plain}: answers, all topics are there`)
  }, 300_000)
})
