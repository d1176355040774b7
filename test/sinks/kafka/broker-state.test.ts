import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { RollcallError } from '../../../src/errors.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { createBrokerState } from '../../../src/sinks/kafka/broker-state.ts'
import { type KafkaTarget, kafkaOptions } from '../../../src/sinks/kafka/options.ts'

const setUp = () => {
  const said: string[] = []
  const say = (_: object, text: string): void => void said.push(text)
  const log = { debug: say, info: say, warn: say, error: say }
  const metrics = createMetrics(new Registry())
  const options = kafkaOptions.parse({ brokers: ['127.0.0.1:1'] }) as KafkaTarget
  const state = createBrokerState(options, { metrics, log, time: { nowMs: () => 0 } })
  const connected = async () => (await metrics.kafka.connected.get()).values[0]?.value
  return { state, said, connected }
}

test('what one lane delivers does not clear what the other is denied', async () => {
  const { state, said, connected } = setUp()
  state.onSent('kept', [], 0.1, true)
  state.onFailure('droppable', 'denied', new Error('not authorised for frames'))
  for (let round = 0; round < 3; round++) {
    state.onSent('kept', [], 0.1, true)
    state.onFailure('droppable', 'denied', new Error('not authorised for frames'))
  }
  expect([state.denials(), await connected()]).toEqual([['not authorised for frames'], 0])
  expect(said).toEqual(['kafka takes events', 'kafka takes no events until this is changed'])
  state.onSent('droppable', [], 0.1, true)
  expect([state.denials(), await connected()]).toEqual([[], 1])
  expect(said.at(-1)).toBe('kafka takes events')
})

test('brokers that are away are said once for both lanes, and back once both deliver', () => {
  const { state, said } = setUp()
  for (const lane of ['kept', 'droppable', 'kept'] as const) state.onFailure(lane, 'away', new Error('refused'))
  state.onSent('kept', [], 0.1, true)
  state.onSent('droppable', [], 0.1, true)
  expect(said.filter((each) => each.startsWith('kafka is away'))).toHaveLength(1)
  expect(said.at(-1)).toBe('kafka takes events')
})

test('an error of ours, such as a missing topic, is a denial with its remedy', () => {
  const { state } = setUp()
  state.onFailure('kept', 'away', new RollcallError('SINK', 'there is no topic', { remedy: 'Create it.' }))
  expect(state.denials()).toEqual(['SINK: there is no topic — Create it.'])
})
