import { describe, expect, it, onTestFinished } from 'vitest'
import { inspect, open, type Pipeline } from '../../native/index.js'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { chooseDecoders, codecElements } from '../../src/ingest/codecs.ts'
import { type LaunchLines, launchLines } from '../../src/ingest/launch.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { loopFile } from '../support/footage.ts'

const { elements } = inspect(codecElements)
const decoders = chooseDecoders((element) => elements[element] === true, 'software')
const launch = (url: string): LaunchLines =>
  launchLines({
    url: parseCameraUrl(url),
    camera: cameraOptions.parse({ url }),
    decoders,
    file: url.includes('://') ? null : { demux: 'qtdemux', caps: 'video/quicktime' },
    paced: false,
    live: url.includes('://'),
  })

/** FNV-1a over every seventh byte of the luma. */
const hashOf = (luma: Uint8Array): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < luma.length; i += 7) hash = Math.imul(hash ^ (luma[i] as number), 0x01000193)
  return hash >>> 0
}

/** Hands over the luma and the camera's time of every frame, and how to end. */
const decode = (
  source: string,
  mode: 'newest' | 'every',
  see: (hash: number, atMs: number | null, end: () => void, damaged: boolean) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const { receive, decode } = launch(source)
    const pipeline: Pipeline = open({
      launch: receive,
      decode,
      mode,
      pictureSide: 64,
      onEvent: (event) => {
        const end = (): void => void pipeline.stop().then(resolve, reject)
        if (event.type === 'eos') end()
        if (event.type === 'error') reject(new Error(event.message))
        const frame = event.type === 'frame' ? pipeline.take() : null
        if (!frame) return
        const luma = frame.planes[0]?.data ?? new Uint8Array()
        see(hashOf(luma), frame.ntpAtMs, end, frame.damaged)
        frame.close()
      },
    })
  })

describe('a camera on TCP that loses packets', () => {
  it('skips what refers to something lost instead of showing broken pictures', async () => {
    const file = loopFile('street')
    const right: number[] = []
    await decode(file, 'every', (hash) => right.push(hash))
    const simulated = await startSimulatedCameras([{ name: 'a', file }])
    onTestFinished(() => simulated.close())
    const [source] = simulated.cameras
    let good = 0
    let broken = 0
    await decode(source?.url ?? '', 'newest', (hash, atMs, end, damaged) => {
      const shown = atMs === null ? null : source?.camera.shownAt(atMs)
      if (shown === null || shown === undefined) return
      if (right[shown] === hash) good++
      else if (!damaged) broken++
      if (good === 60) source?.camera.lose(0.01, 3, 'tcp')
      if (good === 200) end()
    })
    expect(source?.camera.stats.lostPackets).toBeGreaterThan(3)
    expect(broken).toBe(0)
  }, 180_000)
})
