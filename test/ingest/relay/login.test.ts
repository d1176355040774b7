import { describe, expect, test } from 'vitest'
import { authorize, challenges } from '../../../simulator/auth.ts'
import { answerAndNote, answerChallenge, type Login, parseChallenges } from '../../../src/ingest/relay/login.ts'

const ada = { user: 'ada', password: 's"e\\cr, et=ü' }
const at = { place: 'cam', tls: false, digestSeen: false }
const loginOf = (header: string, more: object = {}): Login => {
  const answer = answerChallenge(header, ada, { ...at, ...more })
  if ('says' in answer) throw new Error(answer.says)
  return answer
}
const refusalOf = (header: string, more: object = {}) => {
  const answer = answerChallenge(header, ada, { ...at, ...more })
  return 'says' in answer ? answer : null
}

test.each([
  ['Digest realm="a, b", nonce="1", Basic realm="c"', ['digest', 'basic']],
  ['Basic realm="c", Digest realm="x",nonce=1,qop="auth,auth-int"', ['basic', 'digest']],
  ['Negotiate, NTLM', ['negotiate', 'ntlm']],
  ['Bearer realm="x", error="invalid_token"', ['bearer']],
  ['Basic', ['basic']],
  ['', []],
])('the challenges in %s', (header, schemes) => {
  expect(parseChallenges(header).map(({ scheme }) => scheme)).toEqual(schemes)
})

test('values may be quoted, escaped, or neither', () => {
  const [{ parameters }] = parseChallenges(String.raw`Digest realm="a \"b\", c", NONCE=12, stale=TRUE`)
  expect([...parameters]).toEqual([
    ['realm', 'a "b", c'],
    ['nonce', '12'],
    ['stale', 'TRUE'],
  ])
})

describe('a server of our own lets in', () => {
  test.each(['MD5', 'SHA-256'] as const)('who answers its digest with %s', (algorithm) => {
    const auth = { ...ada, scheme: 'digest', algorithm } as const
    const login = loginOf(challenges(auth, 'n1', false).join(', '))
    for (const method of ['DESCRIBE', 'SETUP']) {
      const uri = 'rtsp://cam/s'
      const authorization = login.authorization(method, uri)
      expect(authorize(auth, { method, uri, nonce: 'n1', authorization })).toBe('yes')
      expect(authorization).not.toContain('cr, et')
    }
  })

  test('who answers its Basic', () => {
    const auth = { ...ada, scheme: 'basic' } as const
    const authorization = loginOf(challenges(auth, 'n', false).join(', ')).authorization('GET', '/')
    expect(authorize(auth, { method: 'GET', uri: '/', nonce: 'n', authorization })).toBe('yes')
  })
})

/** RFC 7616 3.9.1 and RFC 2617 3.5, with their fixed cnonce replaced by ours. */
test('the count of a nonce rises', () => {
  const login = loginOf('Digest realm="r", nonce="n", qop="auth"')
  expect(login.authorization('GET', '/')).toMatch(/nc=00000001/)
  expect(login.authorization('GET', '/')).toMatch(/nc=00000002/)
})

describe('the password goes in clear', () => {
  test('never where a digest is offered beside it, in either order', () => {
    for (const header of [
      'Basic realm="x", Digest realm="x", nonce="1"',
      'Digest realm="x", nonce="1", Basic realm="x"',
    ]) {
      expect(loginOf(header).authorization('GET', '/')).toMatch(/^Digest /)
    }
  })
  test('not once a digest was asked for', () => {
    expect(refusalOf('Basic realm="x"', { digestSeen: true })).toMatchObject({
      code: 'CAMERA_UNAUTHORIZED',
      says: expect.stringContaining('in clear'),
      retry: 'rarely',
    })
  })
  test('where nothing else was ever offered, or under TLS', () => {
    expect(refusalOf('Basic realm="x"')).toBeNull()
    expect(refusalOf('Basic realm="x"', { digestSeen: true, tls: true })).toBeNull()
  })
  test('not where the digest that is offered is not known here', () => {
    const refused = refusalOf('Digest realm="x", nonce="1", algorithm=TOKEN, Basic realm="x"')
    expect(refused?.says).toContain('Digest with TOKEN')
  })
})

test.each([
  ['Bearer realm="x"', 'bearer'],
  ['NTLM', 'ntlm'],
  ['Negotiate, NTLM', 'negotiate, ntlm'],
  ['', 'without saying which'],
])('a login that is not known is named: %s', (header, name) => {
  const refused = refusalOf(header)
  expect(refused?.says).toContain(name)
  expect(refused?.remedy).toContain('SHA-256')
})

test('the strongest digest is answered', () => {
  const header = 'Digest realm="x", nonce="1", algorithm=MD5, Digest realm="x", nonce="2", algorithm=SHA-256'
  expect(loginOf(header).authorization('GET', '/')).toContain('algorithm=SHA-256')
})

test('without a login the words say that one is needed', () => {
  expect(answerChallenge('Basic realm="x"', null, at)).toMatchObject({
    says: expect.stringContaining('are needed (401)'),
  })
})

test('what a camera asked for is noted: a password in clear is warned of, a digest remembered', () => {
  const seen = { digest: false, inClear: false }
  answerAndNote('Basic realm="x"', ada, { name: 'cam', tls: true }, seen)
  expect(seen).toMatchObject({ digest: false, inClear: false })
  answerAndNote('Basic realm="x"', ada, { name: 'cam', tls: false }, seen)
  expect(seen).toMatchObject({ digest: false, inClear: true })
  answerAndNote('Digest realm="x", nonce="1"', ada, { name: 'cam', tls: false }, seen)
  expect(answerAndNote('Basic realm="x"', ada, { name: 'cam', tls: false }, seen)).toMatchObject({ retry: 'rarely' })
})
