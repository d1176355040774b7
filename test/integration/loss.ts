import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Quirks } from '../../simulator/quirks.ts'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { canEncode } from '../support/gst.ts'
import { hashOf } from '../support/luma-hash.ts'
import { linesOf, play } from '../support/play-lines.ts'
import { makeZonePlate, type ZonePlateCodec } from '../support/zone-plate.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-loss-'))

/** A video whose pictures fill several packets each, and the hash of each. */
export const videos = new Map<ZonePlateCodec, { readonly file: string; readonly right: readonly number[] }>()

const makeVideo = async (codec: ZonePlateCodec): Promise<void> => {
  const file = await makeZonePlate(codec, 300, join(directory, `${codec}.mp4`))
  const right: number[] = []
  await play(linesOf(file), { mode: 'every' }, (frame) => {
    right.push(hashOf(frame))
    return false
  })
  videos.set(codec, { file, right })
}

export const codecs = (['h264', 'h265'] as const).filter(canEncode)
/** What has come out so far: pictures that were whole, that came damaged, and that were left out because one they refer to was lost. */
export interface Count {
  readonly whole: number
  readonly damaged: number
  readonly leftOut: number
}

/** What a network does to packets of UDP that arrive: a third of them come up to 30 ms later, behind others. */
const disorder: Quirks = {
  transport: {
    packets: (random) => (packets) =>
      packets.map((packet) => (random() < 1 / 3 ? { ...packet, afterMs: 30 * random() } : packet)),
  },
}

export interface Network {
  readonly transport: 'tcp' | 'udp'
  /** The share of the packets that are lost. */
  readonly fraction: number
  readonly quirks?: Quirks
}

/**
 * What came out of a camera, of which packets were lost after its first picture, until `isEnough`. A busy machine takes
 * few of the pictures: it waits for more.
 */
export const watchLosses = async (
  codec: ZonePlateCodec,
  { transport, fraction, quirks = {} }: Network,
  maxBlindMs: number,
  isEnough: (count: Count) => boolean,
) => {
  const { file, right } = videos.get(codec) ?? { file: '', right: [] }
  const simulated = await startSimulatedCameras([{ name: 'a', file }], { quirks })
  await using opened = new AsyncDisposableStack()
  opened.defer(() => simulated.close())
  const [source] = simulated.cameras
  if (!source) throw new Error('no camera')
  const count = { whole: 0, broken: 0, damaged: 0 }
  let frames = 0
  const stats = await play(linesOf(source.url, { transport }), { mode: 'newest', maxBlindMs }, (frame, now) => {
    if (++frames === 1) source.camera.lose(fraction, 3, transport)
    const shown = frame.ntpAtMs === null ? null : source.camera.shownAt(frame.ntpAtMs)
    if (shown === null) return false
    if (frame.damaged) count.damaged++
    else if (right[shown] === hashOf(frame)) count.whole++
    else count.broken++
    const { whole, damaged } = count
    return now.received > 260 && now.lost > 0 && isEnough({ whole, damaged, leftOut: now.skipped.broken })
  })
  return { ...count, stats, lostPackets: source.camera.stats.lostPackets }
}

/** What a network may do, as transport, share of the packets that are lost, and whether it moves others. */
export const allNetworks = [
  ['tcp', 0.01, ''],
  ['udp', 0.002, ''],
  ['udp', 0.05, ''],
  ['udp', 0.01, ', and moves others'],
  ['udp', 0.05, ', and moves others'],
  ['udp', 0.2, ', and moves others'],
] as const

/** Makes the videos before the tests of a file, and removes them after. */
export const useVideos = (): void => {
  beforeAll(async () => void (await Promise.all(codecs.map(makeVideo))), 120_000)
  afterAll(() => rmSync(directory, { recursive: true }))
}

/** Defines a test for each codec and network; they play in real time, together. */
export const testNetworks = (networks: readonly (typeof allNetworks)[number][]): void => {
  const cases = codecs.flatMap((codec) => networks.map((network) => [codec, ...network] as const))
  test.concurrent.for(cases)(
    '%s over %s that loses %f of its packets%s: every picture that is not called damaged is whole',
    async ([codec, transport, fraction, moved]) => {
      const network = { transport, fraction, ...(moved !== '' && { quirks: disorder }) }
      // Of a single loss in a picture that nothing refers to nothing may come out at all.
      const leastLeftOut = fraction > 0.002 ? 1 : 0
      const isEnough = ({ whole, damaged, leftOut }: Count): boolean =>
        leftOut >= leastLeftOut && (fraction < 0.05 ? whole > 20 : damaged + leftOut > 50)
      const { broken, whole, damaged, stats, lostPackets } = await watchLosses(codec, network, 400, isEnough)
      expect(lostPackets).toBeGreaterThan(0)
      expect(stats.lost).toBeGreaterThan(0)
      expect(broken, JSON.stringify({ whole, damaged, stats })).toBe(0)
      expect(stats.damaged).toBeGreaterThanOrEqual(damaged)
    },
  )
}
