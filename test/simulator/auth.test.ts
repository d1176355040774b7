import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authorize, challenges, type RtspAuth } from '../../simulator/auth.ts'

const login = { user: 'Mufasa', password: 'Circle Of Life', realm: 'testrealm@host.com' }
const attempt = { method: 'DESCRIBE', uri: 'rtsp://host/cam', nonce: 'abc', authorization: undefined }

describe('Basic', () => {
  const auth: RtspAuth = { ...login, scheme: 'basic' }
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it('asks with the realm', () => {
    expect(challenges(auth, 'abc', false)).toEqual(['Basic realm="testrealm@host.com"'])
  })

  it('takes the right password only', () => {
    const verdict = (authorization: string | undefined) => authorize(auth, { ...attempt, authorization })
    expect(verdict(basic('Mufasa:Circle Of Life'))).toBe('yes')
    expect(verdict(basic('Mufasa:circle of life'))).toBe('no')
    expect(verdict(basic('Mufasa'))).toBe('no')
    expect(verdict('Basic')).toBe('no')
    expect(verdict('Basic !!!')).toBe('no')
    expect(verdict('Digest username="Mufasa"')).toBe('no')
    expect(verdict(undefined)).toBe('no')
  })
})

describe('Digest', () => {
  const auth: RtspAuth = { ...login, scheme: 'digest' }

  it('accepts the example of RFC 2617 3.5', () => {
    const authorization =
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
      'uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", ' +
      'response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    const nonce = 'dcd98b7102dd2f0e8b11d0f600bfb0c093'
    const get = { method: 'GET', uri: 'http://www.nowhere.org/dir/index.html', nonce, authorization }
    expect(authorize(auth, get)).toBe('yes')
    expect(authorize(auth, { ...get, method: 'POST' })).toBe('no')
    expect(authorize(auth, { ...get, uri: '/other' })).toBe('no')
    expect(authorize({ ...auth, password: 'x' }, get)).toBe('no')
    expect(authorize(auth, { ...get, nonce: 'newer' })).toBe('stale')
  })

  it.each([undefined, 'SHA-256'] as const)('accepts an answer without qop (algorithm %s)', (algorithm) => {
    const hash = (text: string) =>
      createHash(algorithm ? 'sha256' : 'md5')
        .update(text)
        .digest('hex')
    const secret = hash('Mufasa:testrealm@host.com:Circle Of Life')
    const response = hash(`${secret}:abc:${hash('DESCRIBE:rtsp://host/cam')}`)
    const authorization = `Digest username="Mufasa", realm="testrealm@host.com", nonce="abc", uri="rtsp://host/cam", response="${response}"`
    expect(authorize({ ...auth, ...(algorithm && { algorithm }) }, { ...attempt, authorization })).toBe('yes')
  })

  it('asks with a nonce, and says when only the nonce was old', () => {
    expect(challenges(auth, 'abc', false)).toEqual(['Digest realm="testrealm@host.com", nonce="abc"'])
    expect(challenges({ ...auth, algorithm: 'SHA-256' }, 'abc', true)).toEqual([
      'Digest realm="testrealm@host.com", nonce="abc", algorithm=SHA-256, stale=TRUE',
    ])
  })

  it('refuses an answer without fields', () => {
    expect(authorize(auth, { ...attempt, authorization: 'Digest ' })).toBe('no')
    expect(authorize(auth, { ...attempt, authorization: 'Digest response="",uri="rtsp://host/cam"' })).toBe('no')
  })
})
