import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { silent } from '../../src/silent-log.ts'
import { scratchDirectory } from '../support/footage.ts'
import { makeTestVideo } from '../support/gst.ts'
import { missing, startOverTcp, startOverUdp } from '../support/other-rtsp/start.ts'

const codecs = ['h264', 'h265'] as const

/** Ten seconds, because one of the servers plays a file once. */
const footage = async (directory: string): Promise<void> => {
  await Promise.all(
    codecs.map((codec) =>
      makeTestVideo({
        file: join(directory, `${codec}.mp4`),
        codec,
        width: 160,
        height: 90,
        frames: 300,
        keyEvery: 15,
      }),
    ),
  )
}

/** Watches cameras until each has given a second of frames. Gives what each said, and the size of its pictures. */
const watchAll = async (all: Readonly<Record<string, object>>) => {
  const named = Object.entries(all).map(([name, options]) => ({
    name,
    options: cameraOptions.parse({ decoder: 'software', ...options }),
  }))
  const cameras = openCameras(named, { pictureSide: 320, untilEnd: false, log: silent })
  onTestFinished(() => cameras.close())
  const seen = new Map(named.map(({ name }) => [name, { frames: 0, size: '', said: '' }]))
  cameras.changes$.subscribe(({ camera, state, reason }) => {
    const it = seen.get(camera)
    if (state === 'offline' && it) it.said ||= reason
  })
  cameras.ready$.subscribe((camera) => {
    const frame = camera.take()
    if (frame === null) return
    const it = seen.get(camera.name)
    if (it) {
      Object.assign(it, { size: `${frame.full.width}×${frame.full.height}` })
      it.frames++
    }
    frame.close()
  })
  await expect
    .poll(() => [...seen.values()].every(({ frames, said }) => frames > 30 || said !== ''), { timeout: 20_000 })
    .toBe(true)
  return Object.fromEntries([...seen].map(([name, { size, said }]) => [name, { size, said }]))
}

const right = { size: '160×90', said: '' }

test('shows H.264 and H.265 of a server that somebody else wrote, over TCP', { timeout: 60_000 }, async ({ skip }) => {
  skip(missing('tcp') !== null, missing('tcp') ?? '')
  const directory = scratchDirectory()
  await footage(directory)
  const server = await startOverTcp(directory)
  onTestFinished(() => server.close())
  const url = (codec: string) => ({ url: `rtsp://127.0.0.1:${server.said.port}/${codec}.mp4` })
  expect(await watchAll({ h264: url('h264'), h265: url('h265') })).toEqual({ h264: right, h265: right })
})

test('shows them of another one, over UDP and with a login', { timeout: 60_000 }, async ({ skip }) => {
  skip(missing('udp') !== null, missing('udp') ?? '')
  const directory = scratchDirectory()
  await footage(directory)
  const server = await startOverUdp(['H264', 'H265'])
  onTestFinished(() => server.close())
  const { port, rtpPorts } = server.said
  for (const [i, codec] of codecs.entries()) {
    const rtp = rtpPorts[i] ?? 0
    const publisher = spawn('gst-launch-1.0', [
      '-q',
      ...`filesrc location=${join(directory, `${codec}.mp4`)} ! parsebin ! ${codec}parse config-interval=-1 ! video/x-${codec},stream-format=byte-stream,alignment=au ! rtp${codec}pay config-interval=-1
        ! out.send_rtp_sink_0 rtpbin name=out out.send_rtp_src_0 ! udpsink host=127.0.0.1 port=${rtp}
        out.send_rtcp_src_0 ! udpsink host=127.0.0.1 port=${rtp + 1} sync=false async=false`.split(/\s+/),
    ])
    onTestFinished(() => void publisher.kill())
  }
  const camera = { transport: 'udp', user: 'viewer', password: 'secret' }
  const url = (encoding: string) => ({ ...camera, url: `rtsp://127.0.0.1:${port}/${encoding}` })
  expect(await watchAll({ h264: url('H264'), h265: url('H265') })).toEqual({ h264: right, h265: right })
})
