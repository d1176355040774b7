import { expect, test } from 'vitest'
import { jpegLoop } from '../../simulator/footage/jpeg-loop.ts'
import { joined, pcmLoop } from '../../simulator/footage/pcm-loop.ts'
import { h264, h265 } from '../../simulator/footage/test-picture.ts'
import type { Personality } from '../../simulator/personality.ts'
import { aggregated, plain } from '../../simulator/quirks/packing.ts'
import type { Packet, Quirks } from '../../simulator/quirks.ts'
import { footageOf } from '../../simulator/start-personality.ts'
import { createRelays } from '../../src/ingest/relay/relays.ts'
import { footageDirectory, watch } from '../zoo/watch.ts'

const size = [176, 96] as const
const [small264, small265] = [h264('gop-size=12'), h265(12)]
const [large264, large265] = [h264('gop-size=12', { size }), h265(12, '', { size })]

/** After ten pictures of a session its packets have another payload type. */
const renumbering: Quirks = {
  transport: {
    packets: () => {
      let pictures = 0
      return (packets) => (++pictures <= 10 ? packets : packets.map(renumbered))
    },
  },
}
const renumbered = ({ bytes, ...packet }: Packet): Packet => {
  const other = Buffer.from(bytes)
  other[1] = (other[1] & 0x80) | 110
  return { ...packet, bytes: other }
}

/** Half of the pictures are packed in one way, half in the other, each for a second. */
const repacking = (): Quirks => {
  let pictures = 0
  return { rtp: { payloads: (nals, picture) => (++pictures % 24 < 12 ? plain : aggregated)(nals, picture) } }
}

interface Change extends Pick<Personality, 'footage' | 'later' | 'client' | 'quirks' | 'size'> {
  /** What is said of it; null when pictures do not stop. */
  readonly says: RegExp | null
}

const later = (footage: NonNullable<Personality['later']>['footage']) => ({ footage, afterMs: 600, drops: false })
const to265 = /has changed from H\.264 to H\.265|describes H\.264, and sends H\.265/
const to264 = /has changed from H\.265 to H\.264|describes H\.265, and sends H\.264/

const changes: Readonly<Record<string, Change>> = {
  'H.264 to H.265': { footage: small264, later: later(large265), size, quirks: {}, says: to265 },
  'H.265 to H.264': { footage: small265, later: later(large264), size, quirks: {}, says: to264 },
  'H.264 to H.265 over UDP': {
    footage: small264,
    later: later(large265),
    client: { transport: 'udp' },
    size,
    quirks: {},
    says: to265,
  },
  'H.264 to H.265 in small packets': {
    footage: small264,
    later: later(large265),
    size,
    quirks: { rtp: { maxBytes: 100 } },
    says: to265,
  },
  'H.265 to H.264 with several NAL units in a packet': {
    footage: small265,
    later: later(large264),
    size,
    quirks: { rtp: { payloads: aggregated } },
    says: to264,
  },
  'H.264 to Motion JPEG': {
    footage: small264,
    later: later(() => jpegLoop({ width: 176, height: 96 })),
    size,
    quirks: {},
    says: / — /,
  },
  'the payload type': { footage: small264, quirks: renumbering, says: / — / },
  'the packets': { footage: small264, quirks: repacking(), says: null },
  'the size, of H.265': { footage: small265, later: later(large265), size, quirks: {}, says: null },
  'size and parameter sets, again and again': {
    footage: () => joined(pcmLoop(), pcmLoop({ width: 96, height: 80 })),
    quirks: {},
    says: null,
  },
}

/** Pictures still come so long after the first one: behind the change, and what is noticed of it. */
const lastsMs = 2500

// All at once: most of the time passes in the cameras.
test('whatever a camera changes in the middle of its stream, pictures go on', async () => {
  const relays = createRelays()
  const look = async ([name, { says, ...change }]: readonly [string, Change]) => {
    const personality: Personality = {
      kind: 'picture',
      does: name,
      expect: 'picture',
      lastsMs,
      breaks: true,
      ...change,
    }
    return [name, await watch(name, personality, pcmLoop(), relays), says, change.size] as const
  }
  // Encoders run before the cameras do.
  for (const change of Object.values(changes))
    await footageOf({ ...change, kind: 'picture', does: '', expect: 'picture' }, null, footageDirectory)
  const seen = await Promise.all(Object.entries(changes).map(look))
  await relays.close()
  for (const [name, { firstPictureMs, lastPictureMs, said, sizes }, says, last] of seen) {
    const all = `${name}: ${said.join('; ')}`
    expect((lastPictureMs ?? 0) - (firstPictureMs ?? 0), all).toBeGreaterThanOrEqual(lastsMs)
    if (last !== undefined) expect(sizes, all).toContain(last.join('×'))
    // A machine that is busy with something else may be late for the first picture, and says that, too.
    if (says === null) expect(all).not.toMatch(/has changed|describes|decoded|damaged/)
    else expect(said, all).toContainEqual(expect.stringMatching(says))
  }
})
