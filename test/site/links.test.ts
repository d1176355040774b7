import { randomBytes } from 'node:crypto'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { openLinkServer } from '../../src/seam/link/listen.ts'
import type { LinkedFromVision } from '../../src/seam/link/messages.ts'
import { createLinks } from '../../src/site/links.ts'
import { eventually } from '../support/eventually.ts'
import { silent } from './site.ts'

const [key, site] = [randomBytes(32), 'shop']

/** A vision process that says of each camera that is watched why it cannot be. */
const visionProcess = async (owner: string) => {
  const server = await openLinkServer({
    key,
    site,
    owner,
    options: { listen: '127.0.0.1:0', address: null },
    onWatch: ({ video }) => {
      for (const { camera } of video) server.send({ type: 'noVideo', camera, reason: `watched at ${owner}` })
    },
    onAsk: ({ id }) => server.send({ type: 'tested', id, test: { code: 'STATE', message: owner, remedy: undefined } }),
    metrics: createMetrics(new Registry()),
    log: silent,
  })
  onTestFinished(() => server.close())
  return server
}

/** An identity process; `said` is what its site was told. */
const identityProcess = (ownKey: Uint8Array | null = key) => {
  const said: LinkedFromVision[] = []
  const metrics = createMetrics(new Registry())
  const state = { isOwner: true }
  const links = createLinks({
    site,
    key: ownKey,
    isOwner: () => state.isOwner,
    hasCamera: (camera) => camera !== 'removed',
    emit: (message) => void said.push(message),
    onFigures: () => {},
    metrics,
    log: silent,
  })
  onTestFinished(() => links.close())
  const reasons = () => said.flatMap((each) => (each.type === 'noVideo' ? `${each.camera}: ${each.reason}` : []))
  const counts = async () =>
    Object.fromEntries((await metrics.link.processes.get()).values.map(({ labels, value }) => [labels.state, value]))
  return { ...links, said, state, reasons, counts }
}

test('each process is told what is watched of its own cameras, also when one has moved', async () => {
  const [a, b] = await Promise.all([visionProcess('a'), visionProcess('b')])
  const identity = identityProcess()
  identity.watch({ type: 'watch', cameras: [], video: [{ camera: 'door' }, { camera: 'hall' }] })
  expect(identity.reasons()).toEqual(['door: no vision process has it', 'hall: no vision process has it'])
  identity.heard('door', 'a', a.address)
  identity.heard('hall', 'b', b.address)
  await eventually(() =>
    expect(identity.reasons()).toEqual(expect.arrayContaining(['door: watched at a', 'hall: watched at b'])),
  )
  expect(await identity.counts()).toEqual({ connected: 2, away: 0 })
  identity.heard('door', 'b', undefined)
  await eventually(() => expect(identity.reasons()).toContain('door: watched at b'))
  expect(a.watched().video).toEqual([])
  await expect(identity.test('door', {})).rejects.toMatchObject({ code: 'STATE', message: 'b' })
})

test('a process that has no camera any more, or takes no records, is not tried again', async () => {
  const [a, b] = await Promise.all([visionProcess('a'), visionProcess('b')])
  const identity = identityProcess()
  identity.heard('removed', 'a', a.address)
  identity.heard('hall', 'b', b.address)
  await eventually(async () => expect(await identity.counts()).toEqual({ connected: 2, away: 0 }))
  await a.close()
  await eventually(async () => expect(await identity.counts()).toEqual({ connected: 1, away: 0 }))
  identity.state.isOwner = false
  const next = identityProcess()
  next.heard('hall', 'b', b.address)
  await eventually(async () => expect(await identity.counts()).toEqual({ connected: 0, away: 0 }))
  expect(await next.counts()).toEqual({ connected: 1, away: 0 })
  expect(identity.test('hall', {})).toBeNull()
})

test('what is missing is said: a link there, or the key here', () => {
  const watch = { type: 'watch', cameras: [], video: [{ camera: 'door' }] } as const
  const [identity, keyless] = [identityProcess(), identityProcess(null)]
  for (const each of [identity, keyless]) {
    each.watch(watch)
    each.heard('door', 'a', undefined)
  }
  keyless.heard('door', 'a', 'ws://127.0.0.1:1')
  expect(identity.reasons().at(-1)).toBe(
    'door: its vision process a gives no pictures: seam.link.listen is not set there',
  )
  expect(keyless.reasons().at(-1)).toMatch(/^door: seam\.kafka\.sealingKey is not set/)
})

test('a capture that nobody can make is answered at once, and why', async () => {
  const a = await visionProcess('a')
  await a.close()
  const identity = identityProcess()
  identity.capture({ type: 'capture', id: 7, camera: 'door', forMs: 1000 })
  identity.heard('door', 'a', a.address)
  await eventually(async () => expect(await identity.counts()).toEqual({ connected: 0, away: 1 }))
  identity.watch({ type: 'watch', cameras: [], video: [{ camera: 'door' }] })
  await eventually(() => expect(identity.reasons().at(-1)).toMatch(/a cannot be reached at ws:.*ECONNREFUSED/))
  identity.capture({ type: 'capture', id: 8, camera: 'door', forMs: 1000 })
  const answers = identity.said.flatMap((each) => (each.type === 'captured' ? [[each.id, each.capture]] : []))
  expect(answers).toMatchObject([
    [7, { code: 'STATE', message: 'camera door: no vision process has it' }],
    [8, { code: 'STATE', message: expect.stringContaining('ECONNREFUSED') }],
  ])
})
