import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { batchAfter, type EventBatch } from '../../../src/sinks/websocket/event-batch.ts'
import { EventConsumer } from '../../../src/sinks/websocket/event-consumer.ts'
import { InFlightWindow } from '../../../src/sinks/websocket/in-flight-window.ts'
import type { ServerMessage, Subscribe } from '../../../src/sinks/websocket/protocol.ts'
import { createReplayBuffer } from '../../../src/sinks/websocket/replay-buffer.ts'
import { createSnapshotCache } from '../../../src/sinks/websocket/snapshot-cache.ts'
import { frameEvent, frameFace, personCreated, sightingStarted } from '../events.ts'

/** The texts of unmasked frames of less than 64 KiB, one after the other. */
const parse = (frames: Buffer): ServerMessage[] => {
  const messages: ServerMessage[] = []
  for (let at = 0; at < frames.length; ) {
    const isShort = (frames[at + 1] as number) < 126
    const from = at + (isShort ? 2 : 4)
    at = from + (isShort ? frames.readUInt8(at + 1) : frames.readUInt16BE(at + 2))
    messages.push(JSON.parse(frames.subarray(from, at).toString()) as ServerMessage)
  }
  return messages
}

const eventOf = (i: number): RollcallEvent =>
  i % 3 === 0
    ? frameEvent(i % 2 ? 'door' : 'yard', i, [frameFace('p1', 0, 0, 1, 1)])
    : i % 3 === 1
      ? sightingStarted(`p${i % 4}`, i % 2 ? 'door' : 'yard', i)
      : personCreated(`p${i}`, 'door')

const filters: readonly Omit<Subscribe, 'type'>[] = [
  {},
  { topics: ['sightings'] },
  { cameras: ['door'] },
  { people: ['p1', 'p2'] },
  { topics: ['frames', 'people'], cameras: ['yard'] },
]

/** One client over many connections: it remembers what it got, and resumes from there. */
const createReader = (
  replay: ReturnType<typeof createReplayBuffer>,
  wanted: Omit<Subscribe, 'type'>,
  clock: () => number,
) => {
  const got: number[] = []
  const reasons: string[] = []
  let last: { epoch: string; seq: number } | undefined
  let connection: ReturnType<typeof connect> | undefined

  const connect = () => {
    const inFlight = new InFlightWindow(65_536, 1000)
    const inbox: ServerMessage[] = []
    const consumer = new EventConsumer({
      replay,
      epoch: 'run',
      inFlight,
      maxAgeMs: 1000,
      snapshot: createSnapshotCache(replay, () => ({ cameras: [], people: [], aliases: {}, sightings: [] })),
      resolve: (id) => id,
      nowMs: clock,
      ageMs: clock,
      send: (frames) => void inbox.push(...parse(frames)),
      tell: (message) => void inbox.push(message),
      onSnapshot: () => {},
      onDrop: () => {},
    })
    consumer.subscribe({ type: 'subscribe', ...wanted, ...(last && { after: last }) })
    return { consumer, inFlight, inbox }
  }

  /** Reads so many messages of those that have arrived, and acknowledges them. */
  const read = (count: number): void => {
    if (connection === undefined) return
    for (const message of connection.inbox.splice(0, count)) {
      if (message.type === 'snapshot') {
        reasons.push(message.reason)
        last = { epoch: message.epoch, seq: message.seq }
        // Everything up to here is in the snapshot.
        got.push(-message.seq)
      } else if (message.type === 'event') {
        got.push(message.seq)
        if (last) last.seq = message.seq
      }
    }
    if (last) connection.consumer.acknowledge(last.seq)
    if (connection.inbox.length === 0) connection.consumer.read(connection.inFlight.chunksSent)
    connection.consumer.pump()
  }

  return {
    got,
    reasons,
    read,
    pump: (batch: EventBatch | undefined) => connection?.consumer.pump(batch),
    reconnect: () => {
      connection = connect()
    },
    readAll: () => {
      for (let left = connection?.inbox.length ?? 0; left > 0; left = connection?.inbox.length ?? 0) read(left)
    },
  }
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), count: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reconnect' as const), count: fc.constant(0) }) },
)

/** Plays the steps and returns what the reader got, and what it should have. */
const play = (
  steps: readonly { do: 'publish' | 'read' | 'reconnect'; count: number }[],
  filter: number,
  replayBytes: number,
) => {
  const replay = createReplayBuffer(replayBytes)
  const wanted = filters[filter] ?? {}
  // Time stands still: how old things are is another test's matter.
  const reader = createReader(replay, wanted, () => 0)
  reader.reconnect()
  for (const each of steps) {
    if (each.do === 'read') reader.read(each.count)
    else if (each.do === 'reconnect') reader.reconnect()
    else {
      const { head } = replay
      for (let i = 0; i < each.count; i++) replay.add(eventOf(replay.head + 1), 0)
      reader.pump(batchAfter(head, replay, 0, 1000))
    }
  }
  reader.readAll()
  return { ...reader, replay, wanted }
}

const isWanted = (seq: number, { topics, cameras, people }: Omit<Subscribe, 'type'>): boolean => {
  const event = eventOf(seq)
  const topic = seq % 3 === 0 ? 'frames' : seq % 3 === 1 ? 'sightings' : 'people'
  const named = 'faces' in event.data ? ['p1'] : 'person' in event.data ? [event.data.person] : []
  const camera = 'camera' in event.data ? event.data.camera : null
  return (
    (topics === undefined || topics.includes(topic)) &&
    (cameras === undefined || camera === null || cameras.includes(camera)) &&
    (people === undefined || named.some((person) => people.includes(person)))
  )
}

test('whoever resumes misses no event and gets none twice, wherever the connection broke', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat({ max: filters.length - 1 }), (steps, filter) => {
      const { got, reasons, replay, wanted } = play(steps, filter, 10_000_000)
      // A connection that broke before its snapshot was read has nothing to resume from.
      expect(new Set(reasons)).toEqual(new Set(['subscribed']))
      const from = -(got.findLast((seq) => seq <= 0) ?? 0)
      const after = got.slice(got.findLastIndex((seq) => seq <= 0) + 1)
      const all = Array.from({ length: replay.head - from }, (_, i) => from + i + 1)
      expect(after).toEqual(all.filter((seq) => isWanted(seq, wanted)))
    }),
    { numRuns: 300, seed: 5 },
  )
})

test('with a buffer that is too small a snapshot takes the place of what is missing: never a silent gap', () => {
  let snapshots = 0
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      fc.nat({ max: filters.length - 1 }),
      (steps, filter) => {
        const { got, reasons, replay, wanted } = play(steps, filter, 12_000)
        snapshots += reasons.filter((reason) => reason === 'evicted' || reason === 'slow').length
        // From each snapshot or event to the next: nothing that was wanted lies between.
        let at = 0
        for (const each of [...got, -replay.head]) {
          if (each > 0) {
            const between = Array.from({ length: each - at - 1 }, (_, i) => at + i + 1)
            expect(
              between.filter((seq) => isWanted(seq, wanted)),
              `between ${at} and ${each}`,
            ).toEqual([])
          }
          at = Math.abs(each)
        }
      },
    ),
    { numRuns: 300, seed: 6 },
  )
  expect(snapshots, 'the buffer was too small at times').toBeGreaterThan(50)
})
