import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Log } from '../types.ts'
import { version } from '../version.ts'
import type { Traced } from './traces.ts'

/** A collector that takes longer gets nothing: the end of the process waits for it. */
const EXPORT_WITHIN_MS = 2000

/**
 * Makes the spans of one process and sends them to a collector, every five seconds and when `owner` closes it. While the collector
 * is away 2048 spans wait, and further ones are dropped. Nothing of the machine is told: no command line, no user.
 */
export const openTracer = (
  { endpoint, sample }: { readonly endpoint: string; readonly sample: number },
  { site, process, log }: Traced,
  owner: AsyncDisposableStack,
): Tracer => {
  const exporter = telling(exporterTo(endpoint), endpoint, log)
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'rollcall',
      'service.version': version(),
      'service.namespace': site,
      'service.instance.id': process,
    }),
    // What came from another process was chosen there.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sample) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_WITHIN_MS })],
  })
  owner.defer(async () => {
    const closed = provider.shutdown().catch(() => undefined)
    await Promise.race([closed, sleep(EXPORT_WITHIN_MS, undefined, { ref: false })])
  })
  return provider.getTracer('rollcall')
}

const exporterTo = (endpoint: string, agent?: HttpAgent): SpanExporter =>
  new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_WITHIN_MS,
    ...(agent && { httpAgentOptions: () => agent }),
  })

const failureOf = ({ code, error }: Parameters<Parameters<SpanExporter['export']>[1]>[0]): string | null =>
  code === 0 ? null : error?.message || 'it refuses them'

/** Why a collector takes no traces; null when it does. Sends it a request without any. */
export const whyNotTaken = async (endpoint: string): Promise<string | null> => {
  const agent = endpoint.startsWith('https:') ? new HttpsAgent() : new HttpAgent()
  const exporter = exporterTo(endpoint, agent)
  const why = new Promise<string | null>((resolve) => exporter.export([], (result) => resolve(failureOf(result))))
  // The exporter's own limit is for silence: an answer that comes byte by byte passes it.
  const late = sleep(2 * EXPORT_WITHIN_MS, 'its answer does not end', { ref: false })
  const found = await Promise.race([why, late])
  agent.destroy()
  await exporter.shutdown()
  return found
}

/** Says in the log when a collector takes nothing, and when it does again. */
const telling = (exporter: SpanExporter, endpoint: string, log: Log): SpanExporter => {
  let isFailing = false
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const reason = failureOf(result)
        if (reason !== null && !isFailing)
          log.warn({ endpoint, reason }, 'traces do not reach the collector: they are lost')
        if (reason === null && isFailing) log.info({ endpoint }, 'traces reach the collector again')
        isFailing = reason !== null
        done(result)
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}
