import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { createMetrics, type MetricsJson } from '../../src/metrics.ts'
import { openLink } from '../../src/seam/link/connect.ts'
import { openLinkServer } from '../../src/seam/link/listen.ts'
import { answerTo, ask, opening, sealing } from '../../src/seam/link/meeting.ts'
import {
  decodeFromVision,
  decodeToVision,
  encodeFromVision,
  type LinkedFromVision,
  type LinkedToVision,
} from '../../src/seam/link/messages.ts'
import { createShown } from '../../src/seam/link/shown.ts'
import { createWaitingCrops } from '../../src/seam/link/waiting-crops.ts'
import type { FaceCrop } from '../../src/types.ts'
import { videoUnit } from '../sinks/websocket/video-units.ts'
import { silent } from '../site/site.ts'
import { eventually } from '../support/eventually.ts'

const meeting = { key: randomBytes(32), site: 'shop', owner: 'vision-a' }
const stamp = { camera: 'door', stream: 's', seq: 3, ptsUs: 40_000, capturedAtMs: 5, clock: 'camera' } as const

const crop = (track: string, quality = 0.5): FaceCrop => ({
  camera: 'door',
  stream: 's',
  seq: 3,
  capturedAtMs: 5,
  track,
  quality,
  width: 112,
  height: 112,
  jpeg: Uint8Array.of(1, 2, 3),
})

const film = {
  camera: 'door',
  video: Uint8Array.of(7, 8),
  encoding: 'video/x-h264',
  pictures: 2,
  lengthMs: 40,
  startsAtMs: 5,
  arrivedMs: [1, 41],
  broken: 0,
  short: null,
} as const

const figures = [
  { name: 'rollcall_camera_codec', values: [{ value: 1, labels: { camera: 'door', codec: 'H.264' } }] },
] as unknown as MetricsJson

const shown = {
  ok: true,
  failure: null,
  size: { width: 640, height: 360 },
  facts: [{ what: 'video', says: 'H.264' }],
  advice: [],
  picture: Uint8Array.of(4, 5),
}

/** A vision process, and everything it was asked. */
const visionSide = async (given: Partial<typeof meeting> = {}) => {
  const asked: LinkedToVision[] = []
  const metrics = createMetrics(new Registry())
  const server = await openLinkServer({
    ...meeting,
    ...given,
    options: { listen: '127.0.0.1:0', address: null },
    onWatch: (watch) => void asked.push(watch),
    onAsk: (ask) => void asked.push(ask),
    metrics,
    log: silent,
  })
  onTestFinished(() => server.close())
  return { ...server, asked, metrics }
}

/** Identity, and everything it was given. */
const identitySide = (address: string, given: Partial<typeof meeting> = {}) => {
  const taken: LinkedFromVision[] = []
  const link = openLink({
    ...meeting,
    ...given,
    address,
    onMessage: (message) => void taken.push(message),
    onChange: () => {},
    metrics: createMetrics(new Registry()),
    log: silent,
  })
  onTestFinished(() => link.close())
  return { ...link, taken }
}

const watch = { type: 'watch', cameras: ['door'], video: [{ camera: 'door' }] } as const

test('what is watched comes as it was, each capture to who asked for it, and nothing once nobody watches', async () => {
  const vision = await visionSide()
  const identity = identitySide(vision.address)
  await eventually(() => expect(identity.isConnected()).toBe(true))
  identity.send(watch)
  identity.send({ type: 'capture', id: 41, camera: 'door', forMs: 1000 })
  identity.send({ type: 'test', id: 41, camera: 'hall', options: { url: 'rtsp://192.0.2.1/' } })
  await eventually(() => expect(vision.asked).toHaveLength(3))
  expect(vision.watched()).toEqual(watch)
  const idOf = (asked: string) => (vision.asked.find(({ type }) => type === asked) as { readonly id: number }).id
  const said: readonly LinkedFromVision[] = [
    { type: 'picture', stamp, jpeg: Uint8Array.of(9) },
    { type: 'unit', unit: videoUnit({ n: 1, key: true }) },
    { type: 'noVideo', camera: 'door', reason: 'raw pictures' },
    { type: 'crop', crop: crop('t') },
    { type: 'figures', worker: 'vision-1', metrics: figures },
    { type: 'captured', id: idOf('capture'), capture: film },
    { type: 'captured', id: idOf('capture'), capture: film },
    { type: 'tested', id: idOf('test'), test: shown },
  ]
  const expected = structuredClone(said.slice(0, 5))
  for (const message of said) vision.send(message)
  await eventually(() => expect(identity.taken).toHaveLength(7))
  const answers = [
    { type: 'captured', id: 41, capture: film },
    { type: 'tested', id: 41, test: shown },
  ]
  expect(identity.taken).toEqual([...expected, ...answers])
  identity.send({ ...watch, cameras: [], video: [] })
  await eventually(() => expect(vision.watched().video).toEqual([]))
  vision.send({ type: 'unit', unit: videoUnit({ n: 1, key: true }) })
  vision.send({ type: 'noVideo', camera: 'door', reason: null })
  await eventually(() => expect(identity.taken.at(-1)).toMatchObject({ type: 'noVideo', reason: null }))
  expect(identity.taken.filter(({ type }) => type === 'unit')).toHaveLength(1)
})

test('best shots wait for identity, are repeated until it has them, and go to the newest process that proves the key', async () => {
  const vision = await visionSide()
  for (const track of ['a', 'b']) vision.send({ type: 'crop', crop: crop(track) })
  vision.send({ type: 'crop', crop: crop('a', 0.9) })
  const first = identitySide(vision.address)
  const tracksOf = ({ taken }: typeof first) =>
    taken.map((message) => (message.type === 'crop' ? `${message.crop.track} ${message.crop.quality}` : message.type))
  await eventually(() => expect(tracksOf(first)).toEqual(['b 0.5', 'a 0.9']))
  const second = identitySide(vision.address)
  await eventually(() => expect(first.failure()).toContain('another identity process'))
  first.close()
  second.send(watch)
  await eventually(() => expect(vision.watched()).toEqual(watch))
  vision.send({ type: 'crop', crop: crop('c') })
  await eventually(() => expect(tracksOf(second)).toEqual(['c 0.5']))
  second.close()
  await eventually(() => expect(vision.watched().video, 'nobody is there').toEqual([]))
})

test('a best shot that was sent and not taken comes again, and a better one of its track instead', async () => {
  const vision = await visionSide()
  for (const track of ['a', 'b']) vision.send({ type: 'crop', crop: crop(track) })
  const { hello, confirm } = ask(meeting)
  const socket = new WebSocket(vision.address)
  onTestFinished(() => socket.terminate())
  let messages = 0
  socket.on('open', () => socket.send(hello))
  socket.on('message', (data: Buffer) => {
    if (messages++ === 0) socket.send(confirm(data.toString()).confirmation)
  })
  await eventually(() => expect(messages, 'the answer and two crops').toBe(3))
  vision.send({ type: 'crop', crop: crop('a', 0.9) })
  socket.terminate()
  const identity = identitySide(vision.address)
  const taken = () =>
    identity.taken.map((each) => (each.type === 'crop' ? `${each.crop.track} ${each.crop.quality}` : each.type))
  await eventually(() => expect(taken().toSorted()).toEqual(['a 0.9', 'b 0.5']))
  expect(identity.taken).toEqual(expect.arrayContaining([{ type: 'crop', crop: crop('b') }]))
})

test.each([
  ['another key', { key: randomBytes(32) }],
  ['another site', { site: 'bank' }],
  ['another process', { owner: 'vision-b' }],
])('nobody with %s is given anything', async (_, other) => {
  const vision = await visionSide()
  vision.send({ type: 'crop', crop: crop('t') })
  const identity = identitySide(vision.address, other)
  await eventually(() => expect(identity.failure()).toContain('has another seam.kafka.sealingKey'))
  expect(identity.taken).toEqual([])
})

test('who proves nothing is closed and counted, and identity is served beside', async () => {
  const vision = await visionSide()
  const knock = async (...said: readonly string[]): Promise<number> => {
    const socket = new WebSocket(vision.address)
    onTestFinished(() => socket.terminate())
    socket.on('error', () => {})
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.on('open', () => {
      for (const text of said) socket.send(text)
    })
    return closed
  }
  const nonce = randomBytes(32).toString('base64')
  expect(await knock('nonsense')).toBe(4003)
  expect(await knock(JSON.stringify({ v: 2, nonce }))).toBe(4003)
  expect(await knock(JSON.stringify({ v: 1, nonce }), JSON.stringify({ proof: nonce }))).toBe(4003)
  expect(await knock('x'.repeat(2_000_000)), 'too long').toBe(1009)
  expect((await vision.metrics.link.refused.get()).values[0]?.value).toBe(3)
  const identity = identitySide(vision.address)
  await eventually(() => expect(identity.isConnected()).toBe(true))
})

test('what is repeated, left out or changed on its way cannot be opened', () => {
  const { hello, confirm } = ask(meeting)
  const { answer, accept } = answerTo(meeting, hello)
  const { session, confirmation } = confirm(answer)
  expect(accept(confirmation)).toEqual(session)
  const seal = sealing(session.seal.vision)
  const [first, second] = [seal(Buffer.from('first')), seal(Buffer.from('second'))]
  const read = (...sealed: readonly Buffer[]): string => {
    const open = opening(session.seal.vision)
    return sealed.map((each) => open(each).toString()).join()
  }
  expect(read(first, second)).toBe('first,second')
  expect(() => read(first, first)).toThrow('changed on its way')
  expect(() => read(second)).toThrow('changed on its way')
  expect(() => read(Buffer.from(first).fill(0, 2, 3))).toThrow('changed on its way')
  expect(() => read(Buffer.alloc(3))).toThrow('cut off')
})

test('a slow identity process is sent the newest still, video from a key unit on, and never more than fits', () => {
  const sent: LinkedFromVision[] = []
  const metrics = createMetrics(new Registry())
  const shown = createShown(
    (message) => void sent.push(decodeFromVision(Buffer.from(message))),
    createWaitingCrops(() => {}),
    metrics,
  )
  shown.watch(watch)
  const unit = (n: number, key: boolean) =>
    ({ type: 'unit', unit: { ...videoUnit({ n, key }), data: new Uint8Array(3_000_000) } }) as const
  for (let n = 0; n < 8; n++) shown.send(unit(n, n === 0 || n === 6))
  for (let seq = 0; seq < 4; seq++) shown.send({ type: 'picture', stamp: { ...stamp, seq }, jpeg: Uint8Array.of(1) })
  const units = () => sent.flatMap((message) => (message.type === 'unit' ? message.unit.n : []))
  const stills = () => sent.flatMap((message) => (message.type === 'picture' ? message.stamp.seq : []))
  expect(units(), 'one may be under way').toEqual([0])
  for (let count = 1; count < 9; count++) shown.took(count)
  expect(units(), 'what came before the newest key unit is left out').toEqual([0, 6, 7])
  expect(stills()).toEqual([0, 1, 3])
})

test('bytes that were made up or changed are an error, or a message of the size that its kind may have', () => {
  const whole = encodeFromVision({ type: 'unit', unit: videoUnit({ n: 1, key: true }) })
  const changed = fc
    .tuple(fc.nat(whole.length - 1), fc.nat(255))
    .map(([at, byte]) => Buffer.concat([whole.subarray(0, at), Buffer.of(byte), whole.subarray(at + 1)]))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)),
    changed,
  )
  fc.assert(
    fc.property(bytes, (given) => {
      for (const read of [decodeFromVision, decodeToVision])
        try {
          expect(read(given).type).toMatch(
            /^(picture|unit|noVideo|crop|figures|captured|tested|watch|capture|test|took)$/,
          )
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
    }),
    { numRuns: 300 },
  )
  const large = { ...crop('t'), jpeg: new Uint8Array(300_000) }
  expect(() => decodeFromVision(encodeFromVision({ type: 'crop', crop: large }))).toThrow('crop: it carries 300000')
})
