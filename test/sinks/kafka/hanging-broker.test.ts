import { describe, expect, test } from 'vitest'
import { hasKafka } from '../../support/kafka/broker.ts'
import { events, expectToWait, idsOf, open, useHangingBroker } from './hanging-broker.ts'

describe.skipIf(!hasKafka)('a broker that answers some requests and hangs at others', () => {
  const setting = useHangingBroker()

  // The first request of a client, and the one that carries events; the others are in hanging-broker.long.test.ts.
  test.each(['ApiVersions', 'Produce'] as const)(
    'at %s: publishing goes on, a warning says so, and each event comes once it answers',
    (kind) => expectToWait(kind, setting()),
    60_000,
  )

  test('in the middle of the stream, and to the end: closing is in time, the next start sends the rest, none twice', async () => {
    const { proxy, directory, read, settings } = setting()
    proxy.swallow()
    const first = await open({ ...settings, requestTimeoutMs: 30_000 }, directory)
    await first.sink.publish(events(0))
    await expect.poll(first.waiting, { timeout: 20_000 }).toBe(0)
    const before = proxy.swallowed()
    proxy.swallow('Produce')
    await first.sink.publish(events(20))
    await expect.poll(() => proxy.swallowed(), { timeout: 20_000 }).toBeGreaterThan(before)
    const fromMs = performance.now()
    await first.sink.close()
    expect(performance.now() - fromMs).toBeLessThan(5000)
    expect(first.logged.join('\n')).toContain('kafka events stay on disk until the next start {"events":40}')
    proxy.swallow()
    const second = await open(settings, directory)
    await expect.poll(second.waiting, { timeout: 20_000 }).toBe(0)
    await second.sink.close()
    expect(await read()).toEqual(idsOf([...events(0), ...events(20)]))
  }, 60_000)
})
