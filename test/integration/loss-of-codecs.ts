import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { seededRandom } from '../../src/math/seeded-random.ts'
import { hasElements } from '../support/gst.ts'
import { hashOf } from '../support/luma-hash.ts'
import { linesOf, play } from '../support/play-lines.ts'
import { elementsOf, makeRtpLoop, type RtpCodec, type RtpLoop, rtpCodecs } from '../support/rtp-loop.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-loss-'))

const pictures = 75
/** A video of each codec, and the hash of each picture. */
const videos = new Map<RtpCodec, RtpLoop & { readonly right: ReadonlySet<number> }>()

const makeVideo = async (codec: RtpCodec): Promise<void> => {
  const made = await makeRtpLoop(codec, pictures, join(directory, `${codec.replaceAll(' ', '-')}.mkv`))
  const right = new Set<number>()
  await play(linesOf(made.file), { mode: 'every' }, (frame) => {
    right.add(hashOf(frame))
    return false
  })
  videos.set(codec, { ...made, right })
}

const codecs = rtpCodecs.filter((codec) => hasElements(...elementsOf(codec), 'rtpstreampay', 'matroskamux'))
/** Says of one packet after the other whether it is lost. */
type Losses = () => (packet: Uint8Array) => boolean

/** A fraction of the packets among the first `most` of each 400. */
const some =
  (fraction: number, most = 400): Losses =>
  () => {
    const random = seededRandom(5)
    let packets = 0
    return () => packets++ % 400 < most && random() < fraction
  }

/** The first or the last packet of each fourth picture, which are key pictures and others in turn. */
const edges =
  (edge: 'first' | 'last'): Losses =>
  () => {
    let [isFirst, pictures] = [false, 0]
    return (packet) => {
      const isLast = (packet[1] & 0x80) !== 0
      const isEdge = edge === 'first' ? isFirst : isLast
      isFirst = isLast
      if (isLast) pictures++
      return isEdge && (edge === 'first' ? pictures : pictures - 1) % 4 === 0
    }
  }

/** What came out of a camera, of which packets were lost after its first picture. A busy machine takes few of the pictures. */
const watchLosses = async (codec: RtpCodec, transport: 'tcp' | 'udp', losses: Losses, maxBlindMs: number) => {
  const video = videos.get(codec)
  if (!video) throw new Error(`no video of ${codec}`)
  await using opened = new AsyncDisposableStack()
  const server = await startRtspServer({ quirks: video.quirks })
  opened.defer(() => server.close())
  const camera = server.addCamera('a', { loop: video.loop })
  const count = { whole: 0, broken: 0, damaged: 0 }
  let frames = 0
  const stats = await play(linesOf(server.url('a'), { transport }), { mode: 'newest', maxBlindMs }, (frame, now) => {
    if (++frames === 1) camera.lose(1, 0, transport, losses())
    if (frame.damaged) count.damaged++
    else if (video.right.has(hashOf(frame))) count.whole++
    else count.broken++
    return now.received > 180 && now.lost > 0 && count.whole > 10
  })
  return { ...count, stats, lostPackets: camera.stats.lostPackets }
}

/** What is lost, over what, and how long the camera may be blind, milliseconds. */
const patterns = {
  '1 %': ['tcp', some(0.01), 60_000],
  '5 %': ['udp', some(0.05), 400],
  'half of them now and then': ['udp', some(0.5, 50), 60_000],
  'the first one of a picture': ['tcp', edges('first'), 400],
  'the last one of a picture': ['udp', edges('last'), 400],
} as const
export type Pattern = keyof typeof patterns
export const allPatterns = Object.keys(patterns) as readonly Pattern[]

/** Defines a test for each codec and pattern; they play in real time, together. */
export const testLosses = (chosen: readonly Pattern[]): void => {
  afterAll(() => rmSync(directory, { recursive: true }))
  beforeAll(async () => void (await Promise.all(codecs.map(makeVideo))), 120_000)
  const cases = codecs.flatMap((codec) => chosen.map((pattern) => ({ codec, pattern })))
  test.concurrent.for(cases)(
    '$codec that loses $pattern: every picture that is not called damaged is whole',
    async ({ codec, pattern }) => {
      const [transport, losses, maxBlindMs] = patterns[pattern]
      const { whole, broken, damaged, stats, lostPackets } = await watchLosses(codec, transport, losses, maxBlindMs)
      const said = JSON.stringify({ whole, broken, damaged, lostPackets, stats })
      expect(broken, said).toBe(0)
      expect(whole, said).toBeGreaterThan(5)
      expect(lostPackets, said).toBeGreaterThan(0)
      expect(stats.lost, said).toBeGreaterThan(0)
      if (maxBlindMs > 1000) expect(damaged, said).toBe(0)
    },
  )
}
