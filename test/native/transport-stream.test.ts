import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { canEncode, gstLaunch } from '../support/gst.ts'
import { hashOf } from '../support/luma-hash.ts'
import { makeZonePlate } from '../support/zone-plate.ts'
import { everyFrame, watch } from './watch.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-ts-'))
afterAll(() => rmSync(directory, { recursive: true }))

const packetBytes = 188

/** Without one packet in `every`, the first second left alone. */
const withLosses = (stream: Buffer, every: number): Buffer => {
  const packets = Array.from({ length: stream.length / packetBytes }, (_, index) =>
    stream.subarray(index * packetBytes, (index + 1) * packetBytes),
  )
  return Buffer.concat(packets.filter((_, index) => index < 500 || index % every !== 7))
}

/** Without sixteen packets of the video in a row, after which its counter is as if nothing were missing; an error packet says it. */
const withHiddenLoss = (stream: Buffer): Buffer => {
  const packets = Array.from({ length: stream.length / packetBytes }, (_, index) =>
    stream.subarray(index * packetBytes, (index + 1) * packetBytes),
  )
  const pidOf = (packet: Buffer): number => packet.readUInt16BE(1) & 0x1fff
  const pids = packets.map(pidOf)
  const video = pids.find((pid) => pids.filter((other) => other === pid).length > packets.length / 2)
  const gone = packets.filter((packet) => pidOf(packet) === video && ((packet[3] ?? 0) & 0x10) !== 0).slice(600, 616)
  const error = Buffer.alloc(packetBytes, 0xff)
  error.set([0x47, 0x9f, 0xff, 0x10])
  return Buffer.concat(
    packets.flatMap((packet) => (packet === gone[0] ? [error] : gone.includes(packet) ? [] : [packet])),
  )
}

test.each((['h264', 'h265'] as const).filter(canEncode))(
  'a transport stream of %s that has lost packets shows whole pictures, or calls them damaged',
  async (codec) => {
    const mp4 = await makeZonePlate(codec, 250, join(directory, `${codec}.mp4`))
    const file = join(directory, `${codec}.ts`)
    await gstLaunch(`filesrc location=${mp4} ! qtdemux ! ${codec}parse ! mpegtsmux ! filesink location=${file}`)
    const source = (path: string) =>
      `filesrc location=${path} ! tsdemux ! ${codec}parse config-interval=-1
       ! video/x-${codec},stream-format=byte-stream,alignment=au ! appsink name=units`
    const decode = `appsrc name=units ! avdec_${codec} max-threads=1 ! videoconvert ! appsink name=frames`
    const { values } = await everyFrame(source(file), (frame) => [frame.ptsNs, hashOf(frame)] as const, 64, decode)
    const right = new Map(values)

    const play = async (path: string) => {
      const count = { damaged: 0, broken: 0 }
      const { pipeline, of, until } = watch(source(path), {
        decode,
        mode: 'newest',
        // It is read as fast as it can be.
        maxLagMs: 60_000,
        maxBlindMs: 20,
        onEvent: (event, playing) => {
          const frame = event.type === 'frame' ? playing.take() : null
          if (!frame) return
          if (frame.damaged) count.damaged += 1
          else if (right.get(frame.ptsNs) !== hashOf(frame)) count.broken += 1
          frame.close()
        },
      })
      await until('the end', () => of('eos').length > 0)
      const { lost, decoded, damaged } = pipeline.stats
      // A busy machine takes few of them.
      return { ...count, lost, whole: decoded - damaged }
    }
    expect(await play(file)).toMatchObject({ damaged: 0, broken: 0, lost: 0 })
    const whole = readFileSync(file)
    const lossyOnes = { often: withLosses(whole, 97), seldom: withLosses(whole, 1009), hidden: withHiddenLoss(whole) }
    for (const [name, stream] of Object.entries(lossyOnes)) {
      const lossy = join(directory, `${codec}-${name}.ts`)
      writeFileSync(lossy, stream)
      const seen = await play(lossy)
      expect(seen.broken, name).toBe(0)
      expect(seen.whole, name).toBeGreaterThan(5)
      expect(seen.lost, name).toBeGreaterThan(name === 'hidden' ? 0 : 1)
    }
  },
)
