import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SimulatedCamera } from '../../simulator/camera.ts'
import { type RtspServer, startRtspServer } from '../../simulator/rtsp-server.ts'
import { connectRtsp } from './rtsp-client.ts'
import { nalOf, syntheticLoop } from './synthetic-loop.ts'
import { until } from './until.ts'

let server: RtspServer
let camera: SimulatedCamera
beforeEach(async () => {
  server = await startRtspServer()
  camera = server.addCamera('door', { loop: syntheticLoop(), reportEveryMs: 20 })
})
afterEach(() => server.close())

const watch = async () => {
  const client = await connectRtsp(server.port)
  const { session } = await client.play(server.url('door'))
  await until('packets', () => client.rtp.length > 10)
  return { ...client, session }
}

it('starts each first client at the beginning of the loop, and rests when nobody watches', async () => {
  for (let visit = 0; visit < 2; visit += 1) {
    const client = await watch()
    // 1: the first picture of the loop, told by its bytes.
    expect(client.rtp[2].payload.subarray(2, 40)).toEqual(Buffer.from(nalOf(0x65, 39, 0).subarray(1)))
    expect(camera.stats.clients).toBe(1)
    client.close()
    await until('the client is gone', () => camera.stats.clients === 0)
  }
})

it('frozen: no pictures, but reports and answers; thawed: the next picture, later by the time of the freeze', async () => {
  const client = await watch()
  camera.freeze()
  await client.request('OPTIONS', '*')
  const pictures = client.rtp.length
  const reports = client.reports.length
  await until('reports', () => client.reports.length >= reports + 5)
  expect((await client.request('GET_PARAMETER', server.url('door'), { Session: client.session })).status).toBe(200)
  expect(client.rtp.length).toBe(pictures)
  const [before, after] = [client.reports[reports], client.reports[reports + 4]]
  const ticks = (after.rtpTimestamp - before.rtpTimestamp + 2 ** 32) % 2 ** 32
  expect(ticks / 90).toBeCloseTo(after.unixMs - before.unixMs, 1)
  camera.unfreeze()
  await until('pictures', () => client.rtp.length > pictures)
  const pause = (client.rtp[pictures].timestamp - client.rtp[pictures - 1].timestamp + 2 ** 32) % 2 ** 32
  expect(pause / 90).toBeGreaterThan(80)
  expect(client.rtp[pictures].sequence).toBe((client.rtp[pictures - 1].sequence + 1) & 0xffff)
  client.close()
})

it('a client that comes during the freeze gets its first picture after it', async () => {
  camera.freeze()
  const client = await connectRtsp(server.port)
  const { played } = await client.play(server.url('door'))
  expect(played.status).toBe(200)
  await until('reports', () => client.reports.length > 3)
  expect(client.rtp).toEqual([])
  camera.unfreeze()
  await until('pictures', () => client.rtp.length > 10)
  client.close()
})

it('drop kills the connections; clients may come back at once', async () => {
  const first = await watch()
  camera.drop()
  await until('the connection is gone', first.closed)
  const second = await watch()
  expect(second.rtp.length).toBeGreaterThan(10)
  second.close()
})

it('stopped: gone and 404; started: back', async () => {
  const first = await watch()
  camera.stop()
  await until('the connection is gone', first.closed)
  const client = await connectRtsp(server.port)
  expect((await client.request('DESCRIBE', server.url('door'))).status).toBe(404)
  camera.start()
  await client.play(server.url('door'))
  await until('packets', () => client.rtp.length > 10)
  client.close()
})

it('a SETUP from before the stop does not play after it', async () => {
  const client = await connectRtsp(server.port)
  const setUp = await client.request('SETUP', server.url('door'), { Transport: 'RTP/AVP/TCP' })
  camera.stop()
  const session = setUp.headers.get('session')?.split(';')[0] ?? ''
  expect((await client.request('PLAY', server.url('door'), { Session: session })).status).toBe(404)
  client.close()
})

it('a stopped server refuses connections, and is back on the same port', async () => {
  const first = await watch()
  const { port } = server
  await server.stop()
  await until('the connection is gone', first.closed)
  await expect(connectRtsp(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await server.start()
  expect(server.port).toBe(port)
  const second = await watch()
  second.close()
})

it('switches the loop at a key frame, with time and sequence going on, and describes the new one', async () => {
  const client = await watch()
  const before = client.rtp.length
  const other = syntheticLoop({ frameBytes: 77, keyBytes: 88 })
  camera.switchTo({ ...other, width: 640, height: 360 })
  await until('the new pictures', () => client.rtp.some(({ payload }) => payload.length === 77))
  const { rtp } = client
  const key = rtp.findIndex(({ payload }) => payload.length === 88)
  expect(rtp.slice(key - 2, key + 2).map(({ payload }) => payload[0] & 0x1f)).toEqual([7, 8, 5, 1])
  for (let i = before; i < rtp.length; i += 1) {
    expect(rtp[i].sequence).toBe((rtp[i - 1].sequence + 1) & 0xffff)
    expect((rtp[i].timestamp - rtp[i - 1].timestamp + 2 ** 32) % 2 ** 32).toBeLessThan(90 * 1000)
  }
  expect(() => camera.switchTo({ ...other, codec: 'h265' })).toThrow('expected a loop in h264')
  client.close()
})
