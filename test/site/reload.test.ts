import { expect, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { changedKeys, reload } from '../../src/site/reload.ts'

const config = (given: object = {}) => configSchema.parse(given)
const door = { url: 'rtsp://127.0.0.1/a' }

test('names the keys that differ; a camera is one', () => {
  const before = config({ cameras: { door, hall: door } })
  expect(changedKeys(before, before)).toEqual([])
  const next = config({
    cameras: { door: { ...door, maxFps: 3 }, yard: door },
    sinks: { kafka: { brokers: ['a:1'] } },
    log: { level: 'debug' },
  })
  expect(changedKeys(before, next)).toEqual([
    'cameras.door',
    'cameras.hall',
    'cameras.yard',
    'sinks.kafka.brokers',
    'log.level',
  ])
})

test('what the server refuses leaves the rest as it was', async () => {
  const done: string[] = []
  const parts = {
    outputs: {
      reopen: async () => void done.push('reopened'),
      reloadServer: (): readonly string[] => {
        if (done.length === 0) throw new Error('the key does not fit')
        return ['http.auth.tokens']
      },
    },
    setLogLevel: (level: string) => void done.push(level),
    rules: { replace: (rules: object) => void done.push(...Object.keys(rules)) },
    cameras: { reload: () => ['cameras.yard (added)'] },
  }
  const started = config({ sinks: { events: 'e.jsonl' } })
  const next = config({
    sinks: { events: 'e.jsonl' },
    log: { level: 'warn' },
    site: 'other',
    cameras: { yard: door },
    rules: { home: { who: 'Ada' } },
  })
  await expect(reload(parts, started, next)).rejects.toThrow('does not fit')
  expect(done).toEqual([])
  done.push('begun')
  expect(await reload(parts, started, next)).toEqual({
    reread: ['cameras.yard (added)', 'log.level', 'rules', 'http.auth.tokens', 'sinks.events (opened again)'],
    restart: ['site'],
  })
  expect(done).toEqual(['begun', 'warn', 'home', 'reopened'])
  // Recordings are read as they were named.
  expect((await reload({ ...parts, cameras: null }, started, next)).restart).toEqual(['site', 'cameras.yard'])
})
