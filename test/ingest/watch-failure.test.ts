import { expect, test } from 'vitest'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { noMorePictures, noPicture } from '../../src/ingest/watch-failure.ts'

const options = { connectTimeoutMs: 10_000, stallAfterMs: 5000, transport: 'tcp' } as const
const silence = { failure: null, silentMs: null }

test.each([
  ['rtsp://cam/s', options, silence, /answers, but sends no picture within 10 s/, /the camera sends nothing/],
  [
    'rtsp://cam/s',
    options,
    { failure: null, silentMs: 10 },
    /cam sends packets, but no parameter sets/,
    /though data arrives/,
  ],
  ['rtsp://cam/s', { ...options, transport: 'udp' }, silence, /no picture within 10 s/, /no new picture for 5 s/],
  ['http://cam/s', options, silence, /sends no picture/, /the camera sends nothing/],
  ['v4l2:///dev/video0', options, silence, /video0/, /no new picture/],
  ['/clips/door.mp4', options, silence, /door\.mp4 is damaged, or holds no video/, /no new picture/],
] as const)('%s, transport %o, %o', (url, given, relay, first, later) => {
  const known = { url: parseCameraUrl(url), options: given, relay, sinceLastUnitMs: null }
  const [none, noMore] = [noPicture(known), noMorePictures(known)]
  expect(none).toMatchObject({ code: 'CAMERA_TIMEOUT', says: expect.stringMatching(first) })
  expect(noMore).toMatchObject({ code: 'CAMERA_STALLED', says: expect.stringMatching(later) })
  for (const { says, remedy } of [none, noMore]) {
    expect(remedy).toMatch(/^[A-Z].*\.$/)
    if (url.startsWith('/')) expect(says + remedy).not.toMatch(/network|firewall|camera/i)
    if (given.transport === 'udp') expect(remedy).toContain('transport: tcp')
  }
})

test.each(['tcp', 'udp'] as const)('pictures arrive over %s, and cannot be decoded', (transport) => {
  const url = parseCameraUrl('rtsp://cam/s')
  const known = { url, options: { ...options, transport }, relay: silence, sinceLastUnitMs: 40 }
  expect(noPicture(known)).toMatchObject({
    code: 'CAMERA_TIMEOUT',
    says: expect.stringMatching(/data arrives from cam, but no/),
  })
  expect(noMorePictures(known)).toMatchObject({ code: 'CAMERA_LOST', says: expect.stringMatching(/can be decoded/) })
})
