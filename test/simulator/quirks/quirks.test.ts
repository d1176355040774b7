import { describe, expect, test } from 'vitest'
import { withBase, withHeaders } from '../../../simulator/quirks/answers.ts'
import { bytesAfterSps, delimited, inAnnexB, seiStorm, withoutParameterSets } from '../../../simulator/quirks/nals.ts'
import { cutSdes, overlongSdes, unknownSender, withoutSdes } from '../../../simulator/quirks/reports.ts'
import { all, appended, doubled, inserted, replaced, without } from '../../../simulator/quirks/sdp.ts'
import { clockFrom, clockJump, drifting, rtpJump, rtpReset } from '../../../simulator/quirks/times.ts'
import type { ClockQuirks } from '../../../simulator/quirks.ts'
import { nalOf, pps, sps } from '../synthetic-loop.ts'

describe('SDP', () => {
  const sdp = ['v=0', 's=x', 'm=video 0 RTP/AVP 96', 'a=control:t']
  const [v, x, m, a] = sdp
  test.each([
    [without(/^[vs]=/), [m, a]],
    [doubled(/^s=/), [v, x, x, m, a]],
    [replaced(/96$/, '50'), [v, x, 'm=video 0 RTP/AVP 50', a]],
    [inserted(/^m=/, 'a=x', 'a=y'), [v, x, 'a=x', 'a=y', m, a]],
    [inserted(/^z=/, 'a=x'), sdp],
    [all(without(/^[vsa]=/), appended('m=audio 0 RTP/AVP 0')), [m, 'm=audio 0 RTP/AVP 0']],
  ])('%#', (quirk, expected) => {
    expect(quirk(sdp, { codec: 'h264', sets: { vps: [], sps: [], pps: [] }, url: '' })).toEqual(expected)
  })
})

describe('answers', () => {
  const proper = { status: 200, headers: { 'Content-Base': 'rtsp://h/s/', 'Content-Type': 'application/sdp' } }
  const past = { requests: [], connection: 0 }
  const request = (method: string) => ({ method, uri: 'rtsp://h/s', headers: new Map(), body: Buffer.alloc(0) })
  test('only those of the method change', () => {
    const quirk = withHeaders('DESCRIBE', { 'Content-Type': undefined })
    expect(quirk(proper, request('DESCRIBE'), past)?.headers).toEqual({ 'Content-Base': 'rtsp://h/s/' })
    expect(quirk(proper, request('SETUP'), past)).toBe(proper)
  })
  test('the base is made from the URL', () => {
    const quirk = withBase((url) => `rtsp://${url}`)
    expect(quirk(proper, request('DESCRIBE'), past)?.headers?.['Content-Base']).toBe('rtsp://rtsp://h/s')
  })
})

describe('NAL units', () => {
  const slice = nalOf(0x65, 40)
  const picture = [sps, pps, slice]

  test('parameter sets are left out', () => expect(withoutParameterSets(picture, { codec: 'h264' })).toEqual([slice]))

  test('one unit with start codes', () => {
    const [bare] = inAnnexB({ leading: false })(picture, { codec: 'h264' })
    const [led] = inAnnexB({ leading: true })(picture, { codec: 'h264' })
    expect(bare.subarray(0, 11)).toEqual(Buffer.from([...sps, 0, 0, 0, 1, pps[0]]))
    expect(led.subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 1, sps[0]]))
  })

  test('only the SPS gets more bytes', () => {
    const changed = bytesAfterSps(0, 0xff)(picture, { codec: 'h264' })
    expect(changed.map(({ length }) => length)).toEqual([sps.length + 2, pps.length, slice.length])
  })

  test('SEI units stand before the slices', () => {
    expect(seiStorm(3)(picture, { codec: 'h264' }).map((nal) => nal[0] & 31)).toEqual([7, 8, 6, 6, 6, 5])
    expect(seiStorm(1)([], { codec: 'h265' })[0][0] >> 1).toBe(39)
  })

  test('a delimiter stands first', () => expect(delimited(picture, { codec: 'h264' })[0][0]).toBe(9))
})

describe('times', () => {
  const hourUs = 3.6e9
  const media = ({ media: of }: ClockQuirks, us: number) => of?.(us) ?? us
  test('RTP time stamps begin anew', () => {
    expect([1e6, 2e6, 3e6].map((us) => media(rtpReset(2), us))).toEqual([hourUs + 1e6, 0, 1e6])
  })
  test.each([1, -1])('RTP time stamps jump by %i hours', (hours) => {
    const quirk = rtpJump(2, hours)
    expect(media(quirk, 2e6) - media(quirk, 1e6)).toBe(1e6 + hours * hourUs)
    expect(media(quirk, 2e6)).toBeGreaterThan(0)
  })
  test('the clock jumps', () => {
    const { ntp, media: none } = clockJump(2, -1)
    expect([ntp?.(5e6, 1e6), ntp?.(5e6, 2e6)]).toEqual([5e6, 5e6 - 3.6e6])
    expect(none).toBeUndefined()
  })
  test('the clock is of 1970', () => expect(clockFrom(0).ntp?.(1.7e12, 4e6)).toBe(4000))
  test('0.1 % fast', () => {
    expect(media(drifting(0.001), 1e9)).toBeCloseTo(1.001e9, 3)
    expect(drifting(0.001).ntp?.(5e6, 1e9)).toBeCloseTo(5e6 + 1000, 6)
  })
})

describe('sender reports', () => {
  const report = { ssrc: 1, unixMs: 1000, rtpTimestamp: 1, packets: 1, octets: 1, cname: 'a@b' }
  test('of nobody', () => {
    const [changed] = unknownSender(report)
    expect(changed.readUInt32BE(4)).not.toBe(1)
    expect(changed.readUInt32BE(32)).toBe(changed.readUInt32BE(4))
  })
  test('with broken descriptions', () => {
    expect(overlongSdes(report)[0][37]).toBe(255)
    expect([cutSdes, withoutSdes].map((quirk) => quirk(report)[0].length)).toEqual([36, 28])
  })
})
