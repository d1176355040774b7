import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { seededRandom } from '../../src/math/seeded-random.ts'
import { closeCodes, maxMessagesPerSecond } from '../../src/sinks/websocket/protocol.ts'
import { attack, frame, httpRequest, upgradeRequest } from './attacks.ts'

const atOnce = 16
/** What is not a leak: caches of addresses and tickets. A kilobyte an attack would be 10 MiB of heap. */
const mayGrowBytes = { heap: 8 * 2 ** 20, rss: 40 * 2 ** 20 }

const token = 'a-token-that-may-read-0123456789'
const options = {
  port: 0,
  // Each attack comes from an address of its own, but for the floods: so many a minute come on the slowest machine.
  trustedProxies: ['127.0.0.1'],
  limits: { requestsPerMinute: 20 },
  auth: {
    mode: 'on',
    tokens: [
      { name: 'reader', scopes: ['read'], token },
      { name: 'operator', scopes: ['operate'], token: 'a-token-that-may-not-read-0123456789' },
    ],
  },
}
const bearer = { authorization: `Bearer ${token}` }

/** What the server says that only some may do. */
interface Guarded {
  readonly method: string
  readonly path: string
  /** One of them is needed; none: any token does. */
  readonly scopes: readonly string[]
}
interface OpenApi {
  readonly paths: Record<
    string,
    Record<string, { readonly security: readonly { readonly token?: readonly string[] }[] }>
  >
}
const guardedIn = ({ paths }: OpenApi): Guarded[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security }]) =>
      security.length > 0
        ? { method: method.toUpperCase(), path, scopes: security.flatMap(({ token: some = [] }) => some) }
        : [],
    ),
  )

/**
 * Tests a server with that many attacks. Before them come `warmUp` that are not measured: code gets compiled, buffers find
 * their sizes.
 */
export const testAttacks = (attacks: number, warmUp: number): void =>
  test(`${attacks} malformed, oversized, replayed, forged and flooding requests: refused as documented, no crash, no leak`, async () => {
    const server = fork(join(import.meta.dirname, 'attacked-server.ts'), [JSON.stringify(options)], {
      // V8 takes what it can get for garbage; held short, what stays is what is kept.
      execArgv: ['--expose-gc', '--max-old-space-size=96', '--max-semi-space-size=4'],
    })
    onTestFinished(() => void server.kill())
    const [{ port }] = (await once(server, 'message')) as [{ port: number }]
    const measure = async () => {
      server.send('measure')
      return (
        (await once(server, 'message')) as [
          { rssBytes: number; heapBytes: number; denied: number; terminations: number; clients: number },
        ]
      )[0]
    }
    const base = `http://127.0.0.1:${port}`
    const issue = async (): Promise<string> => {
      const response = await fetch(`${base}/api/ws-ticket`, { method: 'POST', headers: bearer })
      return ((await response.json()) as { ticket: string }).ticket
    }
    const used = await issue()
    const withTicket = (ticket: string) => ({ 'sec-websocket-protocol': `rollcall.v1, rollcall.ticket.${ticket}` })
    const goodbye = frame(8, Buffer.from([3, 232]))
    expect(await attack(port, upgradeRequest(withTicket(used)), [goodbye]), 'the first use is fine').toBe(1000)
    const random = seededRandom(20_260_101)
    const below = (max: number): number => Math.floor(random() * max)
    const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T
    const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)))
    const text = (length: number): string => bytes(length).toString('base64url')
    const from = () => ({ 'x-forwarded-for': `10.${below(256)}.${below(256)}.${below(256)}` })
    const document = (await (await fetch(`${base}/api/openapi.json`, { headers: bearer })).json()) as OpenApi
    const operations = guardedIn(document)
    expect(operations.length, 'of all routes').toBeGreaterThan(20)
    const forbidden = operations.filter(({ scopes }) => scopes.length > 0 && !scopes.includes('operate'))
    const on = (request: string | Buffer) => () => attack(port, request)
    /** A request to one of them, whatever it asks for. */
    const askFor = ({ method, path }: Guarded, headers: Readonly<Record<string, string>>) =>
      on(
        httpRequest(
          method,
          path.replaceAll(/\{\w+\}/g, () => text(6)),
          { ...headers, ...from() },
        ),
      )

    const tampered = (): string => {
      const at = below(used.length)
      const changed = used.slice(0, at) + (used[at] === 'A' ? 'B' : 'A') + used.slice(at + 1)
      return pick([changed, used.slice(at + 1), `${used}${text(3)}`, text(32), `${text(9)}.${text(30)}.${text(32)}`])
    }
    const messages = (): string =>
      pick([
        '{',
        text(50),
        JSON.stringify({ type: text(4) }),
        JSON.stringify({ type: 'ack', seq: -below(1e6) - 1 }),
        JSON.stringify({ type: 'ack', n: -below(9) }),
        JSON.stringify({ type: 'subscribe', topics: [text(3)] }),
        JSON.stringify({ type: 'watch', cameras: [`../${text(5)}`] }),
        JSON.stringify({ type: 'subscribe', after: { epoch: 1, seq: text(2) } }),
        JSON.stringify({ type: 'subscribe', __proto__: null, [text(3)]: 1 }),
        JSON.stringify([[]]),
      ])
    const onSocket = (frames: readonly Buffer[]) => () => attack(port, upgradeRequest({ ...bearer, ...from() }), frames)
    const watch = frame(1, Buffer.from('{"type":"watch","cameras":[]}'))

    /** What it is, what must come of it, how to do it. */
    type Case = readonly [name: string, expected: readonly number[], run: () => Promise<number>]
    const cases: readonly (() => Case)[] = [
      () => ['noise', [400], on(Buffer.concat([Buffer.from('\x01'), bytes(below(300)), Buffer.from('\r\n\r\n')]))],
      () => ['broken HTTP', [400], on(`GET ${text(5)} HTTP/9.9\r\nHost: x\r\n\r\n`)],
      () => ['large headers', [431], on(httpRequest('GET', '/api/people', { ...bearer, 'x-large': text(20_000) }))],
      () => [
        'large body',
        [413],
        on(
          httpRequest(
            'POST',
            '/api/ws-ticket',
            { ...bearer, ...from(), 'content-type': 'application/json' },
            text(15_000),
          ),
        ),
      ],
      () => [
        'broken body',
        [400],
        on(
          httpRequest(
            'POST',
            '/api/ws-ticket',
            { ...bearer, ...from(), 'content-type': 'application/json' },
            `{${text(9)}`,
          ),
        ),
      ],
      () => ['no token', [401], askFor(pick(operations), {})],
      () => ['wrong token', [401], askFor(pick(operations), { authorization: `Bearer ${text(below(40) + 1)}` })],
      () => ['token in the URL', [401], on(httpRequest('GET', `/api/people?token=${token}`, from()))],
      () => ['forged ticket', [401], on(upgradeRequest({ ...from(), ...withTicket(tampered()) }))],
      () => ['replayed ticket', [401], on(upgradeRequest({ ...from(), ...withTicket(used) }))],
      () => ['foreign page', [403], on(upgradeRequest({ ...bearer, ...from(), origin: `https://${text(6)}.example` }))],
      () => [
        'rebound name',
        [403],
        on(httpRequest('GET', '/api/people', { ...bearer, ...from(), host: `x${below(1e6)}.example` })),
      ],
      () => ['no scope', [403], askFor(pick(forbidden), { authorization: `Bearer ${options.auth.tokens[1]?.token}` })],
      () => [
        'nothing there',
        [404],
        on(httpRequest(pick(['GET', 'POST', 'DELETE']), `/api/${text(8)}`, { ...bearer, ...from() })),
      ],
      () => [
        'upgrade elsewhere',
        [404],
        on(upgradeRequest({ ...bearer, ...from() }, pick(['/', '/api/people', `/${text(4)}`]))),
      ],
      () => ['flood', [401, 429], on(httpRequest('GET', '/api/people', { 'x-forwarded-for': '192.0.2.1' }))],
      () => ['flood of upgrades', [401, 429], on(upgradeRequest({ 'x-forwarded-for': '192.0.2.1' }))],
      () => ['invalid message', [closeCodes.invalidMessage], onSocket([frame(1, Buffer.from(messages()))])],
      () => ['binary message', [closeCodes.invalidMessage], onSocket([frame(2, bytes(20))])],
      () => ['unmasked', [closeCodes.protocolError], onSocket([frame(1, Buffer.from('{}'), { isMasked: false })])],
      () => ['reserved opcode', [closeCodes.protocolError], onSocket([frame(pick([3, 4, 5, 6, 7, 11]), bytes(4))])],
      () => [
        'large message',
        [closeCodes.tooBig],
        onSocket([frame(1, bytes(20), { lengthSaid: 20_000 + below(40_000) })]),
      ],
      () => ['not UTF-8', [closeCodes.notUtf8], onSocket([frame(1, Buffer.from([0xc3, 0x28, 0xff]))])],
    ]
    const messageFlood: Case = [
      'flood of messages',
      [closeCodes.tooManyMessages],
      onSocket([Buffer.concat(Array.from({ length: 3 * maxMessagesPerSecond }, () => watch))]),
    ]

    const wrong: string[] = []
    const counts = new Map<number, number>()
    const run = async (from: number, to: number): Promise<void> => {
      let next = from
      const worker = async (): Promise<void> => {
        while (next < to) {
          const [name, expected, perform] = next++ % 500 === 499 ? messageFlood : pick(cases)()
          const outcome = await perform()
          counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
          if (!expected.includes(outcome)) wrong.push(`${name}: ${outcome}`)
        }
      }
      await Promise.all(Array.from({ length: atOnce }, worker))
    }
    await run(0, warmUp)
    counts.clear()
    const before = await measure()
    await run(0, attacks)
    const after = await measure()

    expect(wrong).toEqual([])
    const documented = [400, 401, 403, 404, 413, 429, 431, 1002, 1007, 1009, 4400, 4429]
    expect(
      [...counts.keys()].sort((a, b) => a - b),
      'each code was seen',
    ).toEqual(documented)
    expect(after.heapBytes - before.heapBytes).toBeLessThan(mayGrowBytes.heap)
    expect(after.rssBytes - before.rssBytes).toBeLessThan(mayGrowBytes.rss)
    const notFound = counts.get(404) ?? 0
    expect(
      after.denied + after.terminations - before.denied - before.terminations,
      'each is counted; what does not exist is nobody’s secret',
    ).toBe(attacks - notFound)
    expect((await fetch(`${base}/api/people`, { headers: bearer })).status).toBe(200)
  }, 240_000)
