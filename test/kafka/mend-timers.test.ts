import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { kafkaClient } from '../../src/kafka/client.ts'
import type { RequestQueue } from '../../src/kafka/mend-timers.ts'
import { silent } from '../../src/silent-log.ts'
import { type KafkaTarget, kafkaOptions } from '../../src/sinks/kafka/options.ts'

/** kafkajs's own queue of one connection; `sent` are the requests that it let out. */
const openQueue = () => {
  const Queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
    options: object,
  ) => RequestQueue & { throttledUntil: number; pending: object[]; maybeThrottle(ms: number): void }
  const sent: object[] = []
  const queue = new Queue({ maxInFlightRequests: null, requestTimeout: 1000, logger: silent, isConnected: () => true })
  Object.assign(queue, { sendSocketRequest: (request: object) => sent.push(request) })
  return { queue, sent }
}

describe('the timers of kafkajs', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are not set while nothing waits, throttled or not', () => {
    const { queue } = openQueue()
    queue.checkPendingRequests()
    queue.maybeThrottle(500)
    queue.checkPendingRequests()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('let requests out when the broker no longer throttles, and not before', () => {
    const { queue, sent } = openQueue()
    queue.maybeThrottle(500)
    queue.pending.push({})
    queue.checkPendingRequests()
    vi.advanceTimersByTime(499)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(20)
    expect(sent).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a connection to a broker', () => {
  it('prints no TimeoutNegativeWarning', async () => {
    const warned: string[] = []
    const note = ({ name }: Error): void => void warned.push(name)
    process.on('warning', note)
    onTestFinished(() => void process.off('warning', note))
    // A broker that answers the first request, which asks for its versions, with an error, and then goes.
    const answered = Promise.withResolvers<void>()
    const server = createServer((socket: Socket) => {
      socket.once('data', (request) => {
        const answer = Buffer.alloc(14)
        answer.writeInt32BE(10, 0)
        request.copy(answer, 4, 8, 12)
        answer.writeInt16BE(35, 8)
        socket.end(answer, () => answered.resolve())
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    const options = kafkaOptions.parse({ brokers: [`127.0.0.1:${port}`] }) as KafkaTarget
    const admin = kafkaClient(options, silent).admin()
    await expect(admin.connect()).rejects.toThrow()
    await admin.disconnect()
    await answered.promise
    await turn()
    expect(warned).toEqual([])
  })
})
