import { describe, expect, test } from 'vitest'
import { flood } from '../../../simulator/flood.ts'
import { ask, refusalOf, speakRtsp } from './ask.ts'
import { type Asked, peer, polite, reply, rtspPeer, sdp } from './peers.ts'

const at = (port: number, login = '') => `rtsp://${login}127.0.0.1:${port}/s`
const whole = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']

describe('statuses', () => {
  test.each([301, 400, 403, 404, 451, 453, 454, 459, 461, 500, 503, 551])('DESCRIBE gets %i', async (status) => {
    const port = await rtspPeer((asked) => (asked.method === 'DESCRIBE' ? reply(asked, `${status} No`) : polite(asked)))
    const { says, remedy } = await refusalOf(at(port))
    expect(says).toMatch(status === 301 ? /redirects to no place/ : new RegExp(`127.0.0.1:${port} .*${status}`))
    expect(remedy).toBeTruthy()
  })

  test.each(['SETUP', 'PLAY'])('%s is refused after GStreamer was started', async (method) => {
    const port = await rtspPeer((asked) => (asked.method === method ? reply(asked, '461 No') : polite(asked)))
    const { relay, failed } = await ask(at(port))
    if (relay) await speakRtsp(relay, whole)
    expect((await failed).remedy).toContain('transport: udp')
  })

  test('with transport auto GStreamer hears of 461, and tries the other one', async () => {
    const port = await rtspPeer((asked) => (asked.method === 'SETUP' ? reply(asked, '461 No') : polite(asked)))
    const { relay, failed } = await ask(at(port), { transport: 'auto' })
    const { statuses } = relay ? await speakRtsp(relay, whole.slice(0, 3)) : { statuses: [] }
    expect(statuses.at(-1)).toBe('461')
    expect((await failed).says).toContain('neither')
  })

  test('an OPTIONS that is not known does not matter', async () => {
    const port = await rtspPeer((asked) => (asked.method === 'OPTIONS' ? reply(asked, '501 No') : polite(asked)))
    const { relay } = await ask(at(port))
    expect(relay && (await speakRtsp(relay, whole)).statuses).toEqual(['200', '200', '200', '200'])
  })

  test('Retry-After is kept', async () => {
    const port = await rtspPeer((asked) => reply(asked, '503 Busy', 'Retry-After: 42\r\n'))
    expect(await refusalOf(at(port))).toMatchObject({ retryAfterMs: 42_000 })
  })
})

describe('logins', () => {
  const digest = (nonce: string, more = '') =>
    `WWW-Authenticate: Digest realm="x", nonce="${nonce}", algorithm=SHA-256${more}\r\n`

  test('a wrong password is asked for once, and by which login is said', async () => {
    const tried: string[] = []
    const port = await rtspPeer((asked) => {
      if (asked.authorization) tried.push(asked.authorization)
      return reply(asked, '401 No', digest('1'))
    })
    expect((await refusalOf(at(port, 'a:b@'))).says).toMatch(/wrong user or password.*SHA-256/)
    expect(tried).toHaveLength(1)
  })

  test('a nonce that has become too old is answered anew, whether or not the camera says stale', async () => {
    for (const stale of [', stale=true', '']) {
      let nonce = 1
      const port = await rtspPeer((asked) => {
        const isRight = asked.authorization?.includes(`nonce="${nonce}"`)
        if (!isRight) return reply(asked, '401 No', digest(`${nonce}`, stale))
        nonce++
        return polite(asked)
      })
      const { relay, refused } = await ask(at(port, 'a:b@'))
      expect(refused).toBeNull()
      expect(relay && (await speakRtsp(relay, whole)).statuses).toEqual(['200', '200', '200', '200'])
    }
  })

  test('Basic after a digest is refused, also on a later connection', async () => {
    let basic = false
    const heard: string[] = []
    const port = await rtspPeer((asked) => {
      heard.push(asked.text)
      return reply(asked, '401 No', basic ? 'WWW-Authenticate: Basic realm="x"\r\n' : digest('1'))
    })
    const seen = { digest: false, inClear: false }
    await refusalOf(at(port, 'ada:hunter2@'), {}, seen)
    basic = true
    expect((await refusalOf(at(port, 'ada:hunter2@'), {}, seen)).says).toContain('in clear')
    expect(heard.join()).not.toMatch(/Basic|hunter2/)
  })
})

describe('redirections', () => {
  const to = (location: string) => rtspPeer((asked) => reply(asked, '302 Found', `Location: ${location}\r\n`))
  const thief = async () => {
    const heard: Asked[] = []
    const port = await rtspPeer((asked) => {
      heard.push(asked)
      return reply(asked, '401 No', 'WWW-Authenticate: Basic realm="give me"\r\n')
    })
    return { heard, port }
  }

  test('another host is not asked at all', async () => {
    const { heard, port } = await thief()
    const failure = await refusalOf(at(await to(`rtsp://localhost:${port}/x`), 'ada:hunter2@'))
    expect(failure).toMatchObject({ code: 'CAMERA_REFUSED', says: expect.stringContaining('localhost') })
    expect(failure.remedy).toContain('redirectHosts: ["localhost"]')
    expect(heard).toEqual([])
  })

  test('an allowed host is asked, and never gets the password', async () => {
    const { heard, port } = await thief()
    const url = at(await to(`rtsp://evil:trick@localhost:${port}/x`), 'ada:hunter2@')
    const failure = await refusalOf(url, { redirectHosts: ['localhost'] })
    expect(failure.says).toContain('are needed (401)')
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.map(({ text }) => text).join()).not.toMatch(/authorization|hunter2|trick/i)
  })

  test('the same host is followed, with the login', async () => {
    const port = await rtspPeer((asked) =>
      asked.authorization ? polite(asked) : reply(asked, '401 No', 'WWW-Authenticate: Digest realm="x", nonce="1"\r\n'),
    )
    const { relay, refused } = await ask(at(await to(`rtsp://127.0.0.1:${port}/other`), 'ada:hunter2@'))
    expect(refused).toBeNull()
    expect(relay && (await speakRtsp(relay, whole)).statuses).toEqual(['200', '200', '200', '200'])
  })

  test.each([
    ['/s', 'more than 5 times'],
    ['http://127.0.0.1/s', 'another kind of URL'],
    ['rtsp://', 'redirects to no place|another host'],
  ])('to %s', async (location, says) => {
    const port: number = await rtspPeer((asked) =>
      reply(
        asked,
        '301 Moved',
        `Location: ${location.startsWith('/') ? `rtsp://127.0.0.1:${port}${location}` : location}\r\n`,
      ),
    )
    expect((await refusalOf(at(port))).says).toMatch(new RegExp(says))
  })

  test('a camera that asks to be left is opened again', async () => {
    const port = await rtspPeer((asked, socket) => {
      if (asked.method === 'PLAY') {
        setImmediate(() => socket.write('REDIRECT * RTSP/1.0\r\nCSeq: 9\r\nLocation: rtsp://u:p@there:1/x\r\n\r\n'))
      }
      return polite(asked)
    })
    const { relay, failed } = await ask(at(port))
    if (relay) await speakRtsp(relay, whole)
    expect(await failed).toMatchObject({ code: 'CAMERA_LOST', says: expect.stringContaining('asks to be left') })
  })
})

describe('what is described', () => {
  const describing = (body: string) =>
    rtspPeer((asked) => (asked.method === 'DESCRIBE' ? reply(asked, '200 OK', '', body) : polite(asked)))
  const audio = 'm=audio 0 RTP/AVP 0\r\na=control:track2\r\n'
  const av1 = sdp.replace('H264', 'AV1X')

  test.each([
    ['', /describes no stream/],
    ['v=0\r\n', /describes no stream/],
    [`v=0\r\n${audio}`, /no video, only audio/],
    [
      `v=0\r\nm=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n${audio}`,
      /application and audio/,
    ],
    [av1, /sends AV1X, which cannot be decoded/],
    [sdp.replace(/a=(rtpmap|fmtp).*\r\n/g, ''), /unknown encoding/],
  ])('%j', async (body, says) => {
    expect(await refusalOf(at(await describing(body)))).toMatchObject({
      code: 'CAMERA_FORMAT',
      says: expect.stringMatching(says),
      retry: 'rarely',
    })
  })

  test('sound is left out, and a second, unknown video too', async () => {
    const { relay } = await ask(at(await describing(`${sdp}${audio}m=video 0 RTP/AVP 97\r\na=rtpmap:97 XYZ/90000\r\n`)))
    const told = relay ? (await speakRtsp(relay, ['OPTIONS', 'DESCRIBE'])).text() : ''
    expect(told).toContain('H264')
    expect(told).not.toMatch(/audio|XYZ/)
  })

  test('a type that needs no map is known', async () => {
    const { refused } = await ask(at(await describing('v=0\r\nm=video 0 RTP/AVP 26\r\na=control:t\r\n')))
    expect(refused).toBeNull()
  })
})

describe('what is no RTSP', () => {
  test.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', /speaks HTTP/],
    ['SSH-2.0-OpenSSH_9\r\n', /no RTSP/],
    ['220 smtp ready to serve you\r\n', /no RTSP/],
    ['\x15\x03\x01\x00\x02\x02\x46 and some more bytes', /no RTSP/],
    ['<html><body>hello</body></html>', /no RTSP/],
  ])('%j', async (greeting, says) => {
    const port = await peer((socket) => socket.once('data', () => socket.write(greeting, 'latin1')))
    expect(await refusalOf(at(port))).toMatchObject({ says: expect.stringMatching(says), retry: 'rarely' })
  })

  test.each([
    ['a header', 'X-More: 1\r\n', /a header of more than 16384 bytes/],
    ['a body', 'Content-Length: 3900000000\r\n\r\n', /an answer of more than 262144/],
  ])('%s without end', async (_, text, says) => {
    const port = await peer((socket) =>
      socket.once('data', () => {
        socket.write('RTSP/1.0 200 OK\r\n')
        flood(socket, text)
      }),
    )
    expect((await refusalOf(at(port))).says).toMatch(says)
  })

  test('one byte now and then is not waited for for ever', async () => {
    const port = await peer((socket) => socket.once('data', () => socket.write('R')))
    // Long enough for a busy machine to have connected, asked and got that byte.
    expect(await refusalOf(at(port), { answerMs: 600 })).toMatchObject({
      code: 'CAMERA_TIMEOUT',
      says: expect.stringContaining('does not answer OPTIONS'),
    })
  })
})

describe('ends', () => {
  test.each([
    ['at once', (socket: { destroy(): void }) => socket.destroy(), /closes the connection without an answer/],
    [
      'after half an answer',
      (socket: { end(text: string): void }) => socket.end('RTSP/1.0 200'),
      /closed the connection/,
    ],
  ])('the camera closes %s', async (_, close, says) => {
    const port = await peer((socket) => socket.once('data', () => close(socket)))
    expect((await refusalOf(at(port))).says).toMatch(says)
  })

  test('GStreamer is answered at once when it leaves, whatever the camera does', async () => {
    const port = await rtspPeer((asked) => (asked.method === 'TEARDOWN' ? null : polite(asked)))
    const { relay } = await ask(at(port))
    expect(relay && (await speakRtsp(relay, [...whole, 'TEARDOWN'])).statuses.at(-1)).toBe('200')
  })

  test('whoever closes a relay cuts GStreamer off', async () => {
    const port = await rtspPeer(polite)
    const { relay } = await ask(at(port))
    const session = relay && (await speakRtsp(relay, whole))
    relay?.close()
    await session?.closed
  })

  test('another program of this machine gets nothing, and does no harm', async () => {
    const { relay } = await ask(at(await rtspPeer(polite)))
    if (relay === null) throw new Error('refused')
    const stranger = await speakRtsp(relay, ['DESCRIBE'], 'curl')
    expect(stranger.statuses).toEqual(['none'])
    expect((await speakRtsp(relay, whole)).statuses).toEqual(['200', '200', '200', '200'])
  })

  test('packets are passed on as they are, in both directions', async () => {
    const packet = '$\0\0\x05hello'
    const port = await rtspPeer((asked) => (asked.method === 'PLAY' ? polite(asked) + packet + packet : polite(asked)))
    const { relay } = await ask(at(port))
    const session = relay && (await speakRtsp(relay, whole))
    expect(session?.text().endsWith(packet + packet)).toBe(true)
  })
})

test('a camera that asks without end and reads no answer is let go', async () => {
  const port = await rtspPeer((asked, socket) => {
    if (asked.method !== 'DESCRIBE') return polite(asked)
    socket.pause()
    flood(socket, 'GET_PARAMETER * RTSP/1.0\r\nCSeq: 1\r\n\r\n')
    return null
  })
  const refused = await refusalOf(at(port), { answerMs: 20_000 })
  expect(refused).toMatchObject({ code: 'CAMERA_FORMAT', retry: 'rarely' })
  expect(refused.says).toBe(`127.0.0.1:${port} asks for more than it reads the answers to`)
  expect(refused.remedy).toMatch(/firmware/)
}, 30_000)
