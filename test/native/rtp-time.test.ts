import { createHash } from 'node:crypto'
import { expect, type TestContext, test } from 'vitest'
import { splitNals } from '../../simulator/annex-b.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import type { Frame } from '../../src/types.ts'
import { countedLoop } from '../browser/counted/counted-loop.ts'
import { columns, counterOf } from '../browser/counted/counter.ts'

const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
/** They wrap around after a second. */
const timestampOffset = 2 ** 32 - 90_000
const fragment = 28

/** What a packet of H.264 holds of a picture, without the heads of fragment and NAL unit; nothing of parameter sets. */
const sliceIn = (rtp: Uint8Array): Uint8Array => {
  const payload = rtp.subarray(12)
  const type = payload[0] & 31
  if (type === fragment) return payload.subarray(2)
  return type === 1 || type === 5 ? payload.subarray(1) : payload.subarray(payload.length)
}
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const counterIn = ({ picture: { data, width } }: Frame): number | null => {
  const column = (i: number) => data[8 * width + Math.round(((i + 0.5) * width) / columns)] ?? 0
  return counterOf(Array.from({ length: columns }, (_, i) => column(i) > 128))
}

/** Watches a camera that loses packets: the pictures that it sent by their RTP times, and what frames say. */
const watch = async (count: number, hasB: boolean, onTestFinished: TestContext['onTestFinished']) => {
  const loop = countedLoop({ frames: 250, fps: 25, keyEvery: 25, hasB })
  const counters = new Map(
    loop.units.map(({ data, ptsUs }) => [
      hashOf(splitNals(data).at(-1)?.subarray(1) ?? data),
      Math.round(ptsUs / 40_000),
    ]),
  )
  const sent = new Map<number, { readonly counter: number | undefined; readonly atMs: number }>()
  let slice: Uint8Array[] = []
  const server = await startRtspServer()
  server.addCamera('door', { loop, quirks: { clock: { timestampOffset } } }).lose(0.003, 7, 'tcp', (packet) => {
    slice.push(sliceIn(packet))
    const isLast = (packet[1] & 0x80) !== 0
    if (isLast) {
      const counter = counters.get(hashOf(Buffer.concat(slice)))
      sent.set(Buffer.from(packet).readUInt32BE(4), { counter, atMs: Date.now() })
      slice = []
    }
    return true
  })
  const options = cameraOptions.parse({ url: server.url('door'), decoder: 'software' })
  const cameras = openCameras([{ name: 'door', options }], { pictureSide: 192, untilEnd: false, log })
  onTestFinished(async () => {
    await cameras.close()
    await server.close()
  })
  const seen: { readonly counter: number; readonly rtpTime: number; readonly received: Frame['received'] }[] = []
  await new Promise<void>((resolve) => {
    cameras.ready$.subscribe((camera) => {
      const frame = camera.take()
      if (frame === null) return
      const counter = counterIn(frame)
      const { rtpTime, received } = frame
      frame.close()
      if (counter !== null && rtpTime !== undefined) seen.push({ counter, rtpTime, received })
      if (seen.length === count) resolve()
    })
  })
  return { seen, sent }
}

test.concurrent.for([true, false])(
  'a frame has the RTP time of its own packets, and when they came (B-frames: %s)',
  async (hasB, { onTestFinished }) => {
    const { seen, sent } = await watch(40, hasB, onTestFinished)
    expect(seen.filter(({ counter, rtpTime }) => sent.get(rtpTime)?.counter !== counter)).toEqual([])
    for (const { rtpTime, received } of seen) {
      const { unitArrivedAtMs, arrivedAtMs = 0 } = received ?? {}
      expect(unitArrivedAtMs).toBeGreaterThan((sent.get(rtpTime)?.atMs ?? Infinity) - 2)
      expect(unitArrivedAtMs).toBeLessThanOrEqual(arrivedAtMs)
    }
  },
)
