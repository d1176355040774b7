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
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const exporter = telling(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_WITHIN_MS }), url, log)
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

/** Says in the log when a collector takes nothing, and when it does again. */
const telling = (exporter: SpanExporter, url: string, log: Log): SpanExporter => {
  let isFailing = false
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined || result.code !== 0
        if (failed && !isFailing)
          log.warn(
            { url, reason: result.error?.message ?? 'refused' },
            'traces do not reach the collector: they are lost',
          )
        if (!failed && isFailing) log.info({ url }, 'traces reach the collector again')
        isFailing = failed
        done(result)
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}
