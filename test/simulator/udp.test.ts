import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import type { SimulatedCamera } from '../../simulator/camera.ts'
import { type RtspServer, startRtspServer } from '../../simulator/rtsp-server.ts'
import { connectRtsp, type Report, type RtpPacket, readReport, readRtp } from './rtsp-client.ts'
import { syntheticLoop } from './synthetic-loop.ts'
import { until } from './until.ts'

const watch = async (server: RtspServer) => {
  const [rtpSocket, rtcpSocket] = [createSocket('udp4'), createSocket('udp4')]
  const rtp: RtpPacket[] = []
  const reports: Report[] = []
  rtpSocket.on('message', (packet) => rtp.push(readRtp(packet)))
  rtcpSocket.on('message', (packet) => reports.push(readReport(packet)))
  for (const socket of [rtpSocket, rtcpSocket]) {
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
  }
  const ports = `${rtpSocket.address().port}-${rtcpSocket.address().port}`
  const client = await connectRtsp(server.port)
  const played = await client.play(server.url('door'), `RTP/AVP;unicast;client_port=${ports}`)
  const close = () => {
    for (const socket of [rtpSocket, rtcpSocket]) socket.close()
    client.close()
  }
  return { client, rtp, reports, rtcpSocket, close, ...played }
}

const lossPattern = async (server: RtspServer, camera: SimulatedCamera, seed: number) => {
  camera.lose(0.3, seed)
  const watcher = await watch(server)
  await until('packets', () => watcher.rtp.length > 60)
  watcher.close()
  await until('the client is gone', () => camera.stats.clients === 0)
  return watcher.rtp.map(({ sequence }) => (sequence - watcher.rtp[0].sequence) & 0xffff).slice(0, 60)
}

it('sends RTP and reports to the client ports, from an even port and the next', async () => {
  const server = await startRtspServer()
  const camera = server.addCamera('door', { loop: syntheticLoop(), reportEveryMs: 20 })
  const watcher = await watch(server)
  await until('packets', () => watcher.rtp.length > 50 && watcher.reports.length > 2)
  const { rtp } = watcher
  expect(rtp.every((each, i) => i === 0 || each.sequence === ((rtp[i - 1].sequence + 1) & 0xffff))).toBe(true)
  expect(rtp.slice(0, 6).map(({ payload }) => payload[0] & 0x1f)).toEqual([7, 8, 28, 28, 28, 1])
  const [, first, second] = /server_port=(\d+)-(\d+)/.exec(watcher.setup.headers.get('transport') ?? '') ?? []
  expect([Number(first) % 2, Number(second)]).toEqual([0, Number(first) + 1])
  watcher.client.close()
  await until('the session ends with its connection', () => camera.stats.clients === 0)
  watcher.close()
  await server.close()
})

it('loses the packets that the seed says, which shows as gaps', async () => {
  const server = await startRtspServer()
  const camera = server.addCamera('door', { loop: syntheticLoop() })
  const first = await lossPattern(server, camera, 7)
  const again = await lossPattern(server, camera, 7)
  const other = await lossPattern(server, camera, 8)
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
  const lost = 1 - 60 / (first[59] + 1)
  expect(lost).toBeGreaterThan(0.1)
  expect(lost).toBeLessThan(0.5)
  expect(camera.stats.lostPackets).toBeGreaterThan(30)
  await server.close()
})

it('ends the session of a silent client, and RTCP is no silence', async () => {
  const server = await startRtspServer({ sessionTimeoutMs: 800 })
  const camera = server.addCamera('door', { loop: syntheticLoop() })
  const watcher = await watch(server)
  const serverRtcp = Number(/server_port=\d+-(\d+)/.exec(watcher.setup.headers.get('transport') ?? '')?.[1])
  // An empty receiver report (RFC 3550 6.4.2), well within the time-out.
  const receiverReport = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1])
  const chatter = setInterval(() => watcher.rtcpSocket.send(receiverReport, serverRtcp, '127.0.0.1'), 20)
  // 100 pictures a second, two packets or more a picture: three time-outs and more.
  await until('pictures for a while', () => watcher.rtp.filter(({ marker }) => marker).length > 250)
  expect(camera.stats.clients).toBe(1)
  clearInterval(chatter)
  await until('the session ends', () => camera.stats.clients === 0)
  watcher.close()
  await server.close()
})
