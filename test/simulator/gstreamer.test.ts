import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Loop, NalCodec } from '../../simulator/loop.ts'
import { readLoop } from '../../simulator/read-loop.ts'
import { type RtspServerOptions, startRtspServer } from '../../simulator/rtsp-server.ts'
import { canEncode, gstLaunch, hasElements, type Launched, makeTestVideo, ptsOf } from '../support/gst.ts'
import { until } from './until.ts'

/** An independent client: GStreamer's, which wants every header, timestamp and fragment right before it shows a picture. */
const codecs = (['h264', 'h265'] as const).filter(
  (codec) => canEncode(codec) && hasElements('rtspsrc', `rtp${codec}depay`, `${codec}parse`, `avdec_${codec}`),
)
if (codecs.length < 2) console.warn(`GStreamer cannot encode and decode both codecs here; checked: ${codecs.join()}`)

let folder: string
const loops = new Map<NalCodec, Loop>()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-demo-'))
  for (const codec of codecs) {
    const file = join(folder, `${codec}.mp4`)
    loops.set(
      codec,
      await readLoop(await makeTestVideo({ file, codec, width: 320, height: 180, frames: 45, keyEvery: 15 })),
    )
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const serve = async (codec: NalCodec, options: RtspServerOptions = {}) => {
  const loop = loops.get(codec)
  if (loop === undefined) throw new Error(`there is no loop in ${codec}`)
  const server = await startRtspServer(options)
  return { server, loop, camera: server.addCamera('door', { loop }), url: server.url('door') }
}

/** buffer-mode=none: presentation times are the RTP timestamps, not smoothed by arrival. */
const watching = (url: string, codec: NalCodec, frames: number, source = '') =>
  gstLaunch(
    `rtspsrc location=${url} buffer-mode=none ${source} ! rtp${codec}depay ! ${codec}parse ! avdec_${codec} ! ` +
      `fakesink silent=false sync=false num-buffers=${frames}`,
  )

/**
 * All pictures arrived. Neither exit code nor stderr can tell: on leaving, 1 client in 100 interrupts its own PAUSE and
 * complains about it (the request never reaches the server).
 */
const expectCompleted = ({ out, errors, code }: Launched): void =>
  expect(out.includes('Got EOS from element "pipeline0"'), `code ${code}: ${errors}${out.slice(-500)}`).toBe(true)

/** In real time, one beside the other: they wait more than they work. */
const concurrent = { concurrent: true }

describe.each(codecs)('GStreamer watches %s', concurrent, (codec) => {
  it.each(['tcp', 'udp'])('over %s, on and on over the end of the loop', async (protocol) => {
    const { server, url } = await serve(codec)
    // 45 pictures a pass.
    const watched = await watching(url, codec, 110, `protocols=${protocol}`)
    expectCompleted(watched)
    expect(watched.out).toContain('width=(int)320, height=(int)180')
    const steps = ptsOf(watched).map((time, i, all) => (i === 0 ? 1 / 30 : time - all[i - 1]))
    expect(steps.length).toBe(110)
    expect(steps.every((step) => Math.abs(step - 1 / 30) < 0.001)).toBe(true)
    await server.close()
  })

  it.each(['basic', 'digest'] as const)(
    'with %s authentication, and is refused with a wrong password',
    async (scheme) => {
      const login = { user: 'guard', password: 'open:sesame' }
      const { server, url } = await serve(codec, { auth: { ...login, scheme } })
      const right = await watching(url, codec, 20, `user-id=${login.user} user-pw=${login.password}`)
      expectCompleted(right)
      const wrong = await watching(url, codec, 20, `user-id=${login.user} user-pw=wrong`)
      expect(wrong.code).toBe(1)
      expect(wrong.errors).toContain('Unauthorized (401)')
      await server.close()
    },
  )
})

describe.skipIf(!codecs.includes('h264'))('GStreamer', concurrent, () => {
  it('sees another size after the switch', async () => {
    const { server, camera, url } = await serve('h264')
    const file = join(folder, 'large.mp4')
    const large = await makeTestVideo({ file, codec: 'h264', width: 640, height: 360, frames: 30, keyEvery: 15 })
    const loop = await readLoop(large)
    const watched = watching(url, 'h264', 60, 'protocols=tcp')
    await until('it watches', () => camera.stats.packets > 30)
    camera.switchTo(loop)
    const result = await watched
    expectCompleted(result)
    const sizes = [...result.out.matchAll(/fakesink0\.GstPad:sink: caps = video\/x-raw.*?width=\(int\)(\d+)/g)]
    expect(sizes.map(([, width]) => width)).toEqual(['320', '640'])
    const times = ptsOf(result)
    expect(times.every((time, i) => i === 0 || time > times[i - 1])).toBe(true)
    await server.close()
  })

  it('reports 404 and a refused connection', async () => {
    const { server, camera, url } = await serve('h264')
    camera.stop()
    expect((await watching(url, 'h264', 1)).errors).toContain('Not Found (404)')
    await server.close()
    expect((await watching(url, 'h264', 1)).errors).toMatch(/Could not connect|Failed to connect/i)
  })

  it('comes back over TCP when UDP brings nothing, and answers the new challenge', async () => {
    const login = { user: 'guard', password: 'open:sesame' }
    const { server, camera } = await serve('h264', { auth: { ...login, scheme: 'digest' } })
    camera.lose(1, 1)
    const watched = await watching(server.url('door', login), 'h264', 20, 'timeout=500000')
    expectCompleted(watched)
    expect(camera.stats.lostPackets).toBeGreaterThan(0)
    await server.close()
  })

  it('takes absolute control URLs and credentials inside the URL', async () => {
    const login = { user: 'guard', password: 'a b' }
    const { server, loop } = await serve('h264', { auth: { ...login, scheme: 'digest' } })
    server.addCamera('back yard', { loop, absoluteControl: true })
    const watched = await watching(server.url('back yard', login), 'h264', 20)
    expectCompleted(watched)
    await server.close()
  })
})
