import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** A span as OTLP has it in JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: object }[]
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly status: { readonly code?: number; readonly message?: string }
  /** The process that it is of: `service.instance.id`. */
  readonly process: string
}

interface Exported {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue: string } }[] }
    readonly scopeSpans: readonly { readonly spans: readonly Omit<OtlpSpan, 'process'>[] }[]
  }[]
}

/** A collector of OpenTelemetry that keeps what it gets. `status` is what it answers. Closed when the test is over. */
export const openCollector = async (status = 200) => {
  const spans: OtlpSpan[] = []
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Exported
    bodies.push(`${request.method} ${request.url} ${JSON.stringify(body)}`)
    for (const { resource, scopeSpans } of body.resourceSpans) {
      const process = resource.attributes.find(({ key }) => key === 'service.instance.id')?.value.stringValue ?? ''
      for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, process })))
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, bodies }
}
