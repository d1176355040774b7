import { expect, it } from 'vitest'
import { describeMedia, formatDescription } from '../../simulator/sdp.ts'
import { pps, sps } from './synthetic-loop.ts'

const common = { fps: 30_000 / 1001, name: 'door', address: '127.0.0.1', sessionId: 5, control: 'trackID=0' }

it('describes H.264', () => {
  const text = formatDescription(
    describeMedia({ ...common, codec: 'h264', parameterSets: { vps: [], sps: [sps], pps: [pps] } }),
  )
  expect(text).toBe(
    [
      'v=0',
      'o=- 5 1 IN IP4 127.0.0.1',
      's=door',
      'c=IN IP4 0.0.0.0',
      't=0 0',
      'a=control:*',
      'a=range:npt=now-',
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      'a=fmtp:96 packetization-mode=1;profile-level-id=42c01e;sprop-parameter-sets=Z0LAHtkB,aMuDyw==',
      'a=framerate:29.97',
      'a=control:trackID=0',
      '',
    ].join('\r\n'),
  )
})

it('describes H.265, over IPv6', () => {
  const sets = { vps: [Uint8Array.of(0x40, 1)], sps: [Uint8Array.of(0x42, 1)], pps: [Uint8Array.of(0x44, 1)] }
  const text = formatDescription(describeMedia({ ...common, address: '::1', codec: 'h265', parameterSets: sets }))
  expect(text).toContain('a=rtpmap:96 H265/90000\r\na=fmtp:96 sprop-vps=QAE=;sprop-sps=QgE=;sprop-pps=RAE=\r\n')
  expect(text).toContain('o=- 5 1 IN IP6 ::1\r\n')
})
