import { type Context, ROOT_CONTEXT, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'

/** Version, trace, span and the flag `sampled`: https://www.w3.org/TR/trace-context/#traceparent-header. */
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/

/** How a span is named to other processes and in events. */
export const traceparentOf = (span: Span): string => {
  const { traceId, spanId } = span.spanContext()
  return `00-${traceId}-${spanId}-01`
}

/** For spans below this one. */
export const below = (span: Span): Context => trace.setSpan(ROOT_CONTEXT, span)

/** For spans below one of another process; null when it is not traced. */
export const belowRemote = (traceparent: string | undefined): Context | null => {
  const [, traceId, spanId] = form.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined) return null
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1, isRemote: true })
}

/** Runs work, synchronous or not, in a span. Of a failure it only says that there was one: its words may name somebody. */
export const inSpan = <T>(tracer: Tracer, name: string, context: Context, work: () => T): T => {
  const span = tracer.startSpan(name, {}, context)
  const end = (): void => span.end()
  const fail = (): void => span.setStatus({ code: SpanStatusCode.ERROR }).end()
  try {
    const result = work()
    if (result instanceof Promise) result.then(end, fail)
    else end()
    return result
  } catch (error) {
    fail()
    throw error
  }
}
