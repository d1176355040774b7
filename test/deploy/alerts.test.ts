import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { deploy, readDocument } from './documents.ts'
import { seriesIn } from './promql.ts'

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string
      readonly expr: string
      readonly labels: Readonly<Record<string, string>>
      readonly annotations: Readonly<Record<string, string>>
    }[]
  }[]
}
const rules = readDocument<Rules>('prometheus-rules.yaml').groups.flatMap((group) => group.rules)

/** Labels of a metric of Rollcall or of Node; Prometheus's own `up` has none of its own. Undefined when there is no such metric. */
const labelsOf = (metric: string): readonly string[] | undefined => {
  if (metric === 'up') return []
  const registry = new Registry()
  createMetrics(registry)
  return (registry.getSingleMetric(metric) as unknown as { labelNames: string[] } | undefined)?.labelNames
}

describe('the alert rules', () => {
  it.each(rules)('$alert asks for what Rollcall shows, and says what to do', ({ expr, labels, annotations }) => {
    const { metrics, labels: named } = seriesIn(expr)
    const known = metrics.map((metric) => ({ metric, labels: labelsOf(metric) }))
    expect(known.filter((each) => each.labels === undefined)).toEqual([])
    // `job` and `instance` come from Prometheus, `process` from the merge.
    expect([...known.flatMap((each) => each.labels ?? []), 'job', 'instance', 'process']).toEqual(
      expect.arrayContaining(named),
    )
    expect(labels.severity).toMatch(/^(page|ticket)$/)
    expect(annotations).toEqual({ summary: expect.any(String), action: expect.any(String) })
  })

  it('are read by the Prometheus of compose.yaml', () => {
    const { rule_files } = readDocument<{ rule_files: string[] }>('prometheus.yml')
    const { services } = readDocument<{ services: { prometheus: { volumes: string[] } } }>('compose.yaml')
    expect(rule_files).toEqual(['/etc/prometheus/prometheus-rules.yaml'])
    expect(services.prometheus.volumes).toContain(`./prometheus-rules.yaml:${rule_files[0]}:ro`)
  })
})

const promtool = (...args: string[]) => spawnSync('promtool', args, { encoding: 'utf8' })
const hasPromtool = promtool('--version').status === 0
if (!hasPromtool) console.warn('\nSKIPPED: no promtool (apt install prometheus) for the tests of the alert rules\n')

describe.skipIf(!hasPromtool)('promtool', () => {
  it.each([
    ['check', join(deploy, 'prometheus-rules.yaml')],
    ['test', join(import.meta.dirname, 'prometheus-rules.yaml')],
  ])('%s rules', (verb, file) => {
    const { status, stderr } = promtool(verb, 'rules', file)
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})
