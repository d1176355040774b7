import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { loadPersonalities } from '../../simulator/personalities.ts'
import type { Personality } from '../../simulator/personality.ts'
import { footageOf, startPersonality } from '../../simulator/start-personality.ts'
import { quote } from '../../src/ingest/quote.ts'
import { gstLaunch } from '../support/gst.ts'
import { zooLoop } from './footage.ts'
import { inTurn } from './in-turn.ts'
import { footageDirectory } from './watch.ts'

const noSign = 'sends no sign of life over TCP while pictures come'
const doesNotReturn = 'does not come back by itself'

/** Of the cameras that Rollcall gets a picture from, those from which GStreamer 1.22 alone gets none, or not for long. */
export const failing: Readonly<Record<string, string>> = {
  'annex-b-leading': 'takes the start code for a NAL unit',
  'avp-not-tcp': 'waits for UDP',
  'base-bare-ipv6': 'cannot read the Content-Base, and has no other',
  'base-doubled': 'cannot read the Content-Base, and has no other',
  'base-without-scheme': 'cannot read the Content-Base, and has no other',
  'codec-change': doesNotReturn,
  'codec-change-reconnect': doesNotReturn,
  'control-query': 'puts the control attribute behind the query',
  'cseq-missing': 'waits for the number of its request',
  deaf: noSign,
  'keepalive-content-base': noSign,
  'keepalive-get-parameter': noSign,
  'keepalive-options': noSign,
  'keepalive-refused': noSign,
  'keepalive-unannounced': noSign,
  'keepalive-unanswered': noSign,
  'login-digest-qop': 'answers without the count that is asked for',
  'login-nonce-changes': noSign,
  'login-odd-realm': 'ends the realm at the first quote',
  'login-sha-256': 'knows MD5 only',
  'old-session-sends-on': doesNotReturn,
  'one-session': doesNotReturn,
  'other-channels-unsaid': 'does not take what it asked for',
  'sdp-fmtp-elsewhere': 'fails with another track than the video',
  'sdp-no-map': 'knows no encoding without a map',
  'sdp-trailing-spaces': 'takes the space for a part of the clock rate',
  'sdp-unknown-media': 'fails with another track than the video',
  'session-id-changes': noSign,
  'timeout-five-seconds': noSign,
  'transport-unsaid': 'does not take what it asked for',
}

/** Reasons that show only in time: how long it takes depends on the machine. */
export const inTime: readonly string[] = [noSign, doesNotReturn]

/** Of the footage of those that have to last. */
const fps = 30

/** Some programs at a time, so that each has its share of two cores. */
const together = 12

/** Whether GStreamer's own client decodes a picture, and goes on doing so for as long as is expected. */
const decodes = async (url: string, { client = {}, quirks, lastsMs = 0 }: Personality): Promise<boolean> => {
  const login = client.login ?? quirks.auth
  const protocols = { tcp: 'tcp', udp: 'udp', auto: 'tcp+udp' }[client.transport ?? 'tcp']
  const startedAtMs = performance.now()
  // An end of the stream before that many pictures is the camera's, and comes too early.
  const pictures = 2 + Math.ceil((lastsMs / 1000) * fps)
  const { code } = await gstLaunch(
    [
      `rtspsrc location=${url} protocols=${protocols} timeout=1500000 latency=100`,
      ...(login ? [`user-id=${quote(login.user)} user-pw=${quote(login.password)}`] : []),
      `! decodebin ! identity eos-after=${pictures} ! fakesink`,
    ].join(' '),
    8000 + 2 * lastsMs,
  )
  return code === 0 && performance.now() - startedAtMs >= lastsMs
}

/**
 * Watches the cameras that `isWanted` names, of those that Rollcall gets a picture from, with GStreamer's own client: it
 * fails where it is known to (`failing`), and nowhere else.
 */
export const expectFailing = async (isWanted: (name: string) => boolean): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-zoo-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const loop = await zooLoop(directory)
  const cameras = [...(await loadPersonalities())].filter(
    ([name, { expect }]) => expect === 'picture' && isWanted(name),
  )
  const failed = new Set<string>()
  const look = async ([name, personality]: (typeof cameras)[number]): Promise<void> => {
    const running = await startPersonality(name, personality, await footageOf(personality, loop, footageDirectory))
    if (await decodes(running.url, personality)) failed.delete(name)
    else failed.add(name)
    await running.close()
  }
  await inTurn(
    cameras.toSorted(([, a], [, b]) => (b.lastsMs ?? 0) - (a.lastsMs ?? 0)),
    together,
    look,
  )
  // A machine that is busy with something else is late for some.
  const unexpected = cameras.filter(([name]) => failed.has(name) && !Object.hasOwn(failing, name))
  await inTurn(unexpected, 1, look)
  expect([...failed].sort()).toEqual(Object.keys(failing).filter(isWanted))
}
