import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createMetrics, type MetricsJson } from '../../../src/metrics.ts'
import { createFigures, figuresOfCameras } from '../../../src/site/cameras/camera-figures.ts'

const counters = (camera: string, received: number, analysed: number): MetricsJson =>
  [
    ['rollcall_units_received_total', received],
    ['rollcall_frames_analysed_total', analysed],
  ].map(([name, value]) => ({ name, values: [{ labels: { camera }, value }] })) as unknown as MetricsJson

/** The rates after each of these counts, one a second; a process that is given by name. */
const ratesAfter = (counts: readonly (readonly [received: number, analysed: number, process?: string])[]) => {
  let nowMs = 0
  const figures = createFigures(() => nowMs)
  return counts.map(([received, analysed, process = 'vision-1']) => {
    nowMs += 1000
    figures.metrics(process, counters('door', received, analysed))
    const { receivedFps, analysedFps } = figures.of('door')
    return [receivedFps, analysedFps]
  })
}

test('rates are those of the last seconds', () => {
  expect(
    ratesAfter([
      [100, 20],
      [125, 25],
      [150, 30],
    ]),
  ).toEqual([
    [0, 0],
    [25, 5],
    [25, 5],
  ])
})

test('counters that begin anew, as of a camera that was paused or a process that crashed, give no negative rates', () => {
  expect(
    ratesAfter([
      [1000, 200],
      [1025, 205],
      [5, 1],
      [30, 6],
    ]),
  ).toEqual([
    [0, 0],
    [25, 5],
    [0, 0],
    [25, 5],
  ])
  // Nothing has been received yet.
  expect(
    ratesAfter([
      [1000, 0],
      [1025, 0],
      [0, 0],
    ]).at(-1),
  ).toEqual([0, 0])
})

test('a camera that has moved to another process is counted there', () => {
  expect(
    ratesAfter([
      [1000, 200],
      [1025, 205],
      [10, 2, 'vision-2'],
      [35, 7, 'vision-2'],
    ])
      .at(-1)
      ?.every((rate) => rate >= 0),
  ).toBe(true)
})

test('the metrics that go to another machine say all that those of this machine say', async () => {
  const registry = new Registry()
  const metrics = createMetrics(registry)
  const camera = 'door'
  for (const counter of [metrics.unitsReceived, metrics.losses, metrics.reconnects]) counter.inc({ camera }, 3)
  for (const gauge of [metrics.cameraResting, metrics.cameraAsleep, metrics.cameraSteady]) gauge.set({ camera }, 1)
  metrics.keyFrameInterval.set({ camera }, 2)
  metrics.cameraCodec.set({ codec: 'H.265', camera }, 1)
  metrics.drops.inc({ stage: 'ingest', camera }, 4)
  metrics.unitsSkipped.inc({ reason: 'behind', camera }, 5)
  const all = await registry.getMetricsAsJSON()

  const [here, elsewhere] = [all, all.filter(({ name }) => figuresOfCameras.has(name))].map((each) => {
    const figures = createFigures(() => 0)
    figures.metrics('vision-1', each)
    return figures.of(camera)
  })
  expect(elsewhere).toEqual(here)
  expect(elsewhere).toMatchObject({ resting: true, asleep: true, steady: true, losses: 3, codec: 'H.265' })
})
