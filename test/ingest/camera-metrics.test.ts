import { Registry } from 'prom-client'
import { VirtualTimeScheduler } from 'rxjs'
import { expect, test } from 'vitest'
import { countCameras } from '../../src/ingest/camera-metrics.ts'
import { createMetrics } from '../../src/metrics.ts'
import { bench } from './hand-driven.ts'
import { options, play, url } from './played-camera.ts'

test('a camera that wakes decodes what nobody had wanted: the count of skipped pictures waits for the others', async () => {
  const b = bench(url, { options })
  await play(b, 1)
  const registry = new Registry()
  const counted = countCameras(() => [b.camera], createMetrics(registry), new VirtualTimeScheduler())
  const readingOf = async (name: string, reason?: string): Promise<number | undefined> => {
    const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {}
    return values.find(({ labels }) => reason === undefined || labels.reason === reason)?.value
  }
  const counts: (number | undefined)[] = []
  for (const [policy, asleep] of [
    [40, true],
    [15, false],
    [30, true],
    [65, true],
  ] as const) {
    b.pipeline().stats = { asleep, skipped: { behind: 0, broken: 0, disposable: 0, policy } }
    counted.update()
    counts.push(await readingOf('rollcall_units_skipped_total', 'policy'))
    expect(await readingOf('rollcall_camera_asleep')).toBe(Number(asleep))
  }
  expect(counts).toEqual([40, 40, 40, 65])
})
