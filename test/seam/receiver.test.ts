import type { Kafka } from 'kafkajs'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { createLedger } from '../../src/seam/ledger.ts'
import { type SeamTarget, seamOptions } from '../../src/seam/options.ts'
import { openReceiver } from '../../src/seam/receiver.ts'
import { seamPlace } from '../../src/seam/topic.ts'
import { silent } from '../../src/silent-log.ts'
import { eventually } from '../support/eventually.ts'

/** Kafka as far as a receiver uses it: away three times, then there for a moment, then away. Says when it was asked for anything. */
const briefly = (topic: string) => {
  const askedMs: number[] = []
  const isThere = (): boolean => askedMs.length === 4 || askedMs.length === 5
  const admin = {
    connect: async () => {
      askedMs.push(performance.now())
      if (!isThere()) throw new Error('the brokers are away')
    },
    listTopics: async () => [topic],
    fetchOffsets: async () => [],
    disconnect: async () => undefined,
  }
  const consumer = () => {
    const hear = new Map<string, (event: { payload: object }) => void>()
    return {
      events: { CRASH: 'crash', GROUP_JOIN: 'join' },
      on: (event: string, heard: (event: { payload: object }) => void) => void hear.set(event, heard),
      connect: async () => undefined,
      subscribe: async () => undefined,
      disconnect: async () => undefined,
      run: async () => {
        hear.get('join')?.({ payload: { memberAssignment: { [topic]: [0] } } })
        hear.get('crash')?.({ payload: { error: new Error('the connection is lost') } })
      },
    }
  }
  return { askedMs, kafka: { admin: () => admin, consumer } as unknown as Kafka }
}

test('the pauses between tries begin anew once the group was reached', async () => {
  const options = seamOptions.parse({ kafka: { brokers: ['127.0.0.1:1'] } }).kafka as SeamTarget
  const place = seamPlace('hall', options, silent)
  const { askedMs, kafka } = briefly(place.topic)
  const receiver = openReceiver(
    { ...place, kafka },
    {
      ledger: createLedger([], () => 0),
      isKept: false,
      take: () => undefined,
      room: () => null,
      onFatal: (error) => expect.unreachable(String(error)),
      metrics: createMetrics(new Registry()),
      log: silent,
    },
  )
  onTestFinished(() => receiver.close())
  await eventually(() => expect(askedMs.length).toBeGreaterThan(5))
  // Of the fifth time it is asked whose the faces are.
  const [, , third = 0, fourth = 0, fifth = 0, sixth = 0] = askedMs
  expect(fourth - third).toBeGreaterThan(700)
  expect(sixth - fifth).toBeLessThan(600)
})
