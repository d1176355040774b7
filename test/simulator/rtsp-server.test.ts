import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RtspServer, startRtspServer } from '../../simulator/rtsp-server.ts'
import { connectRtsp } from './rtsp-client.ts'
import { syntheticLoop } from './synthetic-loop.ts'
import { until } from './until.ts'

let server: RtspServer
beforeEach(async () => {
  server = await startRtspServer()
  server.addCamera('door', { loop: syntheticLoop() })
})
afterEach(() => server.close())

describe('an RTSP session', () => {
  it('goes from OPTIONS to TEARDOWN', async () => {
    const client = await connectRtsp(server.port)
    const url = server.url('door')
    const options = await client.request('OPTIONS', '*')
    expect(options.headers.get('public')).toBe(
      'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER',
    )
    const { session, description, setup, played } = await client.play(url)
    expect(description).toMatchObject({ status: 200 })
    expect(description.headers.get('content-base')).toBe(`${url}/`)
    expect(description.body).toContain('a=control:trackID=0\r\n')
    expect(setup.headers.get('session')).toBe(`${session};timeout=60`)
    expect(setup.headers.get('transport')).toMatch(/^RTP\/AVP\/TCP;unicast;interleaved=0-1;ssrc=[0-9A-F]{8}$/)
    await until('packets', () => client.rtp.length > 20)
    expect(played.headers.get('rtp-info')).toBe(`url=${url}/trackID=0;seq=${client.rtp[0].sequence}`)
    expect((await client.request('GET_PARAMETER', url, { Session: session })).status).toBe(200)
    expect((await client.request('TEARDOWN', url, { Session: session })).status).toBe(200)
    const after = client.rtp.length
    // Whatever was on its way has come before the answer to the next request.
    expect((await client.request('PLAY', url, { Session: session })).status).toBe(454)
    expect(client.rtp.length).toBe(after)
    client.close()
  })

  it('numbers packets without a gap, starts with parameter sets and repeats them at key frames', async () => {
    const client = await connectRtsp(server.port)
    await client.play(server.url('door'))
    // Three passes of the loop of 20 pictures at 100 fps.
    await until('three passes', () => client.rtp.filter((packet) => packet.marker).length > 60)
    const { rtp } = client
    expect(rtp.every((each, i) => i === 0 || each.sequence === ((rtp[i - 1].sequence + 1) & 0xffff))).toBe(true)
    expect(new Set(rtp.map((each) => each.ssrc)).size).toBe(1)
    const types = rtp.map((each) => each.payload[0] & 0x1f)
    expect(types.slice(0, 6)).toEqual([7, 8, 28, 28, 28, 1])
    expect(types.filter((type) => type === 7).length).toBe(types.filter((type) => type === 8).length)
    const times = rtp.filter((each) => each.marker).map((each) => each.timestamp)
    const steps = times.slice(1).map((time, i) => (time - times[i] + 2 ** 32) % 2 ** 32)
    // 10 ms are 900 ticks; rounding moves one by at most a tick, at the seam of the loop too.
    expect(steps.every((step) => Math.abs(step - 900) <= 1)).toBe(true)
    client.close()
  })

  it('pauses and goes on at a key frame', async () => {
    const client = await connectRtsp(server.port)
    const url = server.url('door')
    const { session } = await client.play(url)
    await until('packets', () => client.rtp.length > 5)
    expect((await client.request('PAUSE', url, { Session: session })).status).toBe(200)
    const paused = client.rtp.length
    expect((await client.request('PLAY', url, { Session: session })).status).toBe(200)
    await until('packets', () => client.rtp.length > paused)
    expect(client.rtp[paused].payload[0] & 0x1f).toBe(7)
    expect(client.rtp[paused].sequence).toBe((client.rtp[paused - 1].sequence + 1) & 0xffff)
    client.close()
  })

  it('serves several clients and several cameras at once, two over one connection', async () => {
    server.addCamera('back yard', { loop: syntheticLoop({ frameBytes: 100 }) })
    const clients = await Promise.all([1, 2, 3].map(() => connectRtsp(server.port)))
    await Promise.all(clients.map((client) => client.play(server.url('door'))))
    await clients[0].play(server.url('back yard'), 'RTP/AVP/TCP;unicast')
    const transport = clients[0].responses.at(-2)?.headers.get('transport')
    expect(transport).toContain('interleaved=2-3')
    for (const client of clients) await until('packets', () => client.rtp.length > 30)
    expect(new Set(clients[0].rtp.map((packet) => packet.ssrc)).size).toBe(2)
    for (const client of clients) client.close()
  })
})

describe('requests that cannot be served', () => {
  it('get a status of their own, and the connection lives on', async () => {
    const client = await connectRtsp(server.port)
    const url = server.url('door')
    const tcp = { Transport: 'RTP/AVP/TCP' }
    const status = async (method: string, target: string, headers = {}) =>
      (await client.request(method, target, headers)).status
    expect(await status('DESCRIBE', server.url('nobody'))).toBe(404)
    expect(await status('DESCRIBE', 'door')).toBe(400)
    expect(await status('DESCRIBE', '/%zz')).toBe(400)
    expect(await status('DESCRIBE', url, { Accept: 'text/plain' })).toBe(406)
    expect(await status('SETUP', server.url('nobody'), tcp)).toBe(404)
    expect(await status('SETUP', url, { Transport: 'RTP/AVP;multicast' })).toBe(461)
    expect(await status('SETUP', url, { ...tcp, Session: 'unknown' })).toBe(454)
    expect(await status('PLAY', url)).toBe(454)
    expect(await status('GET_PARAMETER', url, { Session: 'unknown' })).toBe(454)
    expect(await status('RECORD', url)).toBe(501)
    expect(await status('toString'.toUpperCase(), url)).toBe(501)
    expect(await status('OPTIONS', url, { Require: 'www.onvif.org/ver20/backchannel' })).toBe(551)
    expect(await status('OPTIONS', url, { CSeq: 'none' })).toBe(400)
    expect(await status('SETUP', url, tcp)).toBe(200)
    client.close()
  })

  it('answers 455 to a second SETUP while playing', async () => {
    const client = await connectRtsp(server.port)
    const { session } = await client.play(server.url('door'))
    const again = await client.request('SETUP', server.url('door'), { Transport: 'RTP/AVP/TCP', Session: session })
    expect(again.status).toBe(455)
    client.close()
  })

  it('bounds the sessions of one connection', async () => {
    const client = await connectRtsp(server.port)
    const setUp = () => client.request('SETUP', server.url('door'), { Transport: 'RTP/AVP/TCP' })
    for (let i = 0; i < 16; i += 1) expect((await setUp()).status).toBe(200)
    expect((await setUp()).status).toBe(503)
    client.close()
  })

  it('closes after a malformed message, with the reason', async () => {
    const client = await connectRtsp(server.port)
    client.socket.write('what is this?\r\n\r\n')
    await until('the end', client.closed)
    expect(client.responses.map((response) => response.status)).toEqual([400])
  })

  it('answers pipelined requests in order', async () => {
    const client = await connectRtsp(server.port)
    const url = server.url('door')
    const one = (n: number, method: string) => `${method} ${url} RTSP/1.0\r\nCSeq: ${n}\r\n\r\n`
    client.socket.write(one(1, 'OPTIONS') + one(2, 'DESCRIBE') + one(3, 'PLAY'))
    await until('answers', () => client.responses.length === 3)
    expect(client.responses.map((each) => [each.headers.get('cseq'), each.status])).toEqual([
      ['1', 200],
      ['2', 200],
      ['3', 454],
    ])
    client.close()
  })
})

describe('the listening address', () => {
  it('that is taken gives an error which says so', async () => {
    await expect(startRtspServer({ port: server.port })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`127.0.0.1:${server.port}`),
    })
  })

  it('may be any; a closed server stays closed', async () => {
    const any = await startRtspServer({ host: '0.0.0.0' })
    expect(any.url('a')).toBe(`rtsp://127.0.0.1:${any.port}/a`)
    await any.close()
    await any.start()
    await expect(connectRtsp(any.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
