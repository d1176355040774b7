import { expect, test } from 'vitest'
import { stalePackets } from '../../../src/ingest/relay/stale-packets.ts'

const framed = (channel: number, packet: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x24, channel, 0, packet.length]), packet])
const rtp = (ssrc: number): Buffer => {
  const packet = Buffer.alloc(20)
  packet[0] = 0x80
  packet[1] = 96
  packet.writeUInt32BE(ssrc, 8)
  return framed(0, packet)
}
const report = (ssrc: number): Buffer => {
  const packet = Buffer.alloc(28)
  packet[0] = 0x80
  packet[1] = 200
  packet.writeUInt32BE(ssrc, 4)
  return framed(1, packet)
}

test('what an old session sent before goes, its reports too; the new one stays whole', () => {
  const stale = stalePackets()
  stale.note(Buffer.concat([rtp(7), rtp(7)]))
  const mixed = Buffer.concat([rtp(8), report(7), rtp(7), report(8)])
  expect(stale.without(mixed)).toEqual(Buffer.concat([rtp(8), report(8)]))
})

test('without an old session nothing is looked at, and what is no RTP is nobody’s', () => {
  const stale = stalePackets()
  const bytes = Buffer.concat([rtp(1), framed(9, Buffer.from('junk'))])
  expect(stale.without(bytes)).toBe(bytes)
  stale.note(framed(9, Buffer.from('junk')))
  expect(stale.without(bytes)).toBe(bytes)
})
