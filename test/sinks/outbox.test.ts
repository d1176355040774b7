import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { silent } from '../../src/silent-log.ts'
import type { EventLog } from '../../src/sinks/event-queue.ts'
import { createOutbox, type OutboxOptions } from '../../src/sinks/outbox.ts'
import { SinkGone } from '../../src/sinks/sink.ts'
import type { Log } from '../../src/types.ts'

const event = (type: string, id: string, sequence?: number) => ({ type, id, data: { sequence } }) as RollcallEvent
const frame = (id: string) => event('rollcall.frame.v1', id)
const person = (sequence: number) => event('rollcall.person.created.v1', `p${sequence}`, sequence)
const camera = (id: string) => event('rollcall.camera.online.v1', id)

/** The store's log of events about people, as far as they were committed. */
const logOf = (committed: RollcallEvent[], published = 0): EventLog => {
  const sequenceOf = ({ data }: RollcallEvent): number | null => ('sequence' in data ? (data.sequence ?? null) : null)
  const after = (sequence: number) => committed.filter((each) => (sequenceOf(each) ?? 0) > sequence)
  return {
    published,
    sequenceOf,
    after: (sequence, most) => after(sequence).slice(0, most),
    countAfter: (sequence) => after(sequence).length,
  }
}

const setUp = (overrides: Partial<OutboxOptions> = {}) => {
  const published: string[][] = []
  const dropped: string[] = []
  const delivered: string[] = []
  const said: string[] = []
  const gone: unknown[] = []
  const pauses: number[] = []
  let gate = Promise.withResolvers<void>()
  let timer = Promise.withResolvers<void>()
  const say = (fields: object, text: string): void => void said.push(`${text} ${JSON.stringify(fields)}`)
  const log: Log = { debug: () => {}, info: say, warn: say, error: say }
  const sink = {
    name: 'gated',
    publish: async (events: readonly RollcallEvent[]) => {
      published.push(events.map(({ id }) => id))
      await gate.promise
    },
    close: async () => void published.push(['closed']),
  }
  const outbox = createOutbox(sink, {
    capacity: 3,
    mayDrop: new Set(['frames']),
    kept: null,
    giveUpAfterMs: null,
    onDrop: ({ id }) => dropped.push(id),
    onDelivered: (events) => delivered.push(...events.map(({ id }) => id)),
    onFailure: () => undefined,
    onGone: (error) => gone.push(error),
    log,
    pause: async (ms, signal) => {
      pauses.push(ms)
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      await Promise.race([timer.promise, aborted])
    },
    ...overrides,
  })
  const settle = () => new Promise(setImmediate)
  /** Lets the publish that waits succeed or fail. */
  const open = async (error?: Error): Promise<void> => {
    if (error) gate.reject(error)
    else gate.resolve()
    gate = Promise.withResolvers()
    await settle()
  }
  /** Ends every pause. */
  const later = async (): Promise<void> => {
    timer.resolve()
    timer = Promise.withResolvers()
    await settle()
  }
  return { outbox, published, dropped, delivered, said, gone, pauses, open, later, settle }
}

const settled = async (promise: Promise<void>): Promise<boolean> => {
  let isSettled = false
  void promise.then(
    () => (isSettled = true),
    () => (isSettled = true),
  )
  await new Promise(setImmediate)
  return isSettled
}

describe('an outbox in front of a sink that works', () => {
  it('publishes in order, one batch at a time', async () => {
    const { outbox, published, open } = setUp()
    await outbox.push([frame('a')])
    await outbox.push([frame('b')])
    await outbox.push([frame('c')])
    expect(published).toEqual([['a']])
    await open()
    expect(published).toEqual([['a'], ['b', 'c']])
  })

  it('drops the oldest frames of a slow sink, never people, and counts them', async () => {
    const { outbox, published, dropped, open } = setUp()
    await outbox.push([frame('a')])
    await outbox.push([person(1), frame('b'), frame('c'), frame('d'), frame('e')])
    expect(dropped).toEqual(['b', 'c'])
    await open()
    expect(published[1]).toEqual(['p1', 'd', 'e'])
  })

  it('makes whoever pushes wait when nothing may be dropped', async () => {
    const { outbox, dropped, open } = setUp({ mayDrop: new Set() })
    await outbox.push([frame('a')])
    const push = outbox.push(['b', 'c', 'd', 'e'].map(frame))
    expect(await settled(push)).toBe(false)
    expect(outbox.size()).toBe(5)
    await open()
    expect(await settled(push)).toBe(true)
    expect(dropped).toEqual([])
  })

  it('delivers what waits before it closes the sink', async () => {
    const { outbox, published, open } = setUp()
    await outbox.push([frame('a')])
    await outbox.push([frame('b')])
    const closed = outbox.close()
    await open()
    await open()
    await closed
    expect(published).toEqual([['a'], ['b'], ['closed']])
  })
})

describe('an outbox in front of a sink that fails', () => {
  it('publishes the same batch again until the sink has it, with growing pauses; nothing is passed over', async () => {
    const { outbox, published, delivered, said, pauses, open, later } = setUp()
    await outbox.push([person(1)])
    await outbox.push([person(2)])
    await open(new Error('disk full'))
    expect(outbox.failure()).toBe('disk full')
    await later()
    await open(new Error('disk still full'))
    expect(outbox.failure()).toBe('disk still full')
    expect(delivered).toEqual([])
    await later()
    await open()
    await open()
    expect(published).toEqual([['p1'], ['p1'], ['p1'], ['p2']])
    expect([delivered, pauses, outbox.failure()]).toEqual([['p1', 'p2'], [100, 200], null])
    expect(said).toEqual([
      'sink takes no events; they wait for it {"sink":"gated","error":"disk full"}',
      'sink takes events again {"sink":"gated"}',
    ])
  })

  it('tries at once when its file is opened again', async () => {
    const { outbox, published, open, settle } = setUp()
    await outbox.push([person(1)])
    await open(new Error('disk full'))
    await outbox.reopen()
    await settle()
    expect(published).toEqual([['p1'], ['p1']])
  })

  it('leaves people to the log when memory is full, and reads them again in order, none twice', async () => {
    const committed: RollcallEvent[] = []
    const { outbox, published, delivered, dropped, open, later } = setUp({ kept: logOf(committed) })
    const push = async (...events: RollcallEvent[]): Promise<void> => {
      committed.push(...events.filter(({ type }) => type.startsWith('rollcall.person')))
      await outbox.push(events)
    }
    await push(person(1))
    await open(new Error('disk full'))
    // Nobody waits, whatever comes.
    await push(person(2), camera('c1'), person(3), person(4), person(5))
    await push(frame('a'), person(6))
    expect(outbox.size()).toBeLessThan(5)
    await later()
    await open()
    await open()
    // Committed before the log was read to its end, pushed after.
    expect(published.at(-1)).toEqual(['c1', 'a'])
    await push(person(7))
    await open()
    await open()
    expect(delivered).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'c1', 'a', 'p7'])
    expect(dropped).toEqual([])
  })

  it('takes an event that the log gave already for a repeat', async () => {
    const committed = [person(4), person(5)]
    const { outbox, delivered, open } = setUp({ kept: logOf(committed, 4) })
    outbox.start()
    await open()
    await outbox.push([person(5), person(6)])
    await open()
    expect(delivered).toEqual(['p5', 'p6'])
  })

  it('begins with what an earlier run could not deliver', async () => {
    const { outbox, delivered, open } = setUp({ kept: logOf([person(4), person(5)], 4) })
    await outbox.push([frame('a')])
    await open()
    await open()
    expect(delivered).toEqual(['p5', 'a'])
  })

  it('keeps the order of recordings: the log first, then all else as it was made', async () => {
    const committed = [person(5)]
    const { outbox, published, open } = setUp({ mayDrop: new Set(), kept: logOf(committed, 4) })
    committed.push(person(6))
    void outbox.push([frame('a'), person(6), frame('b'), frame('c')])
    await open()
    expect(published.flat()).toEqual(['p5', 'a', 'p6', 'b', 'c'])
  })
})

describe('an outbox that ends', () => {
  it('gives up a sink that refuses recordings for too long, and says so to whoever runs it', async () => {
    const { outbox, gone, open, later } = setUp({ mayDrop: new Set(), giveUpAfterMs: 300 })
    await outbox.push([frame('a')])
    for (let attempt = 0; attempt < 3; attempt++) {
      await open(new Error(`full ${attempt}`))
      await later()
    }
    expect(gone).toEqual([new Error('full 2')])
    await outbox.push([frame('b'), frame('c'), frame('d'), frame('e'), frame('f')])
    await outbox.close()
  })

  it('tries no more when its reader has gone', async () => {
    const { outbox, published, gone, open } = setUp()
    await outbox.push([frame('a')])
    const error = new SinkGone('its reader has gone', { remedy: '', cause: null })
    await open(error)
    await outbox.push([frame('b')])
    await outbox.close()
    expect([published, gone]).toEqual([[['a'], ['closed']], [error]])
  })

  it('lets go of whoever waits to push once the process is ending', async () => {
    const { outbox } = setUp({ mayDrop: new Set() })
    await outbox.push([frame('a')])
    const push = outbox.push(['b', 'c', 'd', 'e'].map(frame))
    outbox.finish()
    expect(await settled(push)).toBe(true)
  })

  it('closes in time when the sink fails, and names what is kept and what is lost', async () => {
    const kept = logOf([person(1)])
    const { outbox, published, said, open, later } = setUp({ kept })
    await outbox.push([person(1), camera('c'), frame('a')])
    await open(new Error('disk full'))
    const closed = outbox.close()
    expect(await settled(closed)).toBe(false)
    await later()
    await closed
    expect(published.at(-1)).toEqual(['closed'])
    expect(said.at(-1)).toMatch(/not all events could be delivered.*"kept":1,"people":0,"others":2,"error":"disk full"/)
  })

  it('closes in time when the sink hangs', async () => {
    const { outbox, later } = setUp({ kept: logOf([person(1)]) })
    await outbox.push([person(1)])
    const closed = outbox.close()
    await later()
    await closed
  })

  it('rejects when events about people are lost because they are kept nowhere', async () => {
    const { outbox, open, later } = setUp()
    await outbox.push([person(1), frame('a')])
    await open(new Error('disk full'))
    const refused = expect(outbox.close()).rejects.toMatchObject({
      code: 'SINK',
      message: expect.stringContaining('1 could not'),
    })
    await later()
    await refused
  })

  it('rejects when a recording that is stopped leaves events behind', async () => {
    const { outbox, later } = setUp({ mayDrop: new Set(), giveUpAfterMs: 10_000 })
    await outbox.push([frame('a')])
    const closed = outbox.close()
    const refused = expect(closed).rejects.toMatchObject({ code: 'SINK' })
    expect(await settled(closed)).toBe(false)
    outbox.finish()
    await later()
    await refused
  })

  it('ends the run when the log cannot be read', async () => {
    const broken = {
      ...logOf([], 0),
      countAfter: () => 1,
      after: () => {
        throw new Error('damaged')
      },
    }
    const { outbox, gone, settle } = setUp({ kept: broken })
    outbox.start()
    await settle()
    expect(gone).toEqual([new Error('damaged')])
    await outbox.close()
  })
})

/** The loop that publishes ends in some microtask: an event that comes in any of those around it must not be left lying. */
it.each(Array.from({ length: 12 }, (_, i) => i))(
  'publishes what comes %i microtasks after the last event',
  async (microtasks) => {
    const published: string[] = []
    const sink = {
      name: 'quick',
      publish: async (events: readonly RollcallEvent[]) => void published.push(...events.map(({ id }) => id)),
      close: async () => undefined,
    }
    const nothing = (): void => undefined
    const outbox = createOutbox(sink, {
      capacity: 3,
      mayDrop: new Set(),
      kept: null,
      giveUpAfterMs: null,
      onDrop: nothing,
      onFailure: nothing,
      onGone: nothing,
      log: silent,
    })
    void outbox.push([camera('a')])
    for (let i = 0; i < microtasks; i++) await Promise.resolve()
    void outbox.push([camera('b')])
    await new Promise((resolve) => setImmediate(resolve))
    expect(published).toEqual(['a', 'b'])
    await outbox.close()
  },
)
