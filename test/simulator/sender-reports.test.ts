import { expect, it } from 'vitest'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { connectRtsp } from './rtsp-client.ts'
import { syntheticLoop } from './synthetic-loop.ts'
import { until } from './until.ts'

it('tie RTP time to the time at which a picture was taken', async () => {
  const server = await startRtspServer()
  server.addCamera('door', { loop: syntheticLoop(), reportEveryMs: 20 })
  const client = await connectRtsp(server.port)
  const askedAtMs = Date.now()
  await client.play(server.url('door'))
  const report = await until('reports', () => client.reports[3])
  const last = client.rtp.at(-1)
  expect(report.ssrc).toBe(client.rtp[0].ssrc)
  // A receiver's sum (RFC 3550 6.4.1): capture time = NTP + (RTP of the picture − RTP of the report) / 90 kHz.
  const capturedAtMs = (timestamp: number) => report.unixMs + ((timestamp - report.rtpTimestamp) | 0) / 90
  expect(capturedAtMs(client.rtp[0].timestamp)).toBeGreaterThan(askedAtMs - 20)
  expect(capturedAtMs(last?.timestamp ?? 0)).toBeLessThan(Date.now() + 20)
  client.close()
  await server.close()
})

it('count packets and payload bytes sent so far', async () => {
  const server = await startRtspServer()
  server.addCamera('door', { loop: syntheticLoop(), reportEveryMs: 20 })
  const client = await connectRtsp(server.port)
  await client.play(server.url('door'))
  const report = await until('a late report', () => client.reports[5])
  const counted = client.rtp.slice(0, report.packets)
  expect(report.packets).toBeGreaterThan(5)
  expect(report.octets).toBe(counted.reduce((sum, { payload }) => sum + payload.length, 0))
  client.close()
  await server.close()
})

it('show a skewed clock, from the start and later', async () => {
  const server = await startRtspServer()
  const camera = server.addCamera('door', { loop: syntheticLoop(), reportEveryMs: 20, clockSkewMs: -3_600_000 })
  const client = await connectRtsp(server.port)
  await client.play(server.url('door'))
  const first = await until('a report', () => client.reports[0])
  expect(Math.abs(first.unixMs + 3_600_000 - Date.now())).toBeLessThan(30_000)
  camera.skewClock(60_000)
  const later = await until('a new clock', () => client.reports.find(({ unixMs }) => unixMs > Date.now()))
  expect(Math.abs(later.unixMs - 60_000 - Date.now())).toBeLessThan(30_000)
  client.close()
  await server.close()
})

it('stay away when the camera sends none', async () => {
  const server = await startRtspServer()
  server.addCamera('door', { loop: syntheticLoop(), reportEveryMs: null })
  const client = await connectRtsp(server.port)
  await client.play(server.url('door'))
  await until('pictures', () => client.rtp.length > 100)
  expect(client.reports).toEqual([])
  client.close()
  await server.close()
})
