import { connect as connectTcp, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { Resumed, SnapshotMessage } from '../../src/sinks/websocket/protocol.ts'
import { type Connection, connect } from '../../viewer/src/connection.ts'
import type { Admission } from '../../viewer/src/session.ts'
import { openServer } from '../server/open-server.ts'
import { frameEvent, personCreated } from '../sinks/events.ts'

const token = 'a-token-of-this-test-that-is-long-enough'
const auth = { mode: 'on', tokens: [{ name: 'wall', scopes: ['read'], token }] }

type Told =
  | { readonly what: 'snapshot'; readonly message: SnapshotMessage }
  | { readonly what: 'resumed'; readonly message: Resumed }
  | { readonly what: 'event'; readonly event: RollcallEvent }
  | { readonly what: 'lost'; readonly retryInMs: number }
  | { readonly what: 'refused'; readonly because: string }
  | { readonly what: 'picture'; readonly camera: string }

/** The viewer's connection as the page has it, and what it tells the page. */
const viewer = (url: string, admission: () => Promise<Admission>) => {
  const told: Told[] = []
  let look = (): void => {}
  const tell = (each: Told): void => {
    told.push(each)
    look()
  }
  const connection: Connection = connect(url, {
    admission,
    onSnapshot: (message) => tell({ what: 'snapshot', message }),
    onResumed: (message) => tell({ what: 'resumed', message }),
    onEvent: (event) => tell({ what: 'event', event }),
    onPicture: async ({ frame }) => tell({ what: 'picture', camera: frame.camera }),
    onLost: (retryInMs) => tell({ what: 'lost', retryInMs }),
    onRefused: (because) => tell({ what: 'refused', because }),
  })
  const of = <What extends Told['what']>(what: What) =>
    told.filter((each): each is Extract<Told, { what: What }> => each.what === what)
  /** The nth of its kind, from 1, as soon as it is there. */
  const nth = async <What extends Told['what']>(what: What, n: number) => {
    await new Promise<void>((resolve) => {
      look = () => of(what).length >= n && resolve()
      look()
    })
    return of(what)[n - 1] as Extract<Told, { what: What }>
  }
  return { connection, of, nth }
}

const ask = (base: () => string, bearer: () => string) => async (): Promise<Admission> => {
  const response = await fetch(`${base()}/api/ws-ticket`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer()}` },
  }).catch(() => null)
  if (response?.ok) return (await response.json()) as Admission
  return response?.status === 401 ? { refused: 'unknown-token' } : { failed: true }
}

/** A line to a server that can be cut, and put through to another server. */
const line = async (initial: string) => {
  let target = new URL(initial)
  const open = new Set<Socket>()
  const listener = createServer((client) => {
    const server = connectTcp(Number(target.port), target.hostname)
    for (const socket of [client, server]) {
      open.add(socket)
      socket
        .on('error', () => undefined)
        .on('close', () => {
          client.destroy()
          server.destroy()
          open.delete(socket)
        })
    }
    client.pipe(server).pipe(client)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  onTestFinished(() => {
    listener.close()
    cut()
  })
  const { port } = listener.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}/ws`,
    cut,
    /** Nothing comes through any more, and nothing is closed. */
    freeze: () => {
      for (const socket of open) socket.pause().unpipe()
    },
    leadTo: (url: string) => {
      target = new URL(url)
    },
  }
}

const through = (to: { url: string; ws: string }) =>
  viewer(
    to.ws,
    ask(
      () => to.url,
      () => token,
    ),
  )

test('a lost connection resumes where it ended: no event is missing, none comes twice', async () => {
  const { server, sink } = await openServer({ auth })
  const to = await line(server.url)
  const page = through(to)
  expect((await page.nth('snapshot', 1)).message.reason).toBe('subscribed')
  await sink.publish([personCreated('p1', 'door')])
  await page.nth('event', 1)
  to.cut()
  await page.nth('lost', 1)
  await sink.publish([personCreated('p2', 'door'), personCreated('p3', 'door')])
  page.connection.retryNow()
  expect((await page.nth('resumed', 1)).message).toMatchObject({ after: 1, until: 3 })
  await sink.publish([personCreated('p4', 'door')])
  await page.nth('event', 4)
  expect(page.of('event').map(({ event }) => event.subject)).toEqual(['p1', 'p2', 'p3', 'p4'])
  expect(page.of('snapshot')).toHaveLength(1)
})

test('a server that was started again has another epoch: a snapshot takes the place of what was', async () => {
  const before = await openServer({ auth })
  const to = await line(before.server.url)
  const page = through(to)
  const { epoch } = (await page.nth('snapshot', 1)).message
  await before.sink.publish([personCreated('p1', 'door')])
  await page.nth('event', 1)
  const after = await openServer({ auth })
  to.leadTo(after.server.url)
  await before.sink.close()
  await before.server.close()
  await page.nth('lost', 1)
  page.connection.retryNow()
  const { message } = await page.nth('snapshot', 2)
  expect(message.reason).toBe('restarted')
  expect(message.epoch).not.toBe(epoch)
  await after.sink.publish([personCreated('p2', 'door')])
  expect((await page.nth('event', 2)).event.subject).toBe('p2')
})

test('the cameras to watch are told again after a reconnect', async () => {
  const { server, sink } = await openServer({ auth })
  const to = await line(server.url)
  const page = through(to)
  const watched: string[][] = []
  let look = (): void => {}
  sink.watched$.subscribe((cameras) => {
    watched.push([...cameras])
    look()
  })
  const isWatched = (count: number) =>
    new Promise<void>((resolve) => {
      look = () => watched.filter((cameras) => cameras.includes('door')).length >= count && resolve()
      look()
    })
  await page.nth('snapshot', 1)
  page.connection.watch(['door'])
  await isWatched(1)
  to.cut()
  await page.nth('lost', 1)
  page.connection.retryNow()
  await isWatched(2)
  sink.publishPicture({ frame: frameEvent('door', 1).data, jpeg: Uint8Array.of(1) })
  expect((await page.nth('picture', 1)).camera).toBe('door')
})

test('each attempt that fails doubles the wait up to ten seconds; a connection starts over', async () => {
  const { server } = await openServer({ auth })
  const to = await line('http://127.0.0.1:1')
  const page = through(to)
  const between = (ms: number) => [ms / 2, ms] as const
  for (const [n, ms] of [500, 1000, 2000, 4000, 8000, 10_000, 10_000].entries()) {
    const { retryInMs } = await page.nth('lost', n + 1)
    const [least, most] = between(ms)
    expect(retryInMs).toBeGreaterThanOrEqual(least)
    expect(retryInMs).toBeLessThanOrEqual(most)
    if (n === 6) to.leadTo(server.url)
    page.connection.retryNow()
  }
  await page.nth('snapshot', 1)
  to.cut()
  expect((await page.nth('lost', 8)).retryInMs).toBeLessThanOrEqual(500)
  page.connection.retryNow()
  await page.nth('resumed', 1)
})

test('a refused token asks for another, and nothing is tried until there is one', async () => {
  const { server, denied, ws } = await openServer({ auth })
  let bearer = 'not-a-token-of-this-server'
  let asked = 0
  const page = viewer(ws, () => {
    asked++
    return ask(
      () => server.url,
      () => bearer,
    )()
  })
  expect((await page.nth('refused', 1)).because).toBe('unknown-token')
  expect(asked).toBe(1)
  expect(await denied()).toEqual({ token: 1 })
  bearer = token
  page.connection.retryNow()
  await page.nth('snapshot', 1)
  expect(page.of('lost')).toEqual([])
})

test('a ticket that the server does not take costs one attempt; the next asks for a new one', async () => {
  const { server, denied, ws } = await openServer({ auth })
  const good = ask(
    () => server.url,
    () => token,
  )
  const answers: Admission[] = [{ subprotocol: 'rollcall.ticket.forged' }]
  const page = viewer(ws, async () => answers.shift() ?? good())
  await page.nth('lost', 1)
  expect(Object.keys(await denied())).toEqual(['ticket'])
  page.connection.retryNow()
  await page.nth('snapshot', 1)
})

test('asking for a ticket may itself fail, and is tried again', async () => {
  const { server, ws } = await openServer({ auth })
  const good = ask(
    () => server.url,
    () => token,
  )
  let asked = 0
  const page = viewer(ws, () => (asked++ === 0 ? Promise.reject(new SyntaxError('a proxy answered HTML')) : good()))
  await page.nth('lost', 1)
  page.connection.retryNow()
  await page.nth('snapshot', 1)
})

test('a server that says nothing for two heartbeats is taken for lost', async () => {
  const { server } = await openServer({ auth }, {}, { heartbeatMs: 100 })
  const to = await line(server.url)
  // Its own way, so that only the WebSocket is frozen.
  const page = viewer(
    to.ws,
    ask(
      () => server.url,
      () => token,
    ),
  )
  await page.nth('snapshot', 1)
  to.freeze()
  await page.nth('lost', 1)
  page.connection.retryNow()
  await page.nth('resumed', 1)
})
