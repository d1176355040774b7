import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { rollcall } from '../../integration/rollcall.ts'
import { hasKafka, readTopics } from '../../support/kafka/broker.ts'
import { expectToWait, useHangingBroker } from './hanging-broker.ts'

describe.skipIf(!hasKafka)('a broker that answers some requests and hangs at others', () => {
  const setting = useHangingBroker()

  test.each(['Metadata', 'InitProducerId', 'CreateTopics'] as const)(
    'at %s: publishing goes on, a warning says so, and each event comes once it answers',
    (kind) => expectToWait(kind, setting()),
  )

  test('the whole program: a warning at /readyz, an end in ten seconds, and the next start sends what waited', async () => {
    const { broker, proxy, directory, settings } = setting()
    const config = {
      cameras: { door: { url: 'rtsp://127.0.0.1:1/', backoff: { firstMs: 200, maxMs: 400 } } },
      http: { port: 0 },
      state: { directory: null },
      sinks: {
        events: join(directory, 'events.jsonl'),
        kafka: { ...settings, requestTimeoutMs: 1000, spool: { directory: join(directory, 'spool') } },
      },
    }
    const file = join(directory, 'site.yaml')
    writeFileSync(file, JSON.stringify(config))
    proxy.swallow('Produce')
    const first = rollcall(['run', '--config', file])
    onTestFinished(() => first.kill('SIGKILL'))
    const url = await first.until('the address', () => /"url":"([^"]+)"/.exec(first.stderr())?.[1])
    const ready = async () => {
      const answer = await fetch(`${url}/readyz`)
      return { status: answer.status, ...((await answer.json()) as { reasons: string[]; warnings: string[] }) }
    }
    await expect
      .poll(ready, { timeout: 40_000, interval: 200 })
      .toMatchObject({ status: 200, warnings: [expect.stringMatching(/take no events .*wait on disk/)] })
    const fromMs = performance.now()
    first.kill('SIGTERM')
    expect(await first.exited, first.stderr()).toBe(0)
    expect(performance.now() - fromMs).toBeLessThan(10_000)
    const written = readFileSync(join(directory, 'events.jsonl'), 'utf8').trim().split('\n')
    const ids = written.map((line) => (JSON.parse(line) as { id: string }).id)

    proxy.swallow()
    const second = rollcall(['run', '--config', file])
    onTestFinished(() => second.kill('SIGKILL'))
    const topic = `${settings.topicPrefix}cameras.v1`
    const missing = async () => {
      const got = new Set((await readTopics(broker.plain, [topic])).map(({ headers }) => headers.ce_id))
      return ids.filter((id) => !got.has(id))
    }
    await second.until('it takes events', () => second.stderr().includes('kafka takes events'))
    await expect.poll(missing, { timeout: 20_000 }).toEqual([])
    second.kill('SIGTERM')
    expect(await second.exited).toBe(0)
  })
})
