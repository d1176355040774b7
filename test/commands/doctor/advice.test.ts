import { describe, expect, test } from 'vitest'
import { adviceFor, adviceWithout, describeOffset } from '../../../src/commands/doctor/advice.ts'
import { keylessVideo, measureVideo } from '../../../src/commands/doctor/measure.ts'
import { describeSession } from '../../../src/commands/doctor/session.ts'
import type { Watched } from '../../../src/commands/doctor/watch.ts'

const caps = 'video/x-h264, profile=(string)main, level=(string)3.1, framerate=(fraction)25/1'
/** Units at 25 a second, with a key frame every `gop`, as they are shown. */
const units = (count: number, gop: number, order = (i: number) => i) =>
  Array.from({ length: count }, (_, i) => ({ ptsMs: 40 * order(i), atMs: 40 * i, key: i % gop === 0, bytes: 1000 }))

const rtp = {
  packets: 1000,
  bitsPerS: 1_000_000,
  lost: 0,
  disordered: 0,
  marker: 'good',
  jumpS: 0,
  reports: [{ arrivedAtMs: 1e12, ntpAtMs: 1e12 }],
  badReports: 0,
  drift: { ppm: 0, exactPpm: 500 },
  startCodes: 0,
  wholeFragments: 0,
  turnedBy: null,
} as const
const good: Watched = {
  kind: 'rtsp',
  transport: 'tcp',
  login: 'Digest with MD5',
  width: 640,
  height: 480,
  firstFrameMs: 100,
  watchedMs: 10_000,
  video: measureVideo(caps, units(250, 50)),
  session: { server: null, tracks: [], parameterSets: true, oddities: [] },
  rtp,
  picture: { unchanged: false, black: false },
  cost: { decoder: 'avdec_h264', hardware: false, frames: 250, cpuMsPerFrame: 2, coreShare: 0.05, cores: 2 },
  interruptions: [],
}
const quirks = (change: Partial<Watched>): string =>
  adviceFor({ ...good, ...change }, 1e12)
    .map(({ quirk }) => quirk)
    .join('\n')

describe('advice', () => {
  test('is not given where all is well', () => expect(adviceFor(good, 1e12)).toEqual([]))

  test.each<[string, Partial<Watched>, RegExp]>([
    ['a stream that asks to be turned', { rtp: { ...rtp, turnedBy: 90 } }, /turned by 90° .*display orientation/],
    ['a long GOP', { video: measureVideo(caps, units(250, 150)) }, /key frames up to 6 s apart/],
    ['a smart codec', { video: measureVideo(caps, units(250, 3000)) }, /no second key frame within 10 s/],
    ['no key frame at all', { video: keylessVideo(caps, 250, 10_000) }, /no key frame within 10 s .*damaged/],
    [
      'B-frames',
      {
        video: measureVideo(
          caps,
          units(250, 50, (i) => i + [0, 2, -1, -1][i % 4]),
        ),
      },
      /B-frames/,
    ],
    [
      'another rate than said',
      { video: measureVideo(caps.replace('25/1', '50/1'), units(250, 50)) },
      /says 50 .* sends 25$/,
    ],
    ['lost packets', { rtp: { ...rtp, lost: 12 } }, /12 of 1012 packets missing/],
    ['no reports', { rtp: { ...rtp, reports: [] } }, /no sender reports/],
    ['a clock of 1970', { rtp: { ...rtp, reports: [{ arrivedAtMs: 1e12, ntpAtMs: 0 }] } }, /1970-01-01.*not used/],
    [
      'a clock 3 s behind',
      { rtp: { ...rtp, reports: [{ arrivedAtMs: 1e12, ntpAtMs: 1e12 - 3000 }] } },
      /3 s behind ours$/,
    ],
    ['drift', { rtp: { ...rtp, drift: { ppm: 1200, exactPpm: 500 } } }, /run 0\.12 % fast/],
    ['a jump', { rtp: { ...rtp, jumpS: -3600 } }, /jumped by -3600 s/],
    ['markers', { rtp: { ...rtp, marker: 'never' } }, /no marker bit/],
    ['Basic', { login: 'Basic' }, /in clear/],
    [
      'missing parameter sets',
      { session: { server: null, tracks: [], parameterSets: false, oddities: [] } },
      /parameter sets/,
    ],
    ['black', { picture: { unchanged: true, black: true } }, /^the picture is black$/],
    ['no motion at all', { picture: { unchanged: true, black: false } }, /very same/],
    ['an outage', { interruptions: ['gone'] }, /interrupted.*gone/],
  ])('tells of %s in one line', (_, change, expected) => {
    expect(quirks(change)).toMatch(expected)
    expect(quirks(change).split('\n')).toHaveLength(1)
  })

  test('tells why there may be no picture', () => {
    const without = { reason: 'no picture within 10 s', code: 'CAMERA_TIMEOUT', session: null, rtp }
    expect(adviceWithout(without)).toMatchObject([{ quirk: expect.stringContaining('no whole key frame') }])
    expect(adviceWithout({ ...without, rtp: null })).toEqual([])
    // It says the same itself.
    const own = 'no key frame — Set a key-frame interval (GOP) of 1–2 s.'
    expect(adviceWithout({ ...without, reason: own })).toEqual([])
  })

  test('tells offsets in the unit that fits', () =>
    expect([-20, 1500, -7_200_000].map(describeOffset)).toEqual(['20 ms behind', '1.5 s ahead of', '2 h behind']))
})

describe('a stream is measured', () => {
  test('by presentation, also with B-frames', () => {
    const found = measureVideo(
      caps,
      units(250, 52, (i) => i + [0, 2, -1, -1][i % 4]),
    )
    expect(found).toMatchObject({ codec: 'H.264', profile: 'main', level: '3.1', saidFps: 25, keys: 5 })
    expect(found.fps).toBeCloseTo(25, 0)
    expect(found.bitsPerS).toBeGreaterThan(195_000)
    expect(found.keyEveryMs).toEqual({ median: 2080, least: 2080, most: 2080 })
  })

  test('when there is nothing', () =>
    expect(measureVideo(null, [])).toMatchObject({
      codec: null,
      fps: null,
      bitsPerS: null,
      keyEveryMs: null,
      units: 0,
    }))
})

describe('a session description is read', () => {
  const read = (sdp: string, headers: readonly (readonly [string, string])[] = [['Content-Type', 'application/sdp']]) =>
    describeSession({ first: 'RTSP/1.0 200 OK', headers, body: Buffer.from(sdp.replaceAll('\n', '\r\n')) })
  const head = 'v=0\no=- 0 0 IN IP4 0\ns=x\n'
  const video =
    'm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 sprop-parameter-sets=Z0IAKeKQFAe2,aM48gA==\na=control:0\n'

  test('with its tracks', () =>
    expect(
      read(
        `${head}${video}m=audio 0 RTP/AVP 0\nm=audio 0 RTP/AVP 97\na=sendonly\nm=application 0 RTP/AVP 98\na=rtpmap:98 vnd.onvif.metadata/90000\n`,
      ),
    ).toMatchObject({
      parameterSets: true,
      oddities: [],
      tracks: [
        { kind: 'video', encoding: 'H264' },
        { kind: 'audio', encoding: 'PCMU', isBackchannel: false },
        { kind: 'audio', encoding: null, isBackchannel: true },
        { kind: 'application', encoding: 'vnd.onvif.metadata' },
      ],
    }))

  test.each<[string, string, string]>([
    ['no line v=0', 's=x\n', video],
    ['no line o=', 'v=0\ns=x\n', video],
    ['several lines s=', `${head}s=y\n`, video],
    ['no control address for the video', head, video.replace('a=control:0\n', '')],
  ])('with %s', (odd, before, section) => expect(read(before + section).oddities).toContain(odd))

  test('with odd headers, or none at all', () => {
    expect(read(head, [['Content-Base', 'cam']]).oddities).toEqual([
      'a Content-Base that is no address',
      'no Content-Type',
    ])
    expect(read('').tracks).toEqual([])
    expect(read(`${head}m=video 0 RTP/AVP 96\na=rtpmap:96 H265/90000\n`).parameterSets).toBe(false)
  })
})
