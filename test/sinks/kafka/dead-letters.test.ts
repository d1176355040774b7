import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { Topic } from '../../../src/events/types.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { createSetAside } from '../../../src/sinks/kafka/dead-letters.ts'
import { type KafkaTarget, kafkaOptions } from '../../../src/sinks/kafka/options.ts'
import { silent } from '../../site/site.ts'
import { scratchDirectory } from '../../support/footage.ts'

const setUp = () => {
  const directory = scratchDirectory()
  const options = kafkaOptions.parse({ brokers: ['127.0.0.1:1'], spool: { directory } }) as KafkaTarget
  const metrics = createMetrics(new Registry())
  const errors: string[] = []
  const log = { ...silent, error: (_: object, message: string) => void errors.push(message) }
  const aside = createSetAside(options, { metrics, log })
  const file = join(directory, 'dead-letters.jsonl')
  const message = (topic: Topic) => ({ topic, key: 'k', headers: { ce_id: 'e1' }, value: Buffer.from('{}') })
  const refused = async () => (await metrics.kafka.refused.get()).values.reduce((sum, { value }) => sum + value, 0)
  return { aside, file, message, refused, errors, error: new Error('too large') }
}

test('a full file keeps no more frames, but always what is about people', async () => {
  const { aside, file, message, errors, error } = setUp()
  writeFileSync(file, '')
  truncateSync(file, 64 * 2 ** 20)
  expect([await aside.keep(message('frames'), error), statSync(file).size]).toEqual([true, 64 * 2 ** 20])
  expect(await aside.keep(message('people'), error)).toBe(true)
  expect(readFileSync(file, 'utf8').slice(64 * 2 ** 20)).toContain('"topic":"people"')
  expect(errors).toEqual(['kafka refuses a frame; it is given up', 'kafka refuses an event for good; it is set aside'])
})

test('what is about people is not given up when the file cannot be written; a frame is', async () => {
  const { aside, file, message, refused, error } = setUp()
  mkdirSync(file)
  expect(await aside.keep(message('sightings'), error)).toBe(false)
  expect(aside.failure()).toMatch(/cannot be set aside: .*dead-letters.jsonl: it is a directory \(EISDIR\)/)
  expect([await aside.keep(message('frames'), error), await refused()]).toEqual([true, 1])
  expect(aside.failure(), 'the other lane waits on').toBeDefined()
  rmSync(file, { recursive: true })
  expect([await aside.keep(message('sightings'), error), aside.failure(), await refused()]).toEqual([
    true,
    undefined,
    2,
  ])
})
