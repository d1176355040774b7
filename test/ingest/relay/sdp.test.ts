import { describe, expect, test } from 'vitest'
import { type VideoTrack, videoTrack } from '../../../src/ingest/relay/sdp.ts'

const sets = 'Z0LAHtkDxWhAAAADAEAAAAwDxYuS,aMuDyyA='
const good = [
  'v=0',
  'o=- 1 1 IN IP4 10.0.0.5',
  's=x',
  't=0 0',
  'a=control:*',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sets}`,
  'a=framerate:25',
  'a=control:track1',
]

const trackOf = (lines: readonly string[]): VideoTrack => {
  const track = videoTrack(lines.join('\r\n'), 'door')
  if ('says' in track) throw new Error(track.says)
  return track
}
const line = (sdp: string, name: string) => sdp.split('\r\n').filter((each) => each.startsWith(name))
const without = (pattern: RegExp) => good.filter((each) => !pattern.test(each))
const changed = (from: RegExp, to: string) => good.map((each) => each.replace(from, to))

/** What matters of the description is the same as of a good one. */
const asGood = ({ sdp }: VideoTrack) =>
  [...line(sdp, 'm='), ...line(sdp, 'a=rtpmap'), ...line(sdp, 'a=fmtp'), ...line(sdp, 'a=control')].join('\n')
const expected = asGood(trackOf(good))

describe('lines that do not matter', () => {
  test.each([
    ['no session lines', without(/^[vost]=/)],
    ['doubled lines', good.flatMap((each) => (/^(s|o|a=rtpmap|a=control:t)/.test(each) ? [each, each] : [each]))],
    ['a broken connection line', [...good.slice(0, 4), 'c=IN', ...good.slice(4)]],
    ['IP for IN', changed(/ IN IP4/, ' IP IP4')],
    ['a session number in hexadecimal', changed(/^o=- 1/, 'o=- 5f3a9c')],
    ['spaces at the ends', good.map((each) => `${each}  `)],
    ['fmtp without data before the right one', [...good.slice(0, 7), 'a=fmtp:96', ...good.slice(7)]],
    ['another number in fmtp', changed(/fmtp:96/, 'fmtp:97')],
    ['the fmtp on another track', [...without(/fmtp/), 'm=audio 0 RTP/AVP 0', good[7] ?? '']],
    ['the name in small letters', changed(/H264/, 'h264')],
    ['no clock rate', changed(/H264\/90000/, 'H264')],
    ['no map', without(/rtpmap/)],
    ['TCP in the protocol', changed(/RTP\/AVP/, 'RTP/AVP/TCP')],
    ['start codes in the parameter sets', changed(/Z0LA/, 'AAAAAWdCwB7ZA8VoQAAAAwBAAAAMA8WLkg==,aMuDyyA=;x=')],
    [
      'more tracks',
      [...good, 'm=audio 0 RTP/AVP 0', 'm=metadata 0 RTP/AVP 107', 'm=video 0 RTP/AVP 98', 'a=control:2'],
    ],
  ])('%s', (_, lines) => {
    const fixed = asGood(trackOf(lines)).replace(/;x=.*/, '')
    expect(fixed).toBe(expected)
  })

  test('line feeds only', () => {
    const track = videoTrack(good.join('\n'), 'door')
    expect('sdp' in track && asGood(track)).toBe(expected)
  })
})

describe('parameter sets that cannot be used are left out', () => {
  test.each(['', 'AAAA', '%%%,%%%', 'aMuDyyA=', 'Z0LAHtkDxWhAAAADAEAAAAwDxYuS', '/////w==,aMuDyyA='])('%j', (wrong) => {
    const { sdp } = trackOf(good.map((each) => each.replace(sets, wrong)))
    expect(line(sdp, 'a=fmtp')).toEqual(['a=fmtp:96 packetization-mode=1'])
  })

  test('each of H.265 by itself', () => {
    const { sdp } = trackOf([
      'm=video 0 RTP/AVP 98',
      'a=rtpmap:98 H265/90000',
      'a=fmtp:98 sprop-vps=QAEMAf//;sprop-sps=AAAA;sprop-pps=RAHBcrRi',
    ])
    expect(line(sdp, 'a=fmtp')).toEqual(['a=fmtp:98 sprop-vps=QAEMAf//;sprop-pps=RAHBcrRi'])
  })
})

test('what control says is kept apart', () => {
  expect(trackOf(good).control).toEqual({ session: '*', track: 'track1' })
  expect(trackOf(without(/control/)).control).toEqual({})
})

test('other payload types keep their number', () => {
  expect(line(trackOf(good.map((each) => each.replace('96', '50'))).sdp, 'm=')).toEqual(['m=video 0 RTP/AVP 50'])
})

test.each([
  ['H.264', good, 'h264'],
  ['H.265', changed(/H264/, 'H265'), 'h265'],
  ['H.265 without decoding order numbers', [...changed(/H264/, 'H265'), 'a=fmtp:96 sprop-max-don-diff=0'], 'h265'],
  ['H.265 with them', [...without(/fmtp|rtpmap/), 'a=rtpmap:96 H265/90000', 'a=fmtp:96 sprop-max-don-diff=2'], null],
  ['Motion JPEG', [...good.slice(0, 5), 'm=video 0 RTP/AVP 26', 'a=control:track1'], null],
  ['encrypted H.264', [...changed(/RTP\/AVP/, 'RTP/SAVP'), 'a=key-mgmt:mikey AAAA'], null],
])('whether fragments can be seen: %s', (_, lines, fragmenting) => {
  expect(trackOf(lines).fragmenting).toBe(fragmenting)
})

describe('of several tracks', () => {
  const video = (control: string, encoding = 'H264') => [
    'm=video 0 RTP/AVP 96',
    `a=rtpmap:96 ${encoding}/90000`,
    `a=control:${control}`,
  ]
  const others = [
    'm=audio 0 RTP/AVP 0',
    'a=control:sound',
    'm=audio 0 RTP/AVP 0',
    'a=sendonly',
    'a=control:back',
    'm=application 0 RTP/AVP 107',
    'a=rtpmap:107 vnd.onvif.metadata/90000',
    'a=control:metadata',
    ...video('thermal', 'X-SECRET'),
  ]

  test.each([
    ['before', [...others, ...video('first')]],
    ['behind', [...video('first'), ...others]],
    ['around', [...others, ...video('first'), ...others]],
    ['of its own kind behind', [...video('first', 'H265'), ...video('sub')]],
  ])('others %s the video are not asked for', (_, lines) => {
    const { sdp, control } = trackOf(lines)
    expect(line(sdp, 'm=')).toHaveLength(1)
    expect(control).toEqual({ track: 'first' })
    expect(sdp).not.toMatch(/audio|SECRET|sendonly/)
  })
})

describe('encrypted packets', () => {
  const locked = changed(/RTP\/AVP/, 'RTP/SAVP')
  test.each([
    ['no key', locked],
    ['the key in the description (RFC 4568)', [...locked, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA']],
    ['DTLS', changed(/RTP\/AVP/, 'UDP/TLS/RTP/SAVPF')],
  ])('%s', (_, lines) => {
    expect(videoTrack(lines.join('\r\n'), 'door')).toMatchObject({
      code: 'CAMERA_FORMAT',
      says: expect.stringMatching(/^door sends encrypted packets \(SRTP\)/),
      remedy: expect.stringMatching(/SRTP off.*rtsps:/),
    })
  })

  test('a key by MIKEY is handed on, of the session and of the track', () => {
    const key = 'a=key-mgmt:mikey AAAA'
    for (const lines of [
      [...locked, key],
      [...locked.slice(0, 4), key, ...locked.slice(4)],
    ])
      expect(trackOf(lines).sdp).toMatch(/m=video 0 RTP\/SAVP 96/)
    expect(line(trackOf([...locked, key]).sdp, 'a=key-mgmt')).toEqual([key])
  })

  test('a plain track beside it is taken', () => {
    const both = [...locked, 'm=video 0 RTP/AVP 98', 'a=rtpmap:98 H265/90000', 'a=control:plain']
    expect(trackOf(both).control.track).toBe('plain')
  })
})
