import { describe, expect, test } from 'vitest'
import { bytesAfterSps, delimited, inAnnexB, seiStorm, withoutParameterSets } from '../../../simulator/quirks/nals.ts'
import { cutSdes, overlongSdes, unknownSender, withoutSdes } from '../../../simulator/quirks/reports.ts'
import { all, appended, bareLineFeeds, before, doubled, replaced, without } from '../../../simulator/quirks/sdp.ts'
import { clockFrom, clockJump, drifting, rtpJump, rtpReset } from '../../../simulator/quirks/times.ts'
import { senderReport } from '../../../simulator/rtcp.ts'
import { nalOf, pps, sps } from '../synthetic-loop.ts'

describe('SDP', () => {
  const sdp = 'v=0\r\ns=x\r\nm=video 0 RTP/AVP 96\r\na=control:t\r\n'
  test.each([
    [without(/^[vs]=/), 'm=video 0 RTP/AVP 96\r\na=control:t\r\n'],
    [doubled(/^s=/), 'v=0\r\ns=x\r\ns=x\r\nm=video 0 RTP/AVP 96\r\na=control:t\r\n'],
    [replaced(/96$/, '50'), 'v=0\r\ns=x\r\nm=video 0 RTP/AVP 50\r\na=control:t\r\n'],
    [before(/^m=/, 'a=x', 'a=y'), 'v=0\r\ns=x\r\na=x\r\na=y\r\nm=video 0 RTP/AVP 96\r\na=control:t\r\n'],
    [all(without(/^[vsa]=/), appended('m=audio 0 RTP/AVP 0')), 'm=video 0 RTP/AVP 96\r\nm=audio 0 RTP/AVP 0\r\n'],
    [bareLineFeeds, 'v=0\ns=x\nm=video 0 RTP/AVP 96\na=control:t\n'],
  ])('%#', (quirk, expected) => expect(quirk(sdp)).toBe(expected))
})

describe('NAL units', () => {
  const slice = nalOf(0x65, 40)
  const picture = [sps, pps, slice]

  test('parameter sets are left out', () => expect(withoutParameterSets('h264', picture)).toEqual([slice]))

  test('one unit with start codes', () => {
    const [bare] = inAnnexB({ leading: false })('h264', picture)
    const [led] = inAnnexB({ leading: true })('h264', picture)
    expect(bare.subarray(0, 11)).toEqual(Buffer.from([...sps, 0, 0, 0, 1, pps[0]]))
    expect(led.subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 1, sps[0]]))
  })

  test('only the SPS gets more bytes', () => {
    const changed = bytesAfterSps(0, 0xff)('h264', picture)
    expect(changed.map(({ length }) => length)).toEqual([sps.length + 2, pps.length, slice.length])
  })

  test('SEI units stand before the slices', () => {
    expect(seiStorm(3)('h264', picture).map((nal) => nal[0] & 31)).toEqual([7, 8, 6, 6, 6, 5])
    expect(seiStorm(1)('h265', [])[0][0] >> 1).toBe(39)
  })

  test('a delimiter stands first', () => expect(delimited('h264', picture)[0][0]).toBe(9))
})

describe('times', () => {
  const hourUs = 3.6e9
  test('RTP time stamps begin anew', () => {
    expect([1e6, 2e6, 3e6].map(rtpReset(2).rtpUs)).toEqual([hourUs + 1e6, 0, 1e6])
  })
  test.each([1, -1])('RTP time stamps jump by %i hours', (hours) => {
    const { rtpUs } = rtpJump(2, hours)
    expect(rtpUs(2e6) - rtpUs(1e6)).toBe(1e6 + hours * hourUs)
    expect(rtpUs(2e6)).toBeGreaterThan(0)
  })
  test('the clock jumps', () => {
    const { reportMs, rtpUs } = clockJump(2, -1)
    expect([reportMs(5e6, 1e6), reportMs(5e6, 2e6)]).toEqual([5e6, 5e6 - 3.6e6])
    expect(rtpUs(7)).toBe(7)
  })
  test('the clock is of 1970', () => expect(clockFrom(0).reportMs(1.7e12, 4e6)).toBe(4000))
  test('0.1 % fast', () => {
    expect(drifting(0.001).rtpUs(1e9)).toBeCloseTo(1.001e9, 3)
    expect(drifting(0.001).reportMs(5e6, 1e9)).toBeCloseTo(5e6 + 1000, 6)
  })
})

describe('sender reports', () => {
  const packet = senderReport({ ssrc: 1, unixMs: 1000, rtpTimestamp: 1, packets: 1, octets: 1, cname: 'a@b' })
  test('of nobody', () => {
    const changed = unknownSender(packet)
    expect(changed.readUInt32BE(4)).not.toBe(1)
    expect(changed.readUInt32BE(32)).toBe(changed.readUInt32BE(4))
    expect(changed.length).toBe(packet.length)
  })
  test('with broken descriptions', () => {
    expect(overlongSdes(packet)[37]).toBe(255)
    expect([cutSdes(packet), withoutSdes(packet)].map(({ length }) => length)).toEqual([36, 28])
  })
})
