import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createMetrics, type MetricsJson, mergeMetrics } from '../src/metrics.ts'
import { cameraStates } from '../src/types.ts'
import { eventually } from './support/eventually.ts'

const setUp = () => {
  const registry = new Registry()
  return { registry, metrics: createMetrics(registry) }
}

/** Parses an exposition: series to value; fails on a series that is there twice. */
const parse = (text: string): Map<string, number> => {
  const series = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [, name, labels, value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (name === undefined) throw new Error(`not a line of an exposition: ${line}`)
    const key = `${name}{${(labels ?? '').split(',').sort().join(',')}}`
    if (series.has(key)) throw new Error(`twice: ${key}`)
    series.set(key, Number(value))
  }
  return series
}

test('names follow the conventions of Prometheus', async () => {
  const { registry } = setUp()
  for (const { name, help, type } of await registry.getMetricsAsJSON()) {
    expect(help, name).not.toBe('')
    if (!name.startsWith('rollcall_')) continue
    const isCounter = String(type) === 'counter'
    expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(isCounter)
    expect(name, 'base units only').not.toMatch(/_(ms|us|milliseconds|kb)\b/i)
  }
})

test('the delay of the event loop is measured', async () => {
  const { registry } = setUp()
  await eventually(async () => {
    // The monitor's own timer has to tick once before and once after the block.
    await setTimeout(110)
    const started = performance.now()
    while (performance.now() - started < 260) {
      // Blocks the event loop: that is the subject of this test.
    }
    await setTimeout(110)
    const series = parse(await registry.metrics())
    expect(series.get('nodejs_eventloop_lag_max_seconds{}')).toBeGreaterThan(0.15)
  })
})

test('a camera is in exactly one state', async () => {
  const { registry, metrics } = setUp()
  metrics.setCameraState('door', 'online')
  metrics.setCameraState('door', 'offline')
  const states = [...parse(await registry.metrics())].filter(([name]) => name.startsWith('rollcall_camera_state{'))
  expect(states.filter(([, value]) => value === 1).map(([name]) => name)).toEqual([
    'rollcall_camera_state{camera="door",state="offline"}',
  ])
  expect(states).toHaveLength(cameraStates.length)
})

test('metrics of several processes merge without colliding, and a histogram survives', async () => {
  const main = setUp()
  const vision = [setUp(), setUp()] as const
  main.metrics.people.set(3)
  vision[0].metrics.framesAnalysed.inc({ camera: 'door' }, 5)
  vision[1].metrics.framesAnalysed.inc({ camera: 'door' }, 7)
  vision[0].metrics.stageDuration.observe({ stage: 'detect' }, 0.007)
  vision[0].metrics.stageDuration.observe({ stage: 'detect' }, 0.2)
  vision[1].metrics.stageDuration.observe({ stage: 'detect' }, 3)

  const others = new Map<string, MetricsJson>()
  for (const [i, { registry }] of vision.entries()) {
    others.set(`vision-${i}`, JSON.parse(JSON.stringify(await registry.getMetricsAsJSON())))
  }
  const text = await mergeMetrics(main.registry, others)
  const series = parse(text)

  expect(series.get('rollcall_people{process="main"}')).toBe(3)
  expect(series.get('rollcall_frames_analysed_total{camera="door",process="vision-0"}')).toBe(5)
  expect(series.get('rollcall_frames_analysed_total{camera="door",process="vision-1"}')).toBe(7)
  const bucket = (le: string, process: string) =>
    series.get(`rollcall_stage_duration_seconds_bucket{le="${le}",process="${process}",stage="detect"}`)
  expect([bucket('0.005', 'vision-0'), bucket('0.01', 'vision-0'), bucket('0.25', 'vision-0')]).toEqual([0, 1, 2])
  expect([bucket('2.5', 'vision-1'), bucket('+Inf', 'vision-1')]).toEqual([0, 1])
  expect(series.get('rollcall_stage_duration_seconds_count{process="vision-0",stage="detect"}')).toBe(2)
  expect(series.get('rollcall_stage_duration_seconds_sum{process="vision-0",stage="detect"}')).toBeCloseTo(0.207)
  // Each process keeps its own, also where prom-client would keep the first or none.
  for (const process of ['main', 'vision-0', 'vision-1']) {
    expect(series.has(`process_start_time_seconds{process="${process}"}`)).toBe(true)
  }
  expect(text.match(/^# TYPE rollcall_stage_duration_seconds histogram$/gm)).toHaveLength(1)
  expect(text).not.toMatch(/\b(NaN|null|undefined)\b/)
})

test('metrics of a real child process arrive over IPC', async () => {
  const script = `
    import { setTimeout } from 'node:timers/promises'
import { Registry } from 'prom-client'
    import { createMetrics } from ${JSON.stringify(new URL('../src/metrics.ts', import.meta.url).href)}
    const registry = new Registry()
    createMetrics(registry).faces.inc({ camera: 'door' }, 4)
    process.send(await registry.getMetricsAsJSON())
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  try {
    const [json] = (await once(child, 'message', { signal: AbortSignal.timeout(10_000) })) as [MetricsJson]
    const series = parse(await mergeMetrics(setUp().registry, new Map([['vision-0', json]])))
    expect(series.get('rollcall_faces_total{camera="door",process="vision-0"}')).toBe(4)
  } finally {
    child.kill()
  }
})
