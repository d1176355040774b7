import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RollcallError } from '../../src/errors.ts'
import { parseCameraUrl, redactText } from '../../src/ingest/camera-url.ts'

describe('what it reads', () => {
  test.each([
    ['rtsp://10.0.0.5', { kind: 'rtsp', location: 'rtsp://10.0.0.5', credentials: null, tls: false }],
    ['rtsp://cam:8554/a?x=1', { kind: 'rtsp', location: 'rtsp://cam:8554/a?x=1' }],
    ['RTSPS://cam/a b', { kind: 'rtsp', location: 'rtsps://cam/a%20b', tls: true }],
    ['rtsp://[fe80::1]:554/s', { kind: 'rtsp', location: 'rtsp://[fe80::1]:554/s' }],
    ['rtsp://u:p@cam/s', { location: 'rtsp://cam/s', credentials: { user: 'u', password: 'p' } }],
    ['rtsp://u@cam/s', { credentials: { user: 'u', password: '' } }],
    ['rtsp://u:p@ss:w@cam/s', { location: 'rtsp://cam/s', credentials: { user: 'u', password: 'p@ss:w' } }],
    ['rtsp://u:a%40b%2Fc%25@cam/s', { credentials: { user: 'u', password: 'a@b/c%' } }],
    ['https://u:p@cam:8443/live.m3u8#t', { kind: 'http', location: 'https://cam:8443/live.m3u8', tls: true }],
    ['v4l2:///dev/video0', { kind: 'v4l2', device: '/dev/video0' }],
    ['file:///clips/a%20b.mp4', { kind: 'file', path: '/clips/a b.mp4' }],
    ['/clips/a%20b.mp4', { kind: 'file', path: '/clips/a%20b.mp4' }],
    ['clips/what"! is.mp4', { kind: 'file', path: '/here/clips/what"! is.mp4' }],
    ['../door:1.mp4', { kind: 'file', path: '/door:1.mp4' }],
    ['door:1.mp4', { kind: 'file', path: '/here/door:1.mp4' }],
    ['./192.168.1.10', { kind: 'file', path: '/here/192.168.1.10' }],
    [' rtsp://cam/s\n', { kind: 'rtsp', location: 'rtsp://cam/s' }],
    ['rtsp://10.0.0.5:554/ch1@sub', { kind: 'rtsp', location: 'rtsp://10.0.0.5:554/ch1@sub', credentials: null }],
    ['rtsp://u:p@[fe80::1]:554/ch1@sub', { location: 'rtsp://[fe80::1]:554/ch1@sub' }],
    ['rtsp://cam/live@main', { kind: 'rtsp', location: 'rtsp://cam/live@main' }],
  ])('%s', (text, expected) => {
    expect(parseCameraUrl(text, { directory: '/here' })).toMatchObject(expected)
  })
})

describe('what it refuses, and says', () => {
  test.each([
    ['', /empty/],
    ['ftp://cam/x', /"ftp:\/\/" is not known here; expected rtsp/],
    ['rtsp://', /expected a host name/],
    ['rtsp:///stream', /expected a host name/],
    ['rtsp://cam:0/x', /1 to 65535, not "0"/],
    ['rtsp://cam:65536/x', /1 to 65535/],
    ['rtsp://cam:5x/x', /not "5x"/],
    ['rtsp://u:p/w@cam/x', /not clear where the password ends/],
    // Each would ask DNS for a host that is the user, or a part of the password.
    ['rtsp://u:8554/w@cam/x', /not clear where the password ends/],
    ['rtsp://u:1?w@cam/x', /not clear where the password ends/],
    ['http://u:80#w@cam/x', /not clear where the password ends/],
    ['rtsp://u:p@ss/w@cam/x', /not clear where the password ends/],
    ['rtsp://team/u:w@cam/x', /not clear where the password ends/],
    ['rtsp://u:pö%20@cam:99999/x', /1 to 65535/],
    ['192.168.1.10', /address without a protocol/],
    ['192.168.1.10:554/stream', /address without a protocol/],
    ['camera:554/stream', /address without a protocol/],
    ['admin:hunter2@camera/stream', /"\*\*\*@camera\/stream": an address without a protocol/],
    ['rtsp:/camera/x', /expected :\/\/ after rtsp/],
    ['rtmp://camera/x', /not known here/],
    ['rtsp://u:100%@cam/x', /%25/],
    ['rtsp://u:a%00b@cam/x', /control character/],
    ['rtsp://cam/x\n! filesink', /control character/],
    ['v4l2://video0', /device/],
    ['file://host/x', /absolute path/],
  ])('%j', (text, message) => {
    expect(() => parseCameraUrl(text)).toThrow(RollcallError)
    expect(() => parseCameraUrl(text)).toThrow(message)
  })
})

test('credentials come out as they went in, and are in nothing that is shown', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 3 }).filter((text) => !/\p{Cc}/u.test(text))
  fc.assert(
    fc.property(word, word, (user, word) => {
      const password = `secret-${word}`
      const url = parseCameraUrl(`rtsp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@cam:554/s`)
      expect(url.credentials).toEqual({ user, password })
      expect(url).toMatchObject({ location: 'rtsp://cam:554/s', redacted: 'rtsp://***@cam:554/s' })
      const chatter = `could not open rtsp://${user}:${password}@cam for ${encodeURIComponent(password)}`
      expect(redactText(chatter, url)).not.toContain('secret-')
    }),
  )
})

test('whatever is written, an error holds no password', () => {
  const noise = fc.string({ unit: fc.constantFrom('/', '#', '?', '@', ':', '%', 'a', ' ', '[', '"', '\\') })
  fc.assert(
    fc.property(noise, noise, (a, b) => {
      try {
        expect(parseCameraUrl(`rtsp://admin:${a}hunter2${b}@cam/s`).redacted).not.toContain('hunter2')
      } catch (error) {
        expect(error).toBeInstanceOf(RollcallError)
        expect((error as RollcallError).message).not.toContain('hunter2')
      }
    }),
    { numRuns: 1000 },
  )
})

const login = { user: 'viewer', password: '8554/p@s:s#w?r%d "\\ö' }

test('a login beside the URL is taken as it is, and makes an @ in the path clear', () => {
  expect(parseCameraUrl('rtsp://nvr:554/ch1@sub', { login })).toEqual({
    kind: 'rtsp',
    tls: false,
    location: 'rtsp://nvr:554/ch1@sub',
    credentials: login,
    redacted: 'rtsp://***@sub',
  })
})

test.each([
  ['rtsp://u:p@cam/s', /a login in the URL and another/],
  ['/clips/door.mp4', /takes no user and password/],
  ['v4l2:///dev/video0', /takes no user and password/],
])('a login beside %s is refused', (text, message) => {
  expect(() => parseCameraUrl(text, { login })).toThrow(message)
})

test('a password with a line break is refused, as a file of secrets may have one', () => {
  expect(() => parseCameraUrl('rtsp://cam/s', { login: { user: 'u', password: 'hunter2\n' } })).toThrow(/control/)
})

test('a password is hidden in each spelling in which somebody may repeat it', () => {
  const url = parseCameraUrl('rtsp://cam/s', { login })
  const { user, password } = login
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  for (const spelled of [
    password,
    encodeURIComponent(password),
    encodeURIComponent(password).toLowerCase(),
    JSON.stringify(password).slice(1, -1),
    basic,
  ])
    expect(redactText(`no element "${spelled}"`, url)).toBe('no element "***"')
})

test.each([
  'rtsp://cam/s?user=admin&password=/hunter2#hunter2',
  'rtsp://cam/s?a=1&pwd=x?hunter2&b=2',
  'http://cam/user=admin_pwd=hunter2_channel=1.sdp',
])('passwords that vendors put into paths are hidden: %s', (text) => {
  const url = parseCameraUrl(text)
  expect(url.redacted).not.toContain('hunter2')
  expect(redactText(`Not Found, URL: ${text}`, url)).not.toContain('hunter2')
})
