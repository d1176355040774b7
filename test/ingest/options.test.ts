import { expect, test } from 'vitest'
import { cameraOptions } from '../../src/ingest/options.ts'

test('only the URL is needed', () => {
  expect(cameraOptions.parse({ url: 'rtsp://camera/1' })).toEqual({
    url: 'rtsp://camera/1',
    detailUrl: null,
    user: null,
    password: null,
    maxFps: null,
    restFps: 3,
    maxSleepMs: 2500,
    steadyFps: 8,
    wholeLookMs: 250,
    rotate: 'auto',
    transport: 'tcp',
    tlsVerify: true,
    redirectHosts: [],
    latencyMs: 200,
    maxBlindMs: 2000,
    connectTimeoutMs: 10_000,
    stallAfterMs: 5000,
    frozenAfterMs: 20_000,
    maxClockErrorMs: 10_000,
    startsAtMs: 0,
    decoder: 'auto',
    backoff: { firstMs: 1000, maxMs: 30_000, factor: 2, jitter: 0.2, resetAfterMs: 10_000 },
  })
})

test('every key says what it does, and what it defaults to', () => {
  const { url, backoff, ...rest } = cameraOptions.shape
  expect(url.description).toBeTruthy()
  for (const option of [...Object.values(rest), ...Object.values(backoff.unwrap().shape)]) {
    expect(option.description).toMatch(/It defaults to .+\.$/)
  }
})

test('a wrong URL is an issue of the key url, without the password', () => {
  const { error } = cameraOptions.safeParse({ url: 'rtsp://admin:hunter2@camera:99999/1' })
  expect(error?.issues).toMatchObject([{ path: ['url'], message: expect.stringContaining('1 to 65535') }])
  expect(JSON.stringify(error)).not.toContain('hunter2')
})

test('a login is checked together with the URL, also when another key is wrong', () => {
  const issues = (camera: object) =>
    cameraOptions.safeParse(camera).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  expect(issues({ url: 'rtsp://u:p@camera/1', user: 'viewer', password: 'hunter2', maxFps: 0 })).toEqual([
    expect.stringMatching(/^maxFps: /),
    expect.stringMatching(/^url: .*a login in the URL and another in the keys user and password/),
  ])
  expect(issues({ url: 'rtsp://camera/1', password: 'hunter2' })).toEqual(['password: expected a user beside it'])
})

test('the URL of the big stream is checked like the first, with the same login, and told by its own key', () => {
  const issues = (camera: object) =>
    cameraOptions.safeParse(camera).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  const url = 'rtsp://camera/2'
  expect(issues({ url, detailUrl: 'rtsp://camera/1', user: 'viewer', password: 'hunter2' })).toBeUndefined()
  expect(issues({ url, detailUrl: 'rtsp://u:hunter2@camera:99999/1' })).toEqual([
    expect.stringMatching(/^detailUrl: (?!.*hunter2).*1 to 65535/),
  ])
  expect(issues({ url, detailUrl: 'rtsp://u:p@camera/1', user: 'viewer', password: 'hunter2' })).toEqual([
    expect.stringMatching(/^detailUrl: .*another in the keys/),
  ])
  expect(issues({ url, detailUrl: `${url} ` })).toEqual([expect.stringMatching(/^detailUrl: found the same as url/)])
  expect(issues({ url, detailUrl: 'v4l2:///dev/video0' })).toEqual([
    expect.stringMatching(/^detailUrl: found a webcam/),
  ])
})

test.each([
  { maxFps: 0 },
  { maxFps: 2.5 },
  { rotate: 45 },
  { transport: 'multicast' },
  { latencyMs: -1 },
  { maxSleepMs: 50 },
  { decoder: 'magic' },
  { backoff: { factor: 0.5 } },
  { speed: 1 },
])('%o is refused', (wrong) => {
  expect(cameraOptions.safeParse({ url: 'rtsp://camera/1', ...wrong }).success).toBe(false)
})
