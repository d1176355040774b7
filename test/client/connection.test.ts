import { connect as connectTcp, createServer, type Socket } from 'node:net'
import {
  type Admission,
  type Client,
  type ClientOptions,
  connect,
  type Resumed,
  type RollcallEvent,
  type SnapshotMessage,
} from '@rollcall/client'
import { expect, onTestFinished, test } from 'vitest'
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

/** A client, and what it tells whoever uses it. */
const viewer = (url: string, options: ClientOptions = {}) => {
  const told: Told[] = []
  let look = (): void => {}
  const tell = (each: Told): void => {
    told.push(each)
    look()
  }
  const client: Client = connect({ url, token, ...options })
  onTestFinished(() => client.close())
  client.onSnapshot((message) => tell({ what: 'snapshot', message }))
  client.onEvent((event) => tell({ what: 'event', event }))
  client.onPicture(({ frame }) => tell({ what: 'picture', camera: frame.camera }))
  client.onStatus((status) => {
    if (status.state === 'waiting') tell({ what: 'lost', retryInMs: status.retryInMs })
    if (status.state === 'refused') tell({ what: 'refused', because: status.why })
    if (status.state === 'connected' && status.message.type === 'resumed')
      tell({ what: 'resumed', message: status.message })
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
  return { client, of, nth }
}

const ask = (base: string) => async (): Promise<Admission> => {
  const headers = { authorization: `Bearer ${token}` }
  return (await (await fetch(`${base}/api/ws-ticket`, { method: 'POST', headers })).json()) as Admission
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

test('a lost connection resumes where it ended: no event is missing, none comes twice', async () => {
  const { server, sink } = await openServer({ auth })
  const to = await line(server.url)
  const page = viewer(to.url)
  expect((await page.nth('snapshot', 1)).message.reason).toBe('subscribed')
  await sink.publish([personCreated('p1', 'door')])
  await page.nth('event', 1)
  to.cut()
  await page.nth('lost', 1)
  await sink.publish([personCreated('p2', 'door'), personCreated('p3', 'door')])
  page.client.retryNow()
  expect((await page.nth('resumed', 1)).message).toMatchObject({ after: 1, until: 3 })
  await sink.publish([personCreated('p4', 'door')])
  await page.nth('event', 4)
  expect(page.of('event').map(({ event }) => event.subject)).toEqual(['p1', 'p2', 'p3', 'p4'])
  expect(page.of('snapshot')).toHaveLength(1)
})

test('a server that was started again has another epoch: a snapshot takes the place of what was', async () => {
  const before = await openServer({ auth })
  const to = await line(before.server.url)
  const page = viewer(to.url)
  const { epoch } = (await page.nth('snapshot', 1)).message
  await before.sink.publish([personCreated('p1', 'door')])
  await page.nth('event', 1)
  const after = await openServer({ auth })
  to.leadTo(after.server.url)
  await before.sink.close()
  await before.server.close()
  await page.nth('lost', 1)
  page.client.retryNow()
  const { message } = await page.nth('snapshot', 2)
  expect(message.reason).toBe('restarted')
  expect(message.epoch).not.toBe(epoch)
  await after.sink.publish([personCreated('p2', 'door')])
  expect((await page.nth('event', 2)).event.subject).toBe('p2')
})

test('the cameras to watch are told again after a reconnect', async () => {
  const { server, sink } = await openServer({ auth })
  const to = await line(server.url)
  const page = viewer(to.url)
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
  page.client.watch({ cameras: ['door'] })
  await isWatched(1)
  to.cut()
  await page.nth('lost', 1)
  page.client.retryNow()
  await isWatched(2)
  sink.publishPicture({ frame: frameEvent('door', 1).data, jpeg: Uint8Array.of(1) })
  expect((await page.nth('picture', 1)).camera).toBe('door')
})

test('each attempt that fails doubles the wait up to ten seconds; a connection starts over', async () => {
  const { server } = await openServer({ auth })
  const to = await line('http://127.0.0.1:1')
  const page = viewer(to.url)
  const between = (ms: number) => [ms / 2, ms] as const
  for (const [n, ms] of [500, 1000, 2000, 4000, 8000, 10_000, 10_000].entries()) {
    const { retryInMs } = await page.nth('lost', n + 1)
    const [least, most] = between(ms)
    expect(retryInMs).toBeGreaterThanOrEqual(least)
    expect(retryInMs).toBeLessThanOrEqual(most)
    if (n === 6) to.leadTo(server.url)
    page.client.retryNow()
  }
  await page.nth('snapshot', 1)
  to.cut()
  expect((await page.nth('lost', 8)).retryInMs).toBeLessThanOrEqual(500)
  page.client.retryNow()
  await page.nth('resumed', 1)
})

test('a refused token asks for another, and nothing is tried until there is one', async () => {
  const { server, denied } = await openServer({ auth })
  let bearer: string | undefined = 'not-a-token-of-this-server'
  let asked = 0
  const page = viewer(server.url, {
    token: () => {
      asked++
      return bearer
    },
  })
  expect((await page.nth('refused', 1)).because).toBe('unknown-token')
  expect(asked).toBe(1)
  expect(await denied()).toEqual({ token: 1 })
  bearer = undefined
  page.client.retryNow()
  expect((await page.nth('refused', 2)).because).toBe('no-token')
  bearer = token
  page.client.retryNow()
  await page.nth('snapshot', 1)
  expect(page.of('lost')).toEqual([])
})

test('a token without the scope read is refused in these words', async () => {
  const writer = 'another-token-of-this-test-long-enough'
  const { server } = await openServer({
    auth: { mode: 'on', tokens: [{ name: 'writer', scopes: ['operate'], token: writer }] },
  })
  expect((await viewer(server.url, { token: writer }).nth('refused', 1)).because).toBe('no-scope')
})

test('a ticket that the server does not take costs one attempt; the next asks for a new one', async () => {
  const { server, denied } = await openServer({ auth })
  const answers: Admission[] = [{ subprotocol: 'rollcall.ticket.forged' }]
  const page = viewer(server.url, { admission: async () => answers.shift() ?? ask(server.url)() })
  await page.nth('lost', 1)
  expect(Object.keys(await denied())).toEqual(['ticket'])
  page.client.retryNow()
  await page.nth('snapshot', 1)
})

test('asking for a ticket may itself fail, and is tried again', async () => {
  const { server } = await openServer({ auth })
  let asked = 0
  const page = viewer(server.url, {
    admission: () => (asked++ === 0 ? Promise.reject(new SyntaxError('a proxy answered HTML')) : ask(server.url)()),
  })
  await page.nth('lost', 1)
  page.client.retryNow()
  await page.nth('snapshot', 1)
})

test('a server that says nothing for two heartbeats is taken for lost', async () => {
  const { server } = await openServer({ auth }, {}, { heartbeatMs: 100 })
  const to = await line(server.url)
  // Its own way, so that only the WebSocket is frozen.
  const page = viewer(to.url, { admission: ask(server.url) })
  await page.nth('snapshot', 1)
  to.freeze()
  await page.nth('lost', 1)
  page.client.retryNow()
  await page.nth('resumed', 1)
})

test('a listener that needs time is waited for: one event after the other, then the position moves', async () => {
  const { server, sink } = await openServer({ auth })
  const page = viewer(server.url)
  await page.nth('snapshot', 1)
  const steps: string[] = []
  let release = (): void => {}
  page.client.onEvent(async ({ subject }) => {
    steps.push(`began ${subject} at ${page.client.position?.seq}`)
    await new Promise<void>((resolve) => (release = resolve))
    steps.push(`ended ${subject}`)
  })
  await sink.publish([personCreated('p1', 'door'), personCreated('p2', 'door')])
  await page.nth('event', 1)
  release()
  await page.nth('event', 2)
  release()
  await expect.poll(() => steps).toEqual(['began p1 at 0', 'ended p1', 'began p2 at 1', 'ended p2'])
  await expect.poll(() => page.client.position?.seq).toBe(2)
})

test('an earlier position resumes in another client, and a subscription can be changed without a gap', async () => {
  const { server, sink } = await openServer({ auth })
  const first = viewer(server.url)
  await first.nth('snapshot', 1)
  await sink.publish([personCreated('p1', 'door')])
  await first.nth('event', 1)
  const { position } = first.client
  first.client.close()
  expect(first.client.status).toEqual({ state: 'closed' })
  await sink.publish([personCreated('p2', 'door'), frameEvent('door', 1)])
  const second = viewer(server.url, { subscribe: { topics: ['people'] }, ...(position && { after: position }) })
  expect((await second.nth('resumed', 1)).message).toMatchObject({ after: 1, until: 3 })
  await second.nth('event', 1)
  second.client.subscribe({ topics: ['frames'] })
  await sink.publish([frameEvent('door', 2)])
  await second.nth('event', 3)
  // It goes on after the person: the frame that was left out then comes now.
  const types = second.of('event').map(({ event }) => event.type)
  expect(types).toEqual(['rollcall.person.created.v1', 'rollcall.frame.v1', 'rollcall.frame.v1'])
  expect(second.of('snapshot')).toEqual([])
})

test('an address that is none, or no address outside of a page, is said at once', () => {
  expect(() => connect()).toThrow('url: expected where Rollcall is')
  expect(() => connect({ url: 'ws://127.0.0.1:1' })).toThrow('url: expected http:// or https://, got ws://')
})
