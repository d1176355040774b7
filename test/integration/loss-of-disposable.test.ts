import { describe, expect, type TestContext, test } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { loopFile } from '../support/footage.ts'
import { hashOf } from '../support/luma-hash.ts'
import { linesOf, play } from '../support/play-lines.ts'

const pictures = 100

/** Whether an RTP packet carries a slice, whole or in part, of a picture to which no other refers. */
const ofH264 = (packet: Uint8Array): boolean => {
  const [head, fragment] = packet.subarray(12)
  return (
    (head & 0x60) === 0 && (head & 31) <= 28 && ((head & 31) === 1 || ((head & 31) === 28 && (fragment & 31) === 1))
  )
}
/** The same of fragments only: where a picture is one packet, nothing tells what it was. */
const ofH265 = (packet: Uint8Array): boolean => {
  const [head, , fragment] = packet.subarray(12)
  const type = fragment & 63
  return ((head >> 1) & 63) === 49 && type <= 14 && type % 2 === 0
}

interface Losses {
  readonly name: 'lobby' | 'gate'
  readonly maxBytes: number
  readonly every: number
  readonly of: (packet: Uint8Array) => boolean
}

/** Plays the first pictures of a loop twice. From the second key frame on each `every`-th packet that `of` picks is lost. */
const watchLosses = async ({ name, maxBytes, every, of }: Losses, onTestFinished: TestContext['onTestFinished']) => {
  const loop = await readLoop(loopFile(name))
  const right: number[] = []
  await play(linesOf(loopFile(name)), { mode: 'every' }, (frame) => right.push(hashOf(frame)) === pictures)
  const server = await startRtspServer({ quirks: { rtp: { maxBytes } } })
  onTestFinished(() => server.close())
  const camera = server.addCamera('a', { loop: { ...loop, units: loop.units.slice(0, pictures) } })
  let [broken, damaged, picked, losing] = [0, 0, 0, false]
  const lines = linesOf(server.url('a'), { transport: 'tcp' })
  const stats = await play(lines, { mode: 'newest', maxBlindMs: 60_000 }, (frame, now) => {
    if (!losing && now.keys >= 2) {
      losing = true
      camera.lose(1, 0, 'tcp', (packet) => of(packet) && picked++ % every === 0)
    }
    if (frame.damaged) damaged++
    else if (!right.includes(hashOf(frame))) broken++
    return now.received > 2 * pictures
  })
  return { broken, damaged, stats, ...camera.stats }
}

describe('a loss in pictures that nothing refers to costs these pictures only', () => {
  const cases: readonly [string, Losses][] = [
    ['H.264, many packets a picture', { name: 'lobby', maxBytes: 400, every: 5, of: ofH264 }],
    ['H.264, one packet a picture', { name: 'lobby', maxBytes: 60_000, every: 2, of: ofH264 }],
    ['H.265, many packets a picture', { name: 'gate', maxBytes: 60, every: 23, of: ofH265 }],
  ]
  // The context's own: the imported one may close the server of another of them.
  test.concurrent.for(cases)('%s', async ([, losses], { onTestFinished }) => {
    const { broken, damaged, stats, lostPackets, droppedUnits } = await watchLosses(losses, onTestFinished)
    const said = JSON.stringify({ lostPackets, droppedUnits, stats })
    expect({ broken, damaged }, said).toEqual({ broken: 0, damaged: 0 })
    expect(lostPackets, said).toBeGreaterThan(4)
    // On a machine that is too busy the camera drops others, too.
    if (droppedUnits === 0) expect(stats.skipped.broken, said).toBeLessThanOrEqual(lostPackets)
  })
})
