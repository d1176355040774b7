import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { payloadsOf, type RtpState, rtpTimestamp, writePackets } from '../../simulator/rtp.ts'
import { nalOf } from './synthetic-loop.ts'

const bytesOf = (nal: Uint8Array, codec: 'h264' | 'h265', most: number) =>
  payloadsOf(codec, nal, most).map(({ prefix, body }) => Buffer.concat([prefix, body]))

/** As a receiver does it: RFC 6184 5.8, RFC 7798 4.4.3. */
const reassemble = (codec: 'h264' | 'h265', payloads: readonly Buffer[]): Buffer => {
  if (payloads.length === 1) return payloads[0]
  const [first] = payloads
  return codec === 'h264'
    ? Buffer.concat([Buffer.of((first[0] & 0xe0) | (first[1] & 0x1f)), ...payloads.map((each) => each.subarray(2))])
    : Buffer.concat([
        Buffer.of((first[0] & 0x81) | ((first[2] & 0x3f) << 1), first[1]),
        ...payloads.map((each) => each.subarray(3)),
      ])
}

describe('payloadsOf', () => {
  it('leaves a short NAL unit whole', () => {
    const nal = nalOf(0x65, 1400)
    expect(bytesOf(nal, 'h264', 1400)).toEqual([Buffer.from(nal)])
  })

  it('marks the first and the last H.264 fragment', () => {
    const fragments = bytesOf(nalOf(0x65, 25), 'h264', 10)
    // FU indicator keeps NRI 3 with type 28; the FU header has S, E and type 5.
    expect(fragments.map((each) => [each[0], each[1]])).toEqual([
      [0x7c, 0x85],
      [0x7c, 0x05],
      [0x7c, 0x45],
    ])
  })

  it('marks the first and the last H.265 fragment, and keeps layer and temporal id', () => {
    const nal = nalOf(19 << 1, 20)
    nal[1] = 0x0a
    const fragments = bytesOf(nal, 'h265', 12)
    expect(fragments.map((each) => [each[0], each[1], each[2]])).toEqual([
      [49 << 1, 0x0a, 0x80 | 19],
      [49 << 1, 0x0a, 0x40 | 19],
    ])
  })

  it('can be put together again, and never exceeds the limit', () => {
    const any = fc.tuple(
      fc.uint8Array({ minLength: 3, maxLength: 300 }),
      fc.constantFrom('h264' as const, 'h265' as const),
      fc.integer({ min: 5, max: 60 }),
    )
    fc.assert(
      fc.property(any, ([nal, codec, most]) => {
        const payloads = bytesOf(nal, codec, most)
        expect(payloads.every((each) => each.length <= most)).toBe(true)
        expect(reassemble(codec, payloads)).toEqual(Buffer.from(nal))
      }),
      { seed: 3 },
    )
  })
})

describe('writePackets', () => {
  const state = (sequence: number): RtpState => ({
    ssrc: 0xdeadbeef,
    timestampOffset: 2 ** 32 - 1,
    sequence,
    packets: 0,
    octets: 0,
  })

  it('writes headers, one marker, and a sequence that wraps', () => {
    const receiver = state(65_534)
    const { bytes, ends } = writePackets(receiver, payloadsOf('h264', nalOf(0x65, 25), 10), 77, 4)
    expect(ends).toEqual([26, 52, 78])
    const packets = ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end))
    for (const packet of packets) {
      expect([packet[0], packet[1], packet.readUInt16BE(2)]).toEqual([0x24, 4, packet.length - 4])
      expect([packet[4], packet[5] & 0x7f, packet.readUInt32BE(8), packet.readUInt32BE(12)]).toEqual([
        0x80, 96, 77, 0xdeadbeef,
      ])
    }
    expect(packets.map((packet) => packet[5] >> 7)).toEqual([0, 0, 1])
    expect(packets.map((packet) => packet.readUInt16BE(6))).toEqual([65_534, 65_535, 0])
    expect(receiver).toMatchObject({ sequence: 1, packets: 3, octets: 30 })
  })

  it('counts time in 90 kHz and wraps at 32 bits', () => {
    expect(rtpTimestamp(state(0), 0)).toBe(2 ** 32 - 1)
    expect(rtpTimestamp(state(0), 1_000_000)).toBe(89_999)
    // Three days and more: no precision is lost.
    expect(rtpTimestamp({ timestampOffset: 0 }, 3 * 86_400e6 + 100_000)).toBe((3 * 86_400 * 90_000 + 9000) % 2 ** 32)
  })
})
