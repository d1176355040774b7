import { expect, test } from 'vitest'
import { expectFailing, failing, inTime } from './gstreamer.ts'

/** One camera for each reason to fail that shows at once, and some of other kinds; `gstreamer.long.test.ts` tries all. */
const failingOnce = new Map(Object.entries(failing).map(([name, reason]) => [reason, name]))
for (const reason of inTime) failingOnce.delete(reason)
const working = ['good', 'login-basic', 'udp-only-auto']

test('GStreamer’s own client fails where it is known to, and nowhere else', { timeout: 180_000 }, async () => {
  const names = new Set([...failingOnce.values(), ...working])
  expect(failingOnce.size).toBeGreaterThan(10)
  await expectFailing((name) => names.has(name))
})
