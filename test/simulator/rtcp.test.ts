import { expect, it } from 'vitest'
import { senderReport } from '../../simulator/rtcp.ts'
import { readReport } from './rtsp-client.ts'

const report = { ssrc: 0x01020304, rtpTimestamp: 90_000, packets: 5, octets: 700, cname: 'camera@test' }

it('writes a sender report of RFC 3550 6.4.1', () => {
  // 2000-01-01T00:00:00.5Z is 3155673600 seconds of NTP and half of 2^32.
  const packet = senderReport({ ...report, unixMs: Date.UTC(2000, 0, 1) + 500 })
  expect(packet.subarray(0, 28).toString('hex')).toBe(
    '80c80006' + '01020304' + 'bc17c200' + '80000000' + '00015f90' + '00000005' + '000002bc',
  )
})

it('adds the CNAME, padded to four bytes with at least one zero', () => {
  for (const cname of ['a', 'ab', 'abc', 'abcd', 'abcde']) {
    const packet = senderReport({ ...report, unixMs: 0, cname })
    const sdes = packet.subarray(28)
    expect(sdes.length % 4).toBe(0)
    expect(sdes.readUInt16BE(2)).toBe(sdes.length / 4 - 1)
    expect([sdes[0], sdes[1], sdes[8], sdes[9]]).toEqual([0x81, 202, 1, cname.length])
    expect(sdes.toString('latin1', 10, 10 + cname.length)).toBe(cname)
    expect(sdes.at(-1)).toBe(0)
  }
})

it('keeps fractions of a millisecond', () => {
  const packet = senderReport({ ...report, unixMs: 1_700_000_000_123.25 })
  expect(readReport(packet).unixMs).toBeCloseTo(1_700_000_000_123.25, 2)
})
