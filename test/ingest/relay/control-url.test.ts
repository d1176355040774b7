import { describe, expect, test } from 'vitest'
import { controlUrls } from '../../../src/ingest/relay/control-url.ts'

const asked = 'rtsp://10.0.0.5:554/live?ch=1'
const first = (given: Parameters<typeof controlUrls>[1], url = asked) => {
  const { play, setUp } = controlUrls(url, given)
  return { play: play[0], setUp: setUp[0] }
}

describe('the base', () => {
  test.each([
    ['rtsp://10.0.0.5:554/live/', 'rtsp://10.0.0.5:554/live/'],
    ['rtsp://10.0.0.5:554/live', 'rtsp://10.0.0.5:554/live'],
    ['/live/', 'rtsp://10.0.0.5:554/live/'],
    ['', asked],
    [undefined, asked],
    ['rtsp://rtsp://10.0.0.5:554/live/', 'rtsp://10.0.0.5:554/live/'],
    ['rtsp://', asked],
    ['10.0.0.5/live/', 'rtsp://10.0.0.5/live/'],
    ['live', asked],
    ['rtsp://::ffff:10.0.0.5:554/live/', 'rtsp://10.0.0.5:554/live/'],
    ['rtsp://[fe80::1]/live/', 'rtsp://[fe80::1]/live/'],
    ['rtsp://ada:secret@10.0.0.5/live/', 'rtsp://10.0.0.5/live/'],
    ['rtsp://192.168.1.10/live/', 'rtsp://192.168.1.10/live/'],
    ['http://10.0.0.5/live/', 'rtsp://10.0.0.5/live/'],
  ])('%j', (base, expected) => {
    const given = { ...(base !== undefined && { base }), track: 'trackID=1' }
    expect(first(given)).toEqual({
      play: expected,
      setUp: `${expected}${expected.endsWith('/') ? '' : '/'}trackID=1`,
    })
  })
})

describe('the track', () => {
  const base = 'rtsp://10.0.0.5/live/'
  test.each([
    ['track1', 'rtsp://10.0.0.5/live/track1'],
    ['rtsp://10.0.0.5/other/track1', 'rtsp://10.0.0.5/other/track1'],
    ['rtsp://rtsp://10.0.0.5/live/track1', 'rtsp://10.0.0.5/live/track1'],
    ['/live/track1', 'rtsp://10.0.0.5/live/track1'],
    ['?ctype=video', 'rtsp://10.0.0.5/live?ctype=video'],
    ['*', base],
    [undefined, base],
    ['my track\r\nX: 1', 'rtsp://10.0.0.5/live/my%20track%0D%0AX:%201'],
  ])('%j', (track, expected) => {
    expect(first({ base, ...(track !== undefined && { track }) }).setUp).toBe(expected)
  })
})

test('a session with a URL of its own is played by it', () => {
  const session = 'rtsp://10.0.0.5/aggregate'
  expect(first({ base: 'rtsp://10.0.0.5/live/', session, track: 't' })).toEqual({
    play: session,
    setUp: 'rtsp://10.0.0.5/live/t',
  })
})

test('with a query, the way of most cameras comes before that of RFC 3986', () => {
  expect(controlUrls(asked, { track: 't' }).setUp).toEqual([
    'rtsp://10.0.0.5:554/live?ch=1/t',
    'rtsp://10.0.0.5:554/live/t?ch=1',
  ])
})
