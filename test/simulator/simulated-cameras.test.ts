import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { canEncode, gstLaunch, makeTestVideo } from '../support/gst.ts'
import { startIndependentRtsp } from '../support/independent-rtsp.ts'
import { connectRtsp } from './rtsp-client.ts'
import { until } from './until.ts'

describe.skipIf(!canEncode('h264'))('cameras from files', () => {
  let folder: string
  let file: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-cameras-'))
    file = join(folder, 'ball.mp4')
    await makeTestVideo({ file, codec: 'h264', width: 320, height: 180, frames: 60, keyEvery: 15 })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('start together, say their URLs with the login inside, and close', async () => {
    const auth = { user: 'demo', password: 'p@ss', scheme: 'basic' } as const
    const started = await startSimulatedCameras(
      [
        { name: 'door', file },
        { name: 'yard', file },
      ],
      { auth },
    )
    const port = Number(new URL(started.cameras[0].url).port)
    expect(started.cameras.map(({ url }) => url)).toEqual([
      `rtsp://demo:p%40ss@127.0.0.1:${port}/door`,
      `rtsp://demo:p%40ss@127.0.0.1:${port}/yard`,
    ])
    const client = await connectRtsp(port)
    const authorization = { Authorization: `Basic ${Buffer.from('demo:p@ss').toString('base64')}` }
    const described = await client.request('DESCRIBE', `rtsp://127.0.0.1:${port}/yard`, authorization)
    expect(described.body).toContain('a=rtpmap:96 H264/90000')
    await started.close()
    await started.close()
    await until('the connection is gone', client.closed)
  })

  it('leave nothing behind when a file is missing', async () => {
    const files = [
      { name: 'door', file },
      { name: 'yard', file: join(folder, 'missing.mp4') },
    ]
    await expect(startSimulatedCameras(files)).rejects.toMatchObject({ code: 'CAMERA_FORMAT' })
  })

  it("match GStreamer's own server: the same client sees the same pictures", async ({ skip }) => {
    const independent = await startIndependentRtsp({ file })
    if (independent === null) return skip('python3-gi or gir1.2-gst-rtsp-server-1.0 is missing')
    const ours = await startSimulatedCameras([{ name: 'door', file }])
    const watch = async (url: string) => {
      const { out } = await gstLaunch(
        `rtspsrc location=${url} ! rtph264depay ! h264parse ! avdec_h264 ! identity eos-after=40 ! checksumsink sync=false`,
      )
      expect(out).toContain('Got EOS')
      return [...out.matchAll(/^\d+:\d\d:\d\d\.\d+ ([0-9a-f]{40})$/gm)].map(([, sum]) => sum)
    }
    const seen = await watch(ours.cameras[0].url)
    expect(seen.length).toBeGreaterThanOrEqual(39)
    expect(new Set(seen).size).toBeGreaterThan(30)
    expect(await watch(independent.url)).toEqual(seen)
    await ours.close()
    await independent.close()
  })
})
