import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { splitNals } from '../../simulator/annex-b.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import type { Frame } from '../../src/types.ts'
import { countedLoop } from '../browser/counted/counted-loop.ts'
import { columns, counterOf } from '../browser/counted/counter.ts'

const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
/** Of the last NAL unit, which is the picture. */
const hash = (data: Uint8Array): string =>
  createHash('sha256')
    .update(splitNals(data).at(-1) ?? '')
    .digest('hex')

const counterIn = ({ picture: { data, width } }: Frame): number | null => {
  const column = (i: number) => data[8 * width + Math.round(((i + 0.5) * width) / columns)] ?? 0
  return counterOf(Array.from({ length: columns }, (_, i) => column(i) > 128))
}

/** Keeps this thread, so that frames are not taken and units are left undecoded, as on a busy machine. */
const beBusy = (ms: number): void => {
  for (const untilMs = performance.now() + ms; performance.now() < untilMs; );
}

/** Decoders of GStreamer sort times once some have decreased: with B-frames left out, each picture had that of another. */
test('a frame has the time of its own unit, also when B-frames were lost or left out', async () => {
  const loop = countedLoop({ frames: 250, fps: 25, keyEvery: 25, hasB: true })
  const counters = new Map(loop.units.map(({ data, ptsUs }) => [hash(data), Math.round(ptsUs / 40_000)]))
  const server = await startRtspServer()
  const simulated = server.addCamera('door', { loop })
  simulated.lose(0.003, 7, 'tcp')
  const options = cameraOptions.parse({ url: server.url('door'), decoder: 'software' })
  const cameras = openCameras([{ name: 'door', options }], { pictureSide: 192, untilEnd: false, log })
  onTestFinished(async () => {
    await cameras.close()
    await server.close()
  })
  const units = new Map<number, number>()
  const unit = (ptsUs: number, data: Uint8Array) => units.set(ptsUs, counters.get(hash(data)) ?? -1)
  cameras.named('door').watchVideo({ unit: ({ ptsUs, data }) => unit(ptsUs, data), unavailable: quiet })
  const wrong: string[] = []
  let compared = 0
  await new Promise<void>((resolve) => {
    cameras.ready$.subscribe((camera) => {
      const frame = camera.take()
      if (frame === null) return
      const [shown, told] = [counterIn(frame), units.get(frame.ptsUs)]
      frame.close()
      if (shown === null || told === undefined || told < 0) return
      compared++
      if (shown !== told) wrong.push(`picture ${shown} has the time of ${told}`)
      if (compared % 12 === 0) beBusy(200)
      if (compared === 80) resolve()
    })
  })
  expect(wrong).toEqual([])
})
