import { describe, expect, test } from 'vitest'
import { locationOf, relayPlaylist } from '../../../src/ingest/relay/playlist.ts'
import { leadsElsewhere } from '../../../src/ingest/relay/redirect.ts'

const paths = { origin: 'http://cam:81', prefix: '/secret' }
const base = 'http://cam:81/live/list.m3u8?t=1'

describe('every address of a playlist leads to the relay, which knows what it was', () => {
  test.each([
    ['a.ts', 'http://cam:81/live/a.ts'],
    ['../a.ts?x=1&y=2', 'http://cam:81/a.ts?x=1&y=2'],
    ['/a.ts', 'http://cam:81/a.ts'],
    ['//other/a.ts', 'http://other/a.ts'],
    ['//cam:81/a.ts', 'http://cam:81/a.ts'],
    ['http://cam:81/a.ts', 'http://cam:81/a.ts'],
    ['HTTP://CAM:81/a.ts', 'http://cam:81/a.ts'],
    ['http://cam/a.ts', 'http://cam/a.ts'],
    ['http://cam:81@other/a.ts', 'http://other/a.ts'],
    ['http://other:80@cam:81/a.ts', 'http://cam:81/a.ts'],
    ['http://other:9', 'http://other:9/'],
    ['http:\\\\other\\a.ts', 'http://other/a.ts'],
    ['https://cam:81/a.ts', 'https://cam:81/a.ts'],
    ['file:///etc/passwd', 'file:///etc/passwd'],
    ['data:video/mp2t;base64,AAAA', 'data:video/mp2t;base64,AAAA'],
    ['rtmp://other/x', 'rtmp://other/x'],
    ['http://[::1', 'http://[::1'],
    ['   a.ts  ', 'http://cam:81/live/a.ts'],
  ])('%s', (address, location) => {
    for (const [before, after] of [
      ['#EXTINF:4,\n', ''],
      ['#EXT-X-KEY:METHOD=AES-128,URI="', '",IV=0x1'],
      ['#EXT-X-KEY:METHOD=AES-128,URI="', ''],
      ['#EXT-X-MEDIA:TYPE=VIDEO,URI="', '",NAME="x"'],
    ] as const) {
      const text = relayPlaylist(`#EXTM3U\r\n${before}${address}${after}\r\n#EXT-X-ENDLIST\r\n`, base, paths)
      const [, path] = /(?:URI="|^)(\/secret[^"\n]*)/m.exec(text) ?? []
      expect(path, text).toMatch(/^\/secret(-other)?\/[\x21-\x7e]*$/)
      expect(locationOf(path ?? '', paths)).toBe(location)
    }
  })

  test('without quotes, in several attributes, behind a carriage return, and in no other line', () => {
    const text = '#EXTM3U\n#EXT-X-MAP:URI=http://other/m.mp4,BYTERANGE="8@0"\n# nothing\n\na.ts\rhttp://other/b.ts'
    const lines = relayPlaylist(text, base, paths).split('\n')
    expect(lines[1]).toMatch(/^#EXT-X-MAP:URI="\/secret-other\/[\w-]+\/m.mp4",BYTERANGE="8@0"$/)
    expect(lines.slice(2)).toEqual(['# nothing', '', '/secret/live/a.ts'])
  })

  test('what is no path of the relay', () => {
    expect(locationOf('/a.ts', paths)).toBeNull()
    expect(locationOf('/secretly/a.ts', paths)).toBeNull()
  })
})

test.each([
  ['http://cam/a.ts', null],
  ['http://CAM:9/a.ts', null],
  ['https://cam/a.ts', null],
  ['http://cdn/a.ts', null],
  ['http://other/a.ts', /names another host in its playlist, other/],
  ['http://cam:81@other/a.ts', /another host in its playlist, other/],
  ['http://cam.other/a.ts', /another host/],
  ['file:///etc/passwd', /another kind of URL in its playlist \(file:/],
  ['http://[::1', /what is no URL in its playlist/],
])('whether %s may be asked for', (location, says) => {
  const rules = { configured: base, allowed: ['cdn'] }
  const refusal = leadsElsewhere(paths.origin, location, 'names', rules)
  if (says === null) expect(refusal).toBeNull()
  else expect(refusal).toMatchObject({ code: 'CAMERA_REFUSED', says: expect.stringMatching(says) })
})

test('a playlist over TLS names nothing in plain text', () => {
  const rules = { configured: 'https://cam/list.m3u8', allowed: [] }
  expect(leadsElsewhere('https://cam', 'http://cam/a.ts', 'names', rules)?.says).toMatch(/an address in plain text/)
})
