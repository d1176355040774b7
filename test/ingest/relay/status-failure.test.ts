import { describe, expect, test } from 'vitest'
import { type Refusal, retryAfterMs, statusFailure } from '../../../src/ingest/relay/status-failure.ts'

const refusal = (protocol: 'rtsp' | 'http', status: number, more: Partial<Refusal> = {}): Refusal => ({
  protocol,
  status,
  place: 'cam:554',
  method: 'SETUP',
  transport: 'tcp',
  hasCredentials: true,
  nowMs: 0,
  ...more,
})

/** Every status of RFC 2326, 7826 and 9110 that is no success, and some that nobody has registered. */
const known = [400, 402, 403, 404, 405, 406, 407, 408, 410, 413, 414, 415, 423, 429, 451, 500, 501, 502, 503, 504, 505]
const ofRtsp = [452, 453, 454, 455, 456, 457, 458, 459, 460, 461, 462, 463, 464, 465, 466, 470, 471, 472, 551]
const odd = [0, 100, 204, 299, 306, 418, 499, 511, 599, 600, 999]

describe.each(['rtsp', 'http'] as const)('%s', (protocol) => {
  test.each([...known, ...ofRtsp, ...odd])('%i has words, a remedy and its number', (status) => {
    const { code, says, remedy, retry = 'soon' } = statusFailure(refusal(protocol, status))
    expect(says).toMatch(new RegExp(`^cam:554 .* \\(${protocol.toUpperCase()} ${status}\\)$`))
    expect(says).not.toMatch(/METHOD|undefined/)
    expect(remedy).toMatch(/^[A-Z].*\.$/)
    expect(code).toMatch(/^CAMERA_/)
    expect(['soon', 'rarely']).toContain(retry)
  })
})

test('each registered status of RTSP has words of its own', () => {
  const said = [...known, ...ofRtsp].map((status) => statusFailure(refusal('rtsp', status)).says.replace(/\(.*/, ''))
  expect(new Set(said).size).toBe(said.length)
})

test.each([
  ['tcp', /over TCP/, /transport: udp/],
  ['udp', /over UDP/, /transport: tcp/],
  ['auto', /neither/, /settings/],
] as const)('461 with transport %s', (transport, says, remedy) => {
  expect(statusFailure(refusal('rtsp', 461, { transport }))).toMatchObject({
    says: expect.stringMatching(says),
    remedy: expect.stringMatching(remedy),
    retry: 'rarely',
  })
})

test('403 without a login asks for one', () => {
  expect(statusFailure(refusal('http', 403, { hasCredentials: false })).remedy).toContain('user and password')
  expect(statusFailure(refusal('http', 403)).remedy).toContain('right to watch')
})

test.each([
  [400, 'rarely'],
  [403, 'rarely'],
  [404, 'rarely'],
  [461, 'rarely'],
  [501, 'rarely'],
  [408, undefined],
  [429, undefined],
  [453, undefined],
  [454, undefined],
  [500, undefined],
  [503, undefined],
])('%i is tried again %s', (status, retry) => {
  expect(statusFailure(refusal('rtsp', status)).retry).toBe(retry)
})

test.each([
  ['120', 120_000],
  [' 7 ', 7000],
  ['999999999', 600_000],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
  ['Thu, 01 Jan 1960 00:00:00 GMT', 0],
  ['soon', null],
  [undefined, null],
])('Retry-After %s', (header, expected) => {
  expect(retryAfterMs(header, 0)).toBe(expected)
  const failure = statusFailure(refusal('rtsp', 503, { retryAfter: header }))
  expect(failure.retryAfterMs).toBe(expected ?? undefined)
})
