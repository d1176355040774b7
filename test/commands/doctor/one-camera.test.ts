import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { pcmLoop } from '../../../simulator/footage/pcm-loop.ts'
import { personality as smartCodec } from '../../../simulator/personalities/gop-120s.ts'
import { readLoop } from '../../../simulator/read-loop.ts'
import { startRtspServer } from '../../../simulator/rtsp-server.ts'
import { footageOf, startPersonality } from '../../../simulator/start-personality.ts'
import { nameFor } from '../../../src/commands/doctor/one-camera.ts'
import { pasteCameras } from '../../../src/commands/doctor/paste.ts'
import { pastedFrom } from '../../../src/commands/doctor/report.ts'
import { watchCamera } from '../../../src/commands/doctor/watch.ts'
import { doctor } from '../../../src/commands/doctor.ts'
import { configSchema } from '../../../src/config/config.ts'
import { cameraOptions } from '../../../src/ingest/options.ts'

const footage = resolve(import.meta.dirname, '../../../footage')
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** Runs `doctor` and returns what it has printed. */
const run = async (...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> => {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text))
  try {
    return { code: await doctor(args), text: lines.join('\n') }
  } finally {
    log.mockRestore()
  }
}

const camera = async () => {
  const rtsp = await startRtspServer({ auth: { user: 'viewer', password: 'p/w@x', scheme: 'digest' } })
  onTestFinished(() => rtsp.close())
  rtsp.addCamera('lobby', { loop: await readLoop(join(footage, 'lobby.mp4')) })
  return rtsp.url('lobby')
}

/** A camera that answers every request with `answer`. */
const answering = async (answer: (cseq: string) => string): Promise<string> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => socket.write(answer(/CSeq: (\d+)/.exec(chunk.toString())?.[1] ?? '')))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await new Promise((listening) => server.once('listening', listening))
  return `rtsp://127.0.0.1:${(server.address() as { port: number }).port}/live`
}

describe('one camera is watched', () => {
  test('with the login of the environment; its password is never shown', async () => {
    vi.stubEnv('ROLLCALL_CAMERA_USER', 'viewer')
    vi.stubEnv('ROLLCALL_CAMERA_PASSWORD', 'p/w@x')
    const { code, text } = await run(await camera(), '--seconds', '3')
    expect(code).toBe(0)
    for (const line of [
      /video +H\.264 \(high, level 3\.1\), 1280×720, \d\d(\.\d+)? frames\/s, \d+(\.\d+)? [kM]bit\/s/,
      /key frames +(every \d\.\d s \(\d\d pictures\)|1 in)/,
      /sent over +tcp, login by Digest with MD5, server "Rollcall demo camera"/,
      /clock +\d+ sender reports?, \d+ ms (ahead of|behind) ours/,
      /loss +0 of \d+ packets/,
      /tracks +video H264/,
      /decoder +\w+.*, [\d.]+ ms of processor a frame: \d+ % of one of \d+ cores/,
      /B-frames/,
      /password: \$\{CAMERA_1_PASSWORD\}/,
    ])
      expect(text).toMatch(line)
    expect(text).not.toContain('p/w@x')
  })

  test('and told as JSON', async () => {
    const url = (await camera()).replace('rtsp://', 'rtsp://viewer:p%2Fw%40x@')
    const { text } = await run(`door=${url}`, '--seconds', '1', '--json')
    const said = JSON.parse(text)
    expect(said).toMatchObject({ ok: true, camera: 'door', kind: 'rtsp', video: { codec: 'H.264' }, width: 1280 })
    expect(parse(said.configuration)).toMatchObject({ cameras: { door: { user: 'viewer' } } })
    expect(text).not.toMatch(/p\/w@x|p%2Fw/)
  })

  test('and its big stream after it, each with what it needs', async () => {
    const rtsp = await startRtspServer()
    onTestFinished(() => rtsp.close())
    rtsp.addCamera('small', { loop: pcmLoop({ fps: 25 }) })
    rtsp.addCamera('big', { loop: pcmLoop({ width: 128, height: 96, fps: 12 }) })
    const directory = await mkdtemp(join(tmpdir(), 'rollcall-doctor-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const config = join(directory, 'site.yaml')
    const withDetail = (url: string) =>
      writeFile(
        config,
        `cameras: { door: { url: "${rtsp.url('small')}", detailUrl: "${url}", connectTimeoutMs: 2000 } }`,
      )
    await withDetail(rtsp.url('big'))
    const good = await run('door', '--seconds', '1', '--config', config)
    expect(good.code).toBe(0)
    expect(good.text).toMatch(/^camera door: .*\n +video +H\.264 .* 64×48/)
    expect(good.text).toMatch(/\n\ncamera door \(detailUrl\): .*\n +video +H\.264 .* 128×96/)
    expect(good.text.match(/For the configuration:/g)).toHaveLength(1)
    await withDetail(rtsp.url('nothing'))
    const bad = await run('door', '--seconds', '1', '--config', config, '--json')
    expect(bad.code).toBe(1)
    expect(JSON.parse(bad.text)).toMatchObject({
      ok: true,
      width: 64,
      detail: { ok: false, detail: expect.stringMatching(/404/) },
    })
  })

  test('which is joined between key frames that are minutes apart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'rollcall-doctor-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const footage = await footageOf(smartCodec, null, directory)
    const running = await startPersonality('gop-120s', smartCodec, footage)
    onTestFinished(() => running.close())
    const { code, text } = await run(running.url, '--seconds', '1')
    expect(code).toBe(0)
    expect(text).toMatch(/video +H\.264 \(.*\), 160×90, [\d.]+ frames\/s, \d+ kbit\/s/)
    expect(text).toMatch(/key frames +none in 1\.\d s/)
    expect(text).toMatch(/decoder +(?!none)\w+/)
    expect(text).toMatch(/no key frame within 1(\.\d)? s .*\n +→ Set the distance of key frames/)
  })

  test('whose connection breaks, without mixing the times of two connections', async () => {
    const rtsp = await startRtspServer()
    onTestFinished(() => rtsp.close())
    const lobby = rtsp.addCamera('lobby', { loop: await readLoop(join(footage, 'lobby.mp4')) })
    let isDropped = false
    const found = await watchCamera('lobby', cameraOptions.parse({ url: rtsp.url('lobby') }), {
      forMs: 5000,
      onSecond: (_, sinceFrameMs) => {
        if (isDropped || sinceFrameMs === null || sinceFrameMs < 1000) return
        isDropped = true
        lobby.drop()
      },
    })
    if ('reason' in found) throw new Error(found.reason)
    expect(found.interruptions).toHaveLength(1)
    expect(found.rtp).toMatchObject({ lost: 0, disordered: 0, jumpS: 0 })
    // Of 25; times of two connections in one would give hundreds, or next to none.
    expect(found.video.fps).toBeGreaterThan(15)
    expect(found.video.fps).toBeLessThan(40)
    expect(found.video.keyEveryMs?.least ?? 2000).toBeGreaterThan(1900)
  })

  test('which is a file', async () => {
    const { code, text } = await run(join(footage, 'gate.mp4'), '--seconds', '2')
    expect(code).toBe(0)
    expect(text).toMatch(/video +H\.265 .* 2[45](\.\d+)? frames\/s/)
    expect(text).toContain('Nothing to change.')
  })

  const sdp = (media: string): string => `v=0\r\no=- 0 0 IN IP4 0\r\ns=x\r\nt=0 0\r\n${media}`
  const described = (body: string) => (cseq: string) =>
    `RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`

  test.each<[string, () => Promise<string>, RegExp]>([
    [
      'has a wrong password',
      camera,
      /user and password are needed.*\n.*ROLLCALL_CAMERA_USER and ROLLCALL_CAMERA_PASSWORD/,
    ],
    ['cannot be reached', async () => 'rtsp://127.0.0.1:9/x', /nobody listens at 127\.0\.0\.1:9/],
    [
      'sends sound only',
      () => answering(described(sdp('m=audio 0 RTP/AVP 0\r\na=control:0\r\n'))),
      /sends no video, only audio/,
    ],
    ['speaks something else', () => answering(() => 'HTTP/1.1 400 Bad\r\n\r\n'), /127\.0\.0\.1/],
    ['is no camera', async () => import.meta.filename, /./],
  ])('that %s: one calm line and what to do', async (_, urlOf, expected) => {
    const { code, text } = await run(await urlOf())
    expect(code).toBe(1)
    expect(text).toMatch(expected)
    expect(text.split('\n')).toHaveLength(2)
    expect(text).toMatch(/^MISS {2}camera .*\n {6}→ /)
  })

  test.each([
    [['hall'], /no camera "hall"; no camera is configured/],
    [['a.mp4', 'b.mp4'], /"b\.mp4" is one too many/],
    [['a.mp4', '--seconds', '0'], /--seconds 0/],
    [['a.mp4', '--seconds', 'x'], /--seconds x/],
    [['--seconds', '3'], /expected a camera, too/],
  ])('or not, with %j', async (args, message) => {
    await expect(doctor(args)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) })
  })
})

test.each([
  ['rtsp://u:p@192.0.2.17:554/x', 'camera-17'],
  ['rtsp://door.lan/x', 'door'],
  ['/videos/front door.mp4', 'camera'],
  ['videos/gate.mp4', 'gate'],
  ['rtsp://[::1]/x', 'camera'],
])('%s is called %s', (url, name) => expect(nameFor(url)).toBe(name))

test('what is to be pasted never holds the login of the big stream', () => {
  const detailUrl = 'rtsp://root:hunter2@192.0.2.1/big'
  const pasted = pasteCameras([pastedFrom('door', cameraOptions.parse({ url: 'rtsp://192.0.2.1/small', detailUrl }))])
  expect(pasted).not.toMatch(/hunter2|root/)
  expect(pasted).toContain('192.0.2.1/big')
})

test('what is to be pasted is a configuration', () => {
  const text = pasteCameras([
    { name: 'door', url: 'rtsp://192.0.2.1/a?b=1&c', user: 'a"b: c', hasPassword: true, more: { transport: 'udp' } },
    { name: '2nd.floor', url: 'rtsp://192.0.2.2/', hasPassword: true, user: '' },
  ])
  expect(text).toContain('${CAMERA_2ND_FLOOR_PASSWORD}')
  const config = configSchema.parse({ cameras: { door: parse(text).cameras.door } })
  expect(config.cameras.door).toMatchObject({ url: 'rtsp://192.0.2.1/a?b=1&c', user: 'a"b: c', transport: 'udp' })
})
