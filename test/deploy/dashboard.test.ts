import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { beforeAll, describe, expect, it } from 'vitest'
import { createMetrics, mergeMetrics } from '../../src/metrics.ts'
import { rollcall } from '../integration/rollcall.ts'
import { partOf } from '../support/footage.ts'
import { deploy, readDocument } from './documents.ts'
import { seriesIn } from './promql.ts'

interface Panel {
  readonly id: number
  readonly title: string
  readonly datasource: { readonly uid: string }
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[]
}
const dashboard: { uid: string; panels: readonly Panel[] } = JSON.parse(
  readFileSync(join(deploy, 'grafana/dashboards/rollcall.json'), 'utf8'),
)

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly volumes: readonly string[]; readonly ports: readonly string[] }>
  >
}

/** The queries, one by one, so that each label is looked for on the metrics beside it. */
const queries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat, ...seriesIn(expr) })),
)

/** What a real run shows: names by the `# TYPE` lines, and all labels that a series has. */
let exposed: ReadonlyMap<string, ReadonlySet<string>>

/** A histogram is shown as three series, and each has the labels of all. */
const seriesOf = (name: string, type: string): string[] =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name]

const read = (exposition: string): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>()
  for (const [, name = '', type = ''] of exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    for (const series of seriesOf(name, type)) found.set(series, new Set())
  }
  for (const [, name = '', labels = ''] of exposition.matchAll(/^(\w+)\{(.*)\} \S+$/gm)) {
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) found.get(name)?.add(label)
  }
  return found
}

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-dashboard-'))
  // Two people come in the first two of these seconds.
  const cafe = await partOf('cafe', 14, 18, join(folder, 'cafe.mp4'))
  const run = rollcall(['run', '--camera', `cafe=${cafe}`, '--http', '127.0.0.1:0', '--log-level', 'info'])
  try {
    const url = await run.until('address', () => /http:\/\/127\.0\.0\.1:\d+/.exec(run.stderr())?.[0], 60_000)
    let exposition = ''
    const fetched = async (): Promise<boolean> => {
      exposition = await (await fetch(`${url}/metrics`)).text()
      return /rollcall_events_total\{.*topic="people"/.test(exposition)
    }
    let enough = false
    await run.until(
      'metrics of vision and identity',
      () => {
        void fetched().then(
          (found) => (enough ||= found),
          () => undefined,
        )
        return enough
      },
      180_000,
    )
    exposed = read(exposition)
  } finally {
    run.kill('SIGINT')
    await run.exited
    rmSync(folder, { recursive: true })
  }
}, 150_000)

describe('the dashboard', () => {
  it.each(queries)('$title: $expr asks for what Rollcall shows', ({ metrics, labels, legendFormat }) => {
    expect(metrics.length).toBeGreaterThan(0)
    const registry = new Registry()
    createMetrics(registry)
    for (const metric of metrics) {
      const shown = exposed.get(metric)
      expect(shown, metric).toBeDefined()
      // What has not happened in the run has no series yet; its labels are those that it is declared with.
      const name = metric.replace(/_(bucket|sum|count)$/, '')
      const declared = registry.getSingleMetric(metric) ?? registry.getSingleMetric(name)
      const labelNames = (declared as unknown as { labelNames: string[] }).labelNames
      // `job` and `instance` come from Prometheus, `process` from the merge, `le` from a histogram.
      const known = new Set([...(shown ?? []), ...labelNames, 'job', 'instance', 'process'])
      if (metric.endsWith('_bucket')) known.add('le')
      for (const label of labels) expect(known, `${metric}: ${label}`).toContain(label)
    }
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
    expect(labels).toEqual(expect.arrayContaining(named))
  })

  it('shows every metric of Rollcall', async () => {
    const registry = new Registry()
    createMetrics(registry)
    const own = [...read(await mergeMetrics(registry, new Map())).keys()].filter((name) => name.startsWith('rollcall_'))
    const asked = new Set(
      queries.flatMap(({ metrics }) => metrics.map((name) => name.replace(/_(bucket|sum|count)$/, ''))),
    )
    expect(own.map((name) => name.replace(/_(bucket|sum|count)$/, '')).filter((name) => !asked.has(name))).toEqual([])
  })

  it('has panels with numbers of their own, on the data source that is provisioned', () => {
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const { datasources } = readDocument<{ datasources: { uid: string; type: string; url: string }[] }>(
      'grafana/provisioning/datasources/prometheus.yaml',
    )
    expect(datasources).toHaveLength(1)
    for (const { datasource } of panels) expect(datasource).toEqual({ type: 'prometheus', uid: datasources[0]?.uid })
    expect(datasources[0]?.url).toBe('http://prometheus:9090')
  })

  it('is where Grafana looks for it', () => {
    const { services } = readDocument<Compose>('compose.yaml')
    const { providers } = readDocument<{ providers: { options: { path: string } }[] }>(
      'grafana/provisioning/dashboards/rollcall.yaml',
    )
    expect(services.grafana?.volumes).toContain(`./grafana/dashboards:${providers[0]?.options.path}:ro`)
  })

  it('finds a query that is wrong', () => {
    expect(() => seriesIn('sum by (camera (rate(rollcall_faces_total[1m])))')).toThrow('mistake')
    expect(seriesIn('sum by (kamera) (rate(rollcall_faces_total{x="1"}[$__rate_interval]))')).toEqual({
      metrics: ['rollcall_faces_total'],
      labels: ['kamera', 'x'],
    })
    expect(exposed.has('rollcall_faces')).toBe(false)
  })
})
