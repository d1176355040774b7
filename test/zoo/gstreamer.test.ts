import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadPersonalities } from '../../simulator/personalities.ts'
import type { Personality } from '../../simulator/personality.ts'
import { startPersonality } from '../../simulator/start-personality.ts'
import { quote } from '../../src/ingest/quote.ts'
import { gstLaunch } from '../support/gst.ts'
import { zooLoop } from './footage.ts'

/** Of the cameras that Rollcall gets a picture from, those from which GStreamer 1.22 alone gets none within five seconds. */
const failing: Readonly<Record<string, string>> = {
  'avp-not-tcp': 'waits for UDP',
  'cseq-missing': 'waits for the number of its request',
  'login-digest-qop': 'answers without the count that is asked for',
  'login-odd-realm': 'ends the realm at the first quote',
  'login-sha-256': 'knows MD5 only',
  'other-channels-unsaid': 'does not take what it asked for',
  'transport-unsaid': 'does not take what it asked for',
}

const directory = mkdtempSync(join(tmpdir(), 'rollcall-zoo-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** Some programs at a time, so that each has its share of two cores. */
const together = 4

/** Whether GStreamer's own client decodes a picture. */
const decodes = async (url: string, { client = {}, quirks }: Personality): Promise<boolean> => {
  const login = client.login ?? quirks.auth
  const protocols = { tcp: 'tcp', udp: 'udp', auto: 'tcp+udp' }[client.transport ?? 'tcp']
  const { code } = await gstLaunch(
    [
      `rtspsrc location=${url} protocols=${protocols} timeout=1500000 latency=100`,
      ...(login ? [`user-id=${quote(login.user)} user-pw=${quote(login.password)}`] : []),
      '! rtph264depay ! h264parse ! avdec_h264 ! identity eos-after=2 ! fakesink',
    ].join(' '),
    8000,
  )
  return code === 0
}

test('GStreamer’s own client fails where it is known to, and nowhere else', { timeout: 120_000 }, async () => {
  const loop = await zooLoop(directory)
  const waiting = [...(await loadPersonalities())].filter(([, { expect }]) => expect === 'picture')
  const failed: string[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, personality] = next
      const running = await startPersonality(name, personality, loop)
      if (!(await decodes(running.url, personality))) failed.push(name)
      await running.close()
    }
  }
  await Promise.all(Array.from({ length: together }, work))
  expect(failed.sort()).toEqual(Object.keys(failing))
})
