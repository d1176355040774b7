import { expect, it } from 'vitest'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { connectRtsp } from './rtsp-client.ts'
import { syntheticLoop } from './synthetic-loop.ts'
import { until } from './until.ts'

it('a client that does not read costs a bounded buffer, nobody else anything, and goes on at a key frame', async () => {
  // Pictures are due when the test says so, each when those before it have come: a machine that stands still costs nobody one.
  let nowMs = 0
  const server = await startRtspServer({ maxBufferBytes: 200_000, now: () => nowMs })
  // What the kernel buffers for a stalled reader (a few MB) is full after some dozens.
  const loop = syntheticLoop({ frameBytes: 200_000, keyBytes: 200_000 })
  const camera = server.addCamera('door', { loop })
  const slow = await connectRtsp(server.port)
  await slow.play(server.url('door'))
  slow.socket.pause()
  const drops = () => {
    nowMs += 10
    return camera.stats.droppedUnits > 0
  }
  await until('pictures are dropped', drops, 20_000)
  // Every tenth is a key picture, with which another client begins. It comes between two of them.
  nowMs = 100 * Math.ceil(nowMs / 100) + 50
  const { droppedUnits } = camera.stats
  await until('the pictures until then', () => camera.stats.droppedUnits > droppedUnits)
  const held = camera.stats.bytes
  const quick = await connectRtsp(server.port)
  await quick.play(server.url('door'))
  const picturesOf = (client: typeof quick) => client.rtp.filter((packet) => packet.marker)
  nowMs += 40
  for (let count = 1; count <= 60; count++) {
    nowMs += 10
    await until('the next picture for another client', () => picturesOf(quick).length === count)
  }
  camera.freeze()
  const bytesOfQuick = () => quick.rtp.reduce((sum, { payload }) => sum + payload.length + 16, 0)
  // Nothing more for the stalled one meanwhile, but for what a picture or two may still have found room.
  await until('what was sent was for the other', () => camera.stats.bytes - held - bytesOfQuick() < 2_000_000)
  const steps = picturesOf(quick).map(({ timestamp }, i, all) =>
    i === 0 ? 900 : (timestamp - all[i - 1].timestamp) | 0,
  )
  expect(steps.every((step) => Math.abs(step - 900) <= 1)).toBe(true)
  quick.close()
  camera.unfreeze()

  slow.socket.resume()
  const jump = await until('pictures after the gap', () => {
    nowMs += 10
    const gap = slow.rtp.findIndex((each, i) => i > 0 && ((each.timestamp - slow.rtp[i - 1].timestamp) | 0) > 1000)
    return gap > 0 ? gap : null
  })
  expect(slow.rtp[jump - 1].marker).toBe(true)
  expect(slow.rtp[jump].payload[0] & 0x1f).toBe(7)
  slow.close()
  await server.close()
}, 180_000)

it('a client that asks and does not read the answers is cut off', async () => {
  const server = await startRtspServer({ maxBufferBytes: 1000 })
  server.addCamera('door', { loop: syntheticLoop() })
  const client = await connectRtsp(server.port)
  client.socket.pause()
  const ask = `DESCRIBE ${server.url('door')} RTSP/1.0\r\nCSeq: 1\r\n\r\n`.repeat(1000)
  let ended = false
  client.socket.on('close', () => {
    ended = true
  })
  // A socket that is not read learns of its end by writing.
  await until(
    'the end',
    () => {
      if (!ended && client.socket.writableLength < 1e6) client.socket.write(ask)
      return ended
    },
    20_000,
  )
  await server.close()
}, 180_000)

it('a client that says nothing at all is cut off', async () => {
  const server = await startRtspServer({ sessionTimeoutMs: 200 })
  const client = await connectRtsp(server.port)
  await until('the end', client.closed)
  await server.close()
})
