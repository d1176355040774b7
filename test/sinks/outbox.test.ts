import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createOutbox, type OutboxOptions } from '../../src/sinks/outbox.ts'
import type { Log } from '../../src/types.ts'

const event = (type: string, id: string) => ({ type, id }) as RollcallEvent
const frame = (id: string) => event('rollcall.frame.v1', id)
const person = (id: string) => event('rollcall.person.created.v1', id)

const setUp = (overrides: Partial<OutboxOptions> = {}) => {
  const published: string[][] = []
  const dropped: string[] = []
  const failed: string[] = []
  const warned: string[] = []
  let gate = Promise.withResolvers<void>()
  const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: (_, text) => void warned.push(text) }
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
    onDrop: ({ id }) => dropped.push(id),
    onFailure: (events) => failed.push(...events.map(({ id }) => id)),
    log,
    ...overrides,
  })
  const open = (error?: Error): void => {
    if (error) gate.reject(error)
    else gate.resolve()
    gate = Promise.withResolvers()
  }
  return { outbox, published, dropped, failed, warned, open }
}

const settled = async (promise: Promise<void>): Promise<boolean> => {
  let isSettled = false
  void promise.then(() => (isSettled = true))
  await new Promise(setImmediate)
  return isSettled
}

describe('createOutbox', () => {
  it('publishes in order, one batch at a time', async () => {
    const { outbox, published, open } = setUp()
    await outbox.push([frame('a')])
    await outbox.push([frame('b')])
    await outbox.push([frame('c')])
    expect(published).toEqual([['a']])
    open()
    await new Promise(setImmediate)
    expect(published).toEqual([['a'], ['b', 'c']])
  })

  it('drops the oldest frames of a slow sink, never people, and counts them', async () => {
    const { outbox, published, dropped, open } = setUp()
    await outbox.push([frame('a')])
    await outbox.push([person('p'), frame('b'), frame('c'), frame('d'), frame('e')])
    expect(dropped).toEqual(['b', 'c'])
    open()
    await new Promise(setImmediate)
    expect(published[1]).toEqual(['p', 'd', 'e'])
  })

  it('makes whoever pushes wait when nothing may be dropped', async () => {
    const { outbox, dropped, open } = setUp({ mayDrop: new Set() })
    await outbox.push([frame('a')])
    const push = outbox.push(['b', 'c', 'd', 'e'].map(frame))
    expect(await settled(push)).toBe(false)
    expect(outbox.size()).toBe(5)
    open()
    await new Promise(setImmediate)
    open()
    expect(await settled(push)).toBe(true)
    expect(dropped).toEqual([])
  })

  it('tells of a failing sink once, hands over what was lost, and goes on', async () => {
    const { outbox, failed, warned, published, open } = setUp()
    await outbox.push([frame('a')])
    await outbox.push([frame('b')])
    open(new Error('disk full'))
    await new Promise(setImmediate)
    open(new Error('disk full'))
    await new Promise(setImmediate)
    expect(failed).toEqual(['a', 'b'])
    expect(warned).toHaveLength(1)
    await outbox.push([frame('c')])
    expect(published.at(-1)).toEqual(['c'])
  })

  it('delivers what waits before it closes the sink', async () => {
    const { outbox, published, open } = setUp()
    await outbox.push([frame('a')])
    await outbox.push([frame('b')])
    const closed = outbox.close()
    open()
    await new Promise(setImmediate)
    open()
    await closed
    expect(published).toEqual([['a'], ['b'], ['closed']])
  })
})
