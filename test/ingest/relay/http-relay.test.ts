import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { flood } from '../../../simulator/flood.ts'
import { ask, refusalOf } from './ask.ts'
import { peer } from './peers.ts'

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.alloc(60, 7), 0xff, 0xd9])

/** A camera that is asked over HTTP; gives its URL. */
const camera = async (answer: (asked: IncomingMessage, response: ServerResponse) => void): Promise<string> => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const giving = (type: string, body: string | Buffer, status = 200) =>
  camera((_, response) => void response.writeHead(status, { 'content-type': type }).end(body))

/** Reads from a relay until a text has come so often, and hangs up. */
const readUntil = async (location: string, text: string, times = 1): Promise<string> => {
  const hangUp = new AbortController()
  const response = await fetch(location, { signal: hangUp.signal })
  let read = ''
  for await (const chunk of response.body ?? []) {
    read += Buffer.from(chunk).toString('latin1')
    if (read.split(text).length > times) break
  }
  hangUp.abort()
  return read
}

const openAt = async (...asked: Parameters<typeof ask>): Promise<string> => {
  const { relay, refused } = await ask(...asked)
  if (relay === null) throw new Error(refused?.says)
  return relay.location
}

test.each([204, 400, 403, 404, 410, 429, 500, 503, 511])('status %i', async (status) => {
  const url = await giving('text/plain', status === 204 ? '' : 'no', status)
  expect((await refusalOf(`${url}/x`)).says).toMatch(new RegExp(`HTTP ${status}`))
})

describe('what is no video is named, with a remedy', () => {
  test.each([
    ['text/html', '<html>please log in</html>', /web page, perhaps its login/],
    ['application/octet-stream', '  <!DOCTYPE html><title>x</title>', /web page/],
    ['application/json', '{"error": "no"}', /text, no video/],
    ['', '{"error": "unauthorised"}', /text, no video/],
    ['text/plain', 'hello, this is nothing to see', /text, no video/],
    ['image/png', '\x89PNG\r\n\x1a\n1234567890', /no JPEG/],
    ['image/gif', 'GIF89a1234567890', /no JPEG/],
  ])('%s %j', async (type, body, says) => {
    const failure = await refusalOf(`${await giving(type, Buffer.from(body, 'latin1'))}/x`)
    expect(failure).toMatchObject({ code: 'CAMERA_FORMAT', says: expect.stringMatching(says), retry: 'rarely' })
    expect(failure.remedy).toBeTruthy()
  })

  test('a single picture is one where a video is needed', async () => {
    const url = await giving('image/jpeg', jpeg)
    expect((await refusalOf(`${url}/snap`, { pictureEveryMs: null })).says).toContain('single picture (a snapshot)')
  })

  test('RTSP at an HTTP port, and what is neither', async () => {
    const says = async (text: string) =>
      (await refusalOf(`http://127.0.0.1:${await peer((s) => s.once('data', () => s.end(text)))}/x`)).says
    expect(await says('RTSP/1.0 400 Bad Request\r\n\r\n')).toMatch(/speaks RTSP/)
    expect(await says('SSH-2.0-OpenSSH_9\r\n')).toMatch(/no HTTP/)
    expect(await says('')).toMatch(/closes the connection without an answer/)
  })
})

test('a single picture is fetched again and again, whatever its type is called', async () => {
  let fetched = 0
  const url = await camera((_, response) => {
    fetched++
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(jpeg)
  })
  const read = await readUntil(await openAt(`${url}/snap`), 'Content-Length: 66', 5)
  expect(fetched).toBeGreaterThanOrEqual(5)
  expect(read.startsWith('--rollcall-picture\r\nContent-Type: image/jpeg\r\n')).toBe(true)
})

test('a snapshot that becomes a login page says so', async () => {
  let fetched = 0
  const url = await camera((_, response) => void response.end(fetched++ < 3 ? jpeg : '<html>session over</html>'))
  const { relay, failed } = await ask(`${url}/snap`)
  if (relay) await fetch(relay.location).then((response) => response.arrayBuffer().catch(() => {}))
  expect((await failed).says).toContain('web page')
})

describe('Motion JPEG', () => {
  const parts = (type: string, before: string, each: string) =>
    camera((_, response) => {
      response.writeHead(200, { 'content-type': type })
      response.write(before)
      const more = (): void => {
        if (response.destroyed) return
        response.write(Buffer.concat([Buffer.from(each), jpeg, Buffer.from('\r\n--b\r\n')]))
        setImmediate(more)
      }
      more()
    })
  const head = 'Content-Type: image/jpeg\r\nContent-Length: 66\r\n\r\n'

  test.each([
    ['as it should be', 'multipart/x-mixed-replace; boundary=b', '--b\r\n', head],
    ['without a first boundary', 'multipart/x-mixed-replace; boundary=b', '', head],
    ['with dashes in the name of the boundary', 'multipart/x-mixed-replace;boundary="--b"', '--b\r\n', head],
    ['without lengths', 'multipart/x-mixed-replace; boundary=b', '--b\r\n', 'Content-Type: image/jpeg\r\n\r\n'],
    ['with empty lines before the boundary', 'multipart/x-mixed-replace; boundary=b', '\r\n\r\n--b\r\n', head],
    ['with an odd type', 'Multipart/Mixed; Boundary=b', '--b\r\n', head],
  ])('%s', async (_, type, before, each) => {
    const location = await openAt(`${await parts(type, before, each)}/x`)
    const read = await readUntil(location, '\r\n--rollcall-picture\r\n', 3)
    const [, ...found] = read.split('--rollcall-picture\r\n')
    expect(found[0]).toContain(jpeg.toString('latin1'))
  })

  test.each([
    ['a part without end', head.replace('66', '3900000000'), /part of more than/],
    ['a part that is no picture', 'Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello', /no JPEG/],
  ])('%s', async (_, each, says) => {
    const { relay, failed } = await ask(
      `${await camera((_request, response) => {
        response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' })
        flood(response as never, `--b\r\n${each}\r\n`)
      })}/x`,
    )
    // The relay cuts the connection, before its answer has begun or after.
    if (relay)
      await fetch(relay.location).then(
        (response) => response.arrayBuffer().catch(() => {}),
        () => {},
      )
    expect((await failed).says).toMatch(says)
  })
})

describe('logins and redirections', () => {
  test('the password is sent only once it was asked for, and then by digest', async () => {
    const heard: (string | undefined)[] = []
    const url = await camera(({ headers }, response) => {
      heard.push(headers.authorization)
      if (headers.authorization) response.end('ftyp, a video of some kind')
      else response.writeHead(401, { 'www-authenticate': ['Basic realm="x"', 'Digest realm="x", nonce="1"'] }).end()
    })
    await openAt(url.replace('//', '//ada:hunter2@'))
    expect(heard).toEqual([undefined, expect.stringMatching(/^Digest username="ada"/)])
  })

  test.each([301, 302, 303, 307, 308])('a %i to another host gets nothing', async (status) => {
    const heard: string[] = []
    const thief = await camera(({ headers }, response) => {
      heard.push(JSON.stringify(headers))
      response.writeHead(401, { 'www-authenticate': 'Basic realm="give me"' }).end()
    })
    const elsewhere = thief.replace('127.0.0.1', 'localhost')
    const url = await camera((_, response) => void response.writeHead(status, { location: `${elsewhere}/x` }).end())
    const withLogin = `${url.replace('//', '//ada:hunter2@')}/x`
    expect((await refusalOf(withLogin)).remedy).toContain('redirectHosts: ["localhost"]')
    expect(heard).toEqual([])
    expect((await refusalOf(withLogin, { redirectHosts: ['localhost'] })).says).toContain('are needed (401)')
    expect(heard.join()).not.toMatch(/authorization|hunter2/)
  })

  test('within the camera it is followed, and what a playlist names is relative to where it led', async () => {
    const asked: string[] = []
    const url = await camera(({ url: path = '' }, response) => {
      asked.push(path)
      if (path === '/go') response.writeHead(302, { location: '/deep/list.m3u8?t=1' }).end()
      else if (path.startsWith('/deep/list')) response.end(`#EXTM3U\n/a.ts\nb.ts\n${url}/c.ts\nhttp://other/d.ts\n`)
      else response.end('video, and nothing else than video')
    })
    const location = await openAt(`${url}/go`)
    const list = await (await fetch(location)).text()
    const lines = list.trim().split('\n').slice(1)
    for (const line of lines.slice(0, 3)) await (await fetch(new URL(line, location))).text()
    expect(asked).toEqual(['/go', '/deep/list.m3u8?t=1', '/a.ts', '/deep/b.ts', '/c.ts'])
    expect((await fetch(new URL(lines[3] ?? '', location))).status).toBe(502)
  })

  test('from TLS to plain text it is refused', async () => {
    const { followRedirect } = await import('../../../src/ingest/relay/redirect.ts')
    const rules = { configured: 'https://cam/x', allowed: [], followed: 0 }
    expect(followRedirect('https://cam/x', 'http://cam/x', rules)).toMatchObject({ retry: 'rarely' })
    expect(followRedirect('http://cam/x', 'https://cam/x', { ...rules, configured: 'http://cam/x' })).toEqual({
      location: 'https://cam/x',
      sameHost: true,
    })
  })
})

test('a range of a recording is passed on, and its answer', async () => {
  const url = await camera(({ headers }, response) => {
    const range = headers.range ?? 'none'
    response.writeHead(range === 'none' ? 200 : 206, { 'content-range': 'bytes 5-9/20', etag: '"1"' })
    response.end(`ftyp with the range ${range}`)
  })
  const location = await openAt(`${url}/x.mp4`, { pictureEveryMs: null })
  expect(await (await fetch(location)).text()).toContain('none')
  const part = await fetch(location, { headers: { range: 'bytes=5-9' } })
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 5-9/20',
    'ftyp with the range bytes=5-9',
  ])
})

test('another program of this machine, which does not know the path, gets nothing', async () => {
  const location = await openAt(`${await giving('video/mp4', 'ftyp, a video of some kind')}/x`)
  await expect(fetch(new URL('/x', location))).rejects.toThrow()
})

test.each([
  ['header', (s: import('node:net').Socket) => flood(s, 'X-More: 1\r\n'), /header of more than 16384/],
  ['status line', (s: import('node:net').Socket) => flood(s, 'x'), /header of more than 16384|no HTTP/],
])('a %s without end', async (_, flood, says) => {
  const port = await peer((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n')
      flood(socket)
    }),
  )
  expect((await refusalOf(`http://127.0.0.1:${port}/x`)).says).toMatch(says)
})

test('an answer that does not begin is not waited for', async () => {
  const port = await peer((socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n')))
  expect(await refusalOf(`http://127.0.0.1:${port}/x`, { answerMs: 60 })).toMatchObject({ code: 'CAMERA_TIMEOUT' })
})
