import type { Config } from '../../config/config.ts'
import type { Finding } from './finding.ts'

/** Whether the collector of traces takes any. What is posted has no span in it. */
export const checkTraces = async ({ telemetry }: Pick<Config, 'telemetry'>): Promise<Finding[]> => {
  const { endpoint } = telemetry.traces
  if (endpoint === null) return []
  const { whyNotTaken } = await import('../../telemetry/tracer.ts')
  const what = `traces ${endpoint}`
  const why = await whyNotTaken(endpoint)
  if (why === null) return [{ verdict: 'good', what, detail: 'the collector takes them' }]
  const fix =
    'check telemetry.traces.endpoint and OTEL_EXPORTER_OTLP_HEADERS; without a collector traces are lost, and nothing else'
  return [{ verdict: 'poor', what, detail: why, fix }]
}
