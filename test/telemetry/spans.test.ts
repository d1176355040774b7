import { execFileSync } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { telemetryOptions } from '../../src/telemetry/options.ts'
import { openBatchTraces, openSiteTraces } from '../../src/telemetry/traces.ts'
import type { Faces, Log } from '../../src/types.ts'
import { personCreated } from '../sinks/events.ts'
import { openCollector } from './collector.ts'

const lines: string[] = []
const write = (_: object, message: string): void => void lines.push(message)
const log: Log = { debug: write, info: write, warn: write, error: write }
const traced = { site: 'site', process: 'vision-1', log }

const open = async (endpoint: string | null, sample: number) => {
  const owner = new AsyncDisposableStack()
  onTestFinished(() => owner.disposeAsync())
  const { traces } = telemetryOptions.parse({ traces: { endpoint, sample } })
  const batches = await openBatchTraces(traces, traced, owner)
  const site = await openSiteTraces(traces, { ...traced, process: 'main' }, owner)
  return { batches, site, flush: () => owner.disposeAsync() }
}

const frameAt = (seq: number, camera = 'door') =>
  ({
    camera,
    stream: 's1',
    seq,
    capturedAtMs: Date.now() - 50,
    clock: 'camera',
    received: { arrivedAtMs: Date.now() - 20, unitArrivedAtMs: Date.now() - 40, ntpAtMs: Date.now() - 50 },
  }) as const

test('a batch of several frames is in the trace of the first and linked with the others', async () => {
  const collector = await openCollector()
  const { batches, flush } = await open(collector.endpoint, 1)
  const frames = [frameAt(1), frameAt(1, 'hall'), frameAt(1, 'yard')]
  const batch = batches?.begin(frames)
  await batch?.stage('detect', async () => 'found')
  await expect(batch?.stage('embed', () => Promise.reject(new Error('Ada Lovelace')))).rejects.toThrow()
  expect(batch?.traceparent(frameAt(1))).toBeUndefined()
  const [first = '', ...others] = frames.map((frame) => batch?.traceparent(frame)?.split('-')[1])
  batch?.end()
  await flush()

  const of = (name: string) => collector.spans.filter((span) => span.name === name)
  expect(of('frame').map(({ traceId }) => traceId)).toEqual([first, ...others])
  const steps = ['capture', 'decode', 'wait'].map((name) => of(name)[0])
  for (const [i, step] of steps.slice(1).entries()) expect(step?.startTimeUnixNano).toBe(steps[i]?.endTimeUnixNano)
  expect(steps.map((step) => step?.parentSpanId)).toEqual(steps.map(() => of('frame')[0]?.spanId))
  const [one] = of('batch')
  expect([one?.traceId, one?.links?.map(({ traceId }) => traceId)]).toEqual([first, others])
  const linked = of('frame')
    .slice(1)
    .map(({ links }) => links?.map(({ spanId }) => spanId))
  expect(linked).toEqual([[one?.spanId], [one?.spanId]])
  expect(of('detect')[0]?.status.code ?? 0).toBe(0)
  expect(of('embed')[0]?.status).toEqual({ code: 2 })
  expect(collector.bodies.join()).not.toContain('Lovelace')
})

test('frames are chosen by the share; what is not traced is done all the same', async () => {
  const collector = await openCollector()
  const { batches, site, flush } = await open(collector.endpoint, 0)
  expect(batches?.begin([frameAt(1), frameAt(2)])).toBeNull()
  expect(site?.identify({} as Faces, () => 7)).toBe(7)
  expect(site?.identify({ traceparent: 'made up' } as Faces, () => 8)).toBe(8)
  site?.committed({} as Faces)
  let published = 0
  await site?.publish('jsonl', [personCreated('p1', 'door')], async () => void published++)
  await flush()
  expect([published, collector.spans]).toEqual([1, []])
})

test('events of two frames are published once, in a span of each', async () => {
  const collector = await openCollector()
  const { site, flush } = await open(collector.endpoint, 1)
  const parents = ['1', '2'].map((n) => [n.repeat(32), n.repeat(16)] as const)
  const events = parents.flatMap(([trace, span]) => {
    const event = { ...personCreated('p1', 'door'), traceparent: `00-${trace}-${span}-01` }
    return [event, event]
  })
  let published = 0
  await site?.publish('kafka', events, async () => void published++)
  await flush()
  expect(published).toBe(1)
  const told = collector.spans.map(({ name, traceId, parentSpanId }) => [name, traceId, parentSpanId].join(' '))
  expect(told.toSorted()).toEqual(parents.map(([trace, span]) => `publish kafka ${trace} ${span}`))
})

test('a collector that refuses is told of once, and costs nothing but the spans', async () => {
  lines.length = 0
  const collector = await openCollector(400)
  const { batches, flush } = await open(collector.endpoint, 1)
  batches?.begin([frameAt(1)])?.end()
  await flush()
  expect(lines).toEqual(['traces do not reach the collector: they are lost'])
})

test('nothing is traced by default, and an address with a password is refused', async () => {
  const { batches, site } = await open(null, 1)
  expect([batches, site, telemetryOptions.parse({}).traces.endpoint]).toEqual([null, null, null])
  const refused = telemetryOptions.safeParse({ traces: { endpoint: 'http://ada:secret@127.0.0.1:4318' } })
  expect(refused.error?.message).toContain('OTEL_EXPORTER_OTLP_HEADERS')
})

test('a picture of a camera whose clock is wrong begins when it is decoded', async () => {
  const collector = await openCollector()
  const { batches, flush } = await open(collector.endpoint, 1)
  for (const offMs of [-3_600_000, 3_600_000])
    batches?.begin([{ ...frameAt(1), capturedAtMs: Date.now() + offMs }])?.end()
  await flush()
  const lengths = collector.spans
    .filter(({ name }) => name === 'frame')
    .map(({ startTimeUnixNano: start, endTimeUnixNano: end }) => BigInt(end) - BigInt(start))
  expect(lengths).toHaveLength(2)
  for (const length of lengths) expect(length > 0n && length < 60_000_000_000n).toBe(true)
  expect(collector.spans.map(({ name }) => name)).not.toContain('capture')
})

/** Runs a module and gives the number of files of OpenTelemetry's SDK that it has loaded: prom-client loads the bare API. */
const loadedBy = (code: string): number => {
  const count = `import { createRequire } from 'node:module'
    ${code}
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => /@opentelemetry.(?!api)/.test(file)).length)`
  const cwd = new URL('../..', import.meta.url)
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', count], { cwd, encoding: 'utf8' }))
}

test('OpenTelemetry is loaded only where an endpoint is set', () => {
  const opens = (endpoint: string) => `
    await Promise.all(['site/run.ts', 'worker/open-work.ts', 'telemetry/options.ts'].map((file) => import('./src/' + file)))
    const { openBatchTraces, openSiteTraces } = await import('./src/telemetry/traces.ts')
    for (const open of [openBatchTraces, openSiteTraces])
      await open({ endpoint: ${endpoint}, sample: 1 }, {}, new AsyncDisposableStack())`
  expect(loadedBy(opens('null'))).toBe(0)
  expect(loadedBy(opens('"http://127.0.0.1:1"'))).toBeGreaterThan(10)
})
