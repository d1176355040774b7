import type { ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { type OnvifDeviceOptions, startOnvifDevice } from '../../../simulator/onvif/device.ts'
import { matches, startDiscovery } from '../../../simulator/onvif/discovery.ts'
import { type Answer, type FindOptions, findCameras } from '../../../src/commands/cameras/find.ts'
import { printAnswers } from '../../../src/commands/cameras/print.ts'
import { cameras } from '../../../src/commands/cameras.ts'
import { configSchema } from '../../../src/config/config.ts'

const device = async (options: OnvifDeviceOptions = {}) => {
  const started = await startOnvifDevice({ profiles: two, ...options })
  onTestFinished(() => started.close())
  return started
}
const two = [
  { token: 'main', width: 2560, height: 1440, path: 'Streaming/Channels/101?a=1&b=2' },
  { token: 'sub', width: 640, height: 360, path: 'Streaming/Channels/102' },
]
const login = { user: 'on<vif', password: 'p/w&"@:%' }

const find = (more: Partial<FindOptions>): Promise<readonly Answer[]> =>
  findCameras({
    hosts: [],
    forMs: 250,
    answerMs: 1500,
    credentials: login,
    config: configSchema.parse({}),
    onProgress: () => undefined,
    ...more,
  })
/** Asks one device, without discovery. */
const ask = async (options: OnvifDeviceOptions, more: Partial<FindOptions> = {}): Promise<Answer> => {
  const [answer] = await find({ hosts: [(await device(options)).url], ...more })
  if (answer === undefined) throw new Error('no answer')
  return answer
}
const discovered = async (
  list: Parameters<typeof startDiscovery>[0],
  others: Parameters<typeof startDiscovery>[1] = [],
) => {
  const responder = await startDiscovery(list, others)
  onTestFinished(() => responder.close())
  return { address: '127.0.0.1', port: responder.port }
}
const streams = ({ cameras: found }: Answer) =>
  found.map(({ url, detail }) => [url.streamUrl, detail?.streamUrl ?? null])

describe('a device is asked', () => {
  test.each<[string, OnvifDeviceOptions]>([
    ['without a login', {}],
    ['with a login in the message, whatever characters it has', { login }],
    ['with an HTTP digest', { login, loginBy: 'http' }],
    ['whose clock is a day ahead', { login, clockAheadMs: 86_400_000 }],
    ['whose clock is in 1970', { login, clockAheadMs: -Date.now() + 60_000 }],
    ['that is older than GetServices', { login, getServices: false }],
    ['that has Media2', { login, media2: true }],
    ['that calls itself by its former address', { login, saysHost: '192.0.2.77' }],
  ])('%s', async (_, options) => {
    const answer = await ask(options)
    expect(answer.problem).toBeNull()
    expect(streams(answer)).toEqual([
      ['rtsp://127.0.0.1:554/Streaming/Channels/102', 'rtsp://127.0.0.1:554/Streaming/Channels/101?a=1&b=2'],
    ])
    expect(answer.device).toMatchObject({ manufacturer: 'Rollcall', model: 'Simulated & small' })
    expect(Math.abs((answer.device?.clockAheadMs ?? 0) - (options.clockAheadMs ?? 0))).toBeLessThan(1600)
    expect(answer.device?.otherHost).toBe(options.saysHost ?? null)
  })

  test('for its time before anything that needs a login', async () => {
    const started = await device({ login })
    await find({ hosts: [started.url] })
    expect(started.asked[0]).toBe('GetSystemDateAndTime')
  })

  test('and tells H.265 by Media2', async () => {
    const profiles = [{ token: 'a', encoding: 'H265' as const, width: 640, height: 360, path: 'a' }]
    expect((await ask({ profiles, media2: true })).cameras[0]?.url.encoding).toBe('H265')
  })

  test('and has two lenses', async () => {
    const answer = await ask({
      profiles: two.flatMap((each) =>
        ['left', 'right'].map((source) => ({ ...each, source, token: source + each.token, path: source })),
      ),
    })
    expect(answer.cameras.map(({ name }) => name)).toEqual([
      'rollcall-simulated-small-1-1',
      'rollcall-simulated-small-1-2',
    ])
    expect(answer.cameras.every(({ detail }) => detail !== null)).toBe(true)
  })

  test.each([
    ['one stream', [two[0]], [['main', null]]],
    ['a small stream that is too small', [two[0], { ...two[1], width: 320, height: 180 }], [['main', null]]],
    [
      'JPEG beside H.264',
      [two[0], { token: 'jpeg', encoding: 'JPEG' as const, width: 640, height: 360, path: 'j' }],
      [['main', null]],
    ],
    ['three streams', [...two, { token: 'middle', width: 1280, height: 720, path: 'm' }], [['sub', 'main']]],
    ['JPEG only', [{ token: 'jpeg', encoding: 'JPEG' as const, width: 640, height: 360, path: 'j' }], [['jpeg', null]]],
  ])('that has %s', async (_, profiles, expected) => {
    const { cameras: found } = await ask({ profiles: profiles as never })
    expect(found.map(({ url, detail }) => [url.token, detail?.token ?? null])).toEqual(expected)
  })
})

describe('a device that fails is told in one line with what to do', () => {
  const end = (text: string) => (_: unknown, response: ServerResponse) => void response.end(text)
  // Half a second later JavaScript has no date.
  const lastDate =
    '<a><SystemDateAndTime><UTCDateTime><Time><Hour>0</Hour><Minute>0</Minute><Second>0</Second></Time><Date><Year>275760</Year><Month>9</Month><Day>13</Day></Date></UTCDateTime></SystemDateAndTime></a>'
  const envelope = (body: string) => `<e:Envelope xmlns:e="x"><e:Body>${body}</e:Body></e:Envelope>`
  test.each<[string, OnvifDeviceOptions, Partial<FindOptions>, string, RegExp]>([
    [
      'a wrong password',
      { login },
      { credentials: { user: 'x', password: 'hunter2' } },
      'CAMERA_UNAUTHORIZED',
      /^wrong user or password for 127/,
    ],
    [
      'a wrong password over HTTP',
      { login, loginBy: 'http' },
      { credentials: { user: 'x', password: 'hunter2' } },
      'CAMERA_UNAUTHORIZED',
      /wrong user or password/,
    ],
    ['no login', { login }, { credentials: null }, 'CAMERA_UNAUTHORIZED', /asks for a login/],
    ['no login over HTTP', { login, loginBy: 'http' }, { credentials: null }, 'CAMERA_UNAUTHORIZED', /login/],
    ['no profiles', { profiles: [] }, {}, 'CAMERA_FORMAT', /offers no stream/],
    [
      'no stream addresses',
      { profiles: [{ token: 'a', width: 1, height: 1, path: null }] },
      {},
      'CAMERA_FORMAT',
      /offers no stream/,
    ],
    ['garbage', { answers: end('<<< no XML') }, {}, 'CAMERA_FORMAT', /not as an ONVIF device/],
    ['a web page', { answers: end('<html><body>login</body></html>') }, {}, 'CAMERA_FORMAT', /not as an ONVIF device/],
    ['a date after the last one', { answers: end(envelope(lastDate)) }, {}, 'CAMERA_FORMAT', /offers no stream/],
    ['empty answers', { answers: end(envelope('')) }, {}, 'CAMERA_FORMAT', /offers no stream/],
    ['a fault without words', { answers: end(envelope('<e:Fault/>')) }, {}, 'CAMERA_FORMAT', /offers no stream/],
    ['no answer', { answers: () => undefined }, { answerMs: 200 }, 'CAMERA_TIMEOUT', /does not answer within 0\.2 s/],
    ['a closed connection', { answers: (request) => void request.socket.destroy() }, {}, 'CAMERA_LOST', /127/],
    [
      'an answer nested without end',
      { answers: end('<a>'.repeat(100_000)) },
      {},
      'CAMERA_FORMAT',
      /not as an ONVIF device/,
    ],
    [
      'an answer without end',
      {
        answers: (_, response) => {
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536, 97)));
            response.once('drain', more)
          }
          more()
        },
      },
      {},
      'CAMERA_FORMAT',
      /more than 2097152 bytes/,
    ],
  ])('%s', async (_, options, more, code, says) => {
    const { problem, cameras: found } = await ask(options, more)
    expect(found).toEqual([])
    expect(problem?.says).toMatch(says)
    expect(problem?.remedy).toMatch(/\w/)
    if (code !== 'CAMERA_LOST') expect(problem?.code).toBe(code)
    expect(JSON.stringify(problem)).not.toContain('hunter2')
  })

  test('or is left out, when the search is stopped', async () => {
    const stop = new AbortController()
    const good = await device()
    const silent = await device({ answers: () => stop.abort() })
    const answers = await find({ hosts: [good.url, silent.url], answerMs: 60_000, signal: stop.signal })
    expect(answers.every(({ problem }) => problem === null)).toBe(true)
  })

  test('nobody listens', async () => {
    const [answer] = await find({ hosts: ['127.0.0.1:9'] })
    expect(answer?.problem).toMatchObject({ code: 'CAMERA_UNREACHABLE' })
  })

  test('and a wrong password is tried once for each operation at most, not at each address', async () => {
    const started = await device({ login })
    const target = await discovered([{ endpoint: 'a', addresses: [started.url, `${started.url}?x`] }])
    await find({ target, credentials: { user: 'x', password: 'y' } })
    expect(started.asked.filter((operation) => operation !== 'GetSystemDateAndTime')).toHaveLength(1)
  })
})

describe('devices are discovered', () => {
  test('each once, by name, whatever else answers', async () => {
    const [door, hall] = [await device(), await device({ login })]
    const endpoint = 'urn:uuid:1'
    const target = await discovered(
      [
        { endpoint, addresses: [door.url], scopes: ['onvif://www.onvif.org/name/Front%20Door'] },
        { endpoint, addresses: [door.url] },
        { endpoint: 'urn:uuid:2', addresses: ['nonsense', hall.url] },
        { endpoint: 'urn:uuid:3', addresses: [] },
      ],
      [
        'garbage',
        '',
        '<a/>',
        '<Envelope><Body><ProbeMatches><ProbeMatch/></ProbeMatches></Body></Envelope>',
        Buffer.alloc(900, 0xff),
      ],
    )
    const answers = await find({ target })
    expect(new Set(answers.map(({ title }) => title))).toEqual(new Set(['Front Door', 'Rollcall Simulated & small']))
    expect(answers.every(({ problem }) => problem === null)).toBe(true)
  })

  test('also several in one answer', async () => {
    const [door, hall] = [await device(), await device()]
    const both = matches(
      [
        { endpoint: 'a', addresses: [door.url] },
        { endpoint: 'b', addresses: [hall.url] },
      ],
      '',
    )
    expect(await find({ target: await discovered([], [both]) })).toHaveLength(2)
  })

  test('that name an old address: the one the answer came from is asked', async () => {
    const { port } = await device()
    const target = await discovered([{ endpoint: 'a', addresses: [`http://192.0.2.77:${port}/onvif/device_service`] }])
    const [answer] = await find({ target })
    expect(answer).toMatchObject({ problem: null, host: `127.0.0.1:${port}` })
  })

  test('or nobody answers', async () => expect(await find({ target: await discovered([]) })).toEqual([]))

  test('with the login of a configured camera at the same address', async () => {
    const config = configSchema.parse({ cameras: { door: { url: 'rtsp://127.0.0.1/x', ...login } } })
    expect((await ask({ login }, { config, credentials: null })).problem).toBeNull()
  })
})

describe('what is printed', () => {
  test('is a configuration to paste, and holds no password', async () => {
    const answers = [
      await ask({ login, clockAheadMs: -7_200_000, saysHost: '192.0.2.77' }),
      await ask({ login }),
      await ask({ profiles: [] }),
    ]
    const text = printAnswers(answers, { user: login.user, variable: 'ROLLCALL_CAMERA_PASSWORD' })
    expect(text).toMatch(/main +H264 +2560×1440 +25 frames\/s +GOP 50 +2048 kbit\/s +rtsp:/)
    expect(text).toMatch(/sub +H264 +640×360/)
    expect(text).toMatch(/snapshot +http:\/\/127\.0\.0\.1:\d+\/snapshot\/main/)
    expect(text).toMatch(/clock is 2 h behind ours/)
    expect(text).toMatch(/calls itself 192\.0\.2\.77/)
    expect(text).toMatch(/offers no stream over ONVIF\n {6}→ /)
    const { cameras: found } = parse(text.slice(text.indexOf('cameras:')))
    expect(Object.keys(found)).toEqual(['rollcall-simulated-small-1', 'rollcall-simulated-small-1-2'])
    expect(found['rollcall-simulated-small-1']).toEqual({
      url: 'rtsp://127.0.0.1:554/Streaming/Channels/102',
      detailUrl: 'rtsp://127.0.0.1:554/Streaming/Channels/101?a=1&b=2',
      user: login.user,
      password: '${ROLLCALL_CAMERA_PASSWORD}',
    })
    expect(text).not.toContain(login.password)
  })

  test('also as JSON, from the command', async () => {
    const started = await device()
    const lines: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text))
    onTestFinished(() => log.mockRestore())
    expect(await cameras(['find', '--host', `127.0.0.1:${started.port}`, '--json'])).toBe(0)
    expect(JSON.parse(lines.join())).toMatchObject({ ok: true, devices: [{ host: `127.0.0.1:${started.port}` }] })
    expect(await cameras(['find', '--host', '127.0.0.1:9'])).toBe(1)
  })

  test.each([
    [['fnid'], /did you mean find/],
    [['find', '--user', 'x'], /ROLLCALL_CAMERA_PASSWORD/],
    [['find', '--seconds', 'x'], /--seconds x/],
    [['find', '--host', 'http://a:b@c/'], /without a login/],
    [['find', 'x'], /stands alone/],
  ])('or nothing, for %j', async (args, message) => {
    await expect(cameras(args)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) })
  })
})
