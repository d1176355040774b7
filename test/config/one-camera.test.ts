import { describe, expect, test } from 'vitest'
import { changedCamera, checkCameraName, readCamera, shownCamera, withLoginApart } from '../../src/config/one-camera.ts'

const url = 'rtsp://192.0.2.10/stream1'

describe('readCamera', () => {
  test('lays the keys over the defaults, but for a login: it is for the cameras of the configuration', () => {
    const defaults = { maxFps: 3, user: 'viewer', password: 'hunter2', backoff: { firstMs: 50 } } as never
    const camera = readCamera('door', { url, backoff: { maxMs: 900 } }, defaults)
    expect(camera).toMatchObject({ maxFps: 3, user: null, password: null, backoff: { firstMs: 50, maxMs: 900 } })
  })
  test('every mistake at once, with its key and no secret; ${NAME} is text', () => {
    const wrong = { url: 'rtsp://a:hunter2@/x', maxfps: 3, latencyMs: 'x' }
    expect(() => readCamera('door', wrong, {})).toThrow(
      /^camera door: .*latencyMs: .*maxfps: unknown key; did you mean maxFps\?/s,
    )
    expect(() => readCamera('door', wrong, {})).not.toThrow(/hunter2/)
    process.env.ROLLCALL_TEST_SECRET = 'hunter2'
    expect(readCamera('door', { url: 'rtsp://h/${ROLLCALL_TEST_SECRET}' }, {}).url).toBe(
      'rtsp://h/${ROLLCALL_TEST_SECRET}',
    )
  })
  test('names follow the rule of the configuration', () => {
    expect(checkCameraName('door')).toBe('door')
    for (const name of ['', '..', 'a/b', 'toString', 7, null, 'x'.repeat(65)])
      expect(() => checkCameraName(name)).toThrow(/^name: /)
  })
})

describe('changedCamera', () => {
  const kept = withLoginApart({ url: 'rtsp://anna:hunter2@192.0.2.10/stream1', maxFps: 5 })
  const change = (changes: object) => changedCamera('door', kept, changes as never)
  test('the login of a URL moves to keys of its own', () => {
    expect(kept).toEqual({ url, user: 'anna', password: 'hunter2', maxFps: 5 })
    const both = { url: 'rtsp://a:b@h/1', detailUrl: 'rtsp://c:d@h/2' }
    expect(withLoginApart(both)).toBe(both)
  })
  test('what is left out stays, null takes out', () => {
    expect(change({ maxFps: null, rotate: 90 })).toEqual({ url, user: 'anna', password: 'hunter2', rotate: 90 })
    expect(change({ url: `${url}?channel=2` })).toMatchObject({ password: 'hunter2' })
    const other = 'rtsp://bob:new@198.51.100.1/x'
    expect(change({ url: other })).toEqual({ url: other, maxFps: 5 })
    expect(change({ user: null })).toEqual({ url, maxFps: 5, password: undefined })
  })
  test('a password is sent to no other host than the one that it was given for', () => {
    const elsewhere = [
      'rtsp://198.51.100.1/x',
      'rtsp://192.0.2.10:8554/x',
      'http://192.0.2.10/stream1',
      'rtsp://192.0.2.10@evil/x'.replace('192.0.2.10@', ''),
    ]
    for (const other of elsewhere) expect(() => change({ url: other }), other).toThrow(/another host/)
    expect(() => change({ detailUrl: 'rtsp://198.51.100.1/x' })).toThrow(/another host/)
    expect(() => change({ user: 'bob' })).toThrow(/password: expected it beside the new user/)
    expect(change({ url: 'rtsp://198.51.100.1/x', user: 'bob', password: 'new' })).toMatchObject({ password: 'new' })
    expect(change({ url: 'rtsp://198.51.100.1/x', user: null }).password).toBeUndefined()
  })
  test('what was shown may come back; *** elsewhere is no secret', () => {
    const secret = { url: 'http://192.0.2.10/pic?usr=a&pwd=hunter2' }
    const { url: shown } = shownCamera(readCamera('door', secret, {}))
    expect(shown).toBe('http://192.0.2.10/pic?usr=***&pwd=***')
    expect(changedCamera('door', secret, { url: shown, maxFps: 1 })).toEqual({ ...secret, maxFps: 1 })
    expect(() => changedCamera('door', secret, { url: `${shown}&x=1` })).toThrow(/stands for a secret/)
  })
})

test('shownCamera: no secret, and only what differs from the defaults', () => {
  const shown = shownCamera(readCamera('door', { url, user: 'anna', password: 'hunter2', maxFps: 3 }, {}))
  expect(shown).toEqual({ url, detailUrl: null, login: true, settings: { maxFps: 3 } })
})
