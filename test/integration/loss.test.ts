import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Quirks } from '../../simulator/quirks.ts'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { canEncode, hasElements } from '../support/gst.ts'
import { hashOf } from '../support/luma-hash.ts'
import { linesOf, play } from '../support/play-lines.ts'
import { makeZonePlate, type ZonePlateCodec } from '../support/zone-plate.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-loss-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** A video whose pictures fill several packets each, and the hash of each. */
const videos = new Map<ZonePlateCodec, { readonly file: string; readonly right: readonly number[] }>()

const makeVideo = async (codec: ZonePlateCodec): Promise<void> => {
  const file = await makeZonePlate(codec, 300, join(directory, `${codec}.mp4`))
  const right: number[] = []
  await play(linesOf(file), { mode: 'every' }, (frame) => {
    right.push(hashOf(frame))
    return false
  })
  videos.set(codec, { file, right })
}

const codecs = (['h264', 'h265'] as const).filter(canEncode)
beforeAll(async () => void (await Promise.all(codecs.map(makeVideo))), 120_000)

/** What has come out so far; `gone` is what came damaged or not at all. */
interface Count {
  readonly whole: number
  readonly gone: number
}

/** What a network does to packets of UDP that arrive: a third of them come up to 30 ms later, behind others. */
const disorder: Quirks = {
  transport: {
    packets: (random) => (packets) =>
      packets.map((packet) => (random() < 1 / 3 ? { ...packet, afterMs: 30 * random() } : packet)),
  },
}

interface Network {
  readonly transport: 'tcp' | 'udp'
  /** The share of the packets that are lost. */
  readonly fraction: number
  readonly quirks?: Quirks
}

/**
 * What came out of a camera, of which packets were lost after its first picture, until `isEnough`. A busy machine takes
 * few of the pictures: it waits for more.
 */
const watchLosses = async (
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
    const gone = count.damaged + now.skipped.broken
    return now.received > 260 && now.lost > 0 && isEnough({ whole: count.whole, gone })
  })
  return { ...count, stats, lostPackets: source.camera.stats.lostPackets }
}

describe.each(codecs)('a camera with %s that loses packets', (codec) => {
  test.concurrent.each([
    ['tcp', 0.01, ''],
    ['udp', 0.002, ''],
    ['udp', 0.05, ''],
    ['udp', 0.01, ', and moves others'],
    ['udp', 0.05, ', and moves others'],
    ['udp', 0.2, ', and moves others'],
  ] as const)(
    'over %s, %f of them%s: every picture that is not called damaged is whole',
    async (transport, fraction, moved) => {
      const network = { transport, fraction, ...(moved !== '' && { quirks: disorder }) }
      const isEnough = ({ whole, gone }: Count): boolean => (fraction < 0.05 ? whole > 20 : gone > 50)
      const { broken, whole, damaged, stats, lostPackets } = await watchLosses(codec, network, 400, isEnough)
      expect(lostPackets).toBeGreaterThan(0)
      expect(stats.lost).toBeGreaterThan(0)
      expect(broken, JSON.stringify({ whole, damaged, stats })).toBe(0)
      expect(stats.damaged).toBeGreaterThanOrEqual(damaged)
      // Of a single loss in a picture that nothing refers to nothing may come out at all.
      if (fraction > 0.002) expect(stats.skipped.broken).toBeGreaterThan(0)
    },
  )

  test
    .skipIf(!hasElements('gdppay', 'gdpdepay'))
    .concurrent(
      'with a decoder that forgets which picture is damaged: every other one is whole all the same',
      async () => {
        const { file, right } = videos.get(codec) ?? { file: '', right: [] }
        const simulated = await startSimulatedCameras([{ name: 'a', file }])
        await using opened = new AsyncDisposableStack()
        opened.defer(() => simulated.close())
        const [source] = simulated.cameras
        const { receive, decode } = linesOf(source?.url ?? '', { transport: 'udp' })
        const count = { whole: 0, broken: 0, damaged: 0 }
        let frames = 0
        // Behind it nothing is left of what travels with a picture but its time, as it may be with one in hardware.
        const forgetful = (decode ?? '').replace(/max-threads=1/g, 'max-threads=1 ! gdppay ! gdpdepay')
        await play({ receive, decode: forgetful }, { mode: 'newest', maxBlindMs: 100 }, (frame, now) => {
          if (++frames === 10) source?.camera.lose(0.01, 3, 'udp')
          if (frame.damaged) count.damaged++
          else if (right.includes(hashOf(frame))) count.whole++
          else count.broken++
          expect(frame.ntpAtMs).toBeNull()
          return now.received > 200 && count.damaged > 3 && count.whole > 20
        })
        expect(count.broken, JSON.stringify(count)).toBe(0)
      },
    )

  test.concurrent('shows nothing between a loss and the next key frame while it may be blind', async () => {
    const { whole, broken, damaged, stats } = await watchLosses(
      codec,
      { transport: 'tcp', fraction: 0.002 },
      60_000,
      (count) => count.whole > 20 && count.gone > 0,
    )
    expect({ broken, damaged }).toEqual({ broken: 0, damaged: 0 })
    expect(whole).toBeGreaterThan(20)
    const { broken: left, behind, disposable, policy } = stats.skipped
    expect(stats.decoded + left + behind + disposable + policy).toBeGreaterThan(240)
  })
})
