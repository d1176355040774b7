import { z } from 'zod'

const tracesOptions = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://127.0.0.1:4318' })
    .refine((url) => !/^\w+:\/\/[^/?#]*@/.test(url), {
      error: 'expected no password in the address: OTEL_EXPORTER_OTLP_HEADERS takes what a collector asks for',
    })
    .nullable()
    .default(null)
    .describe(
      'Where a collector of OpenTelemetry takes traces by OTLP over HTTP, such as http://127.0.0.1:4318 or "${OTEL_EXPORTER_OTLP_ENDPOINT}": they are posted to /v1/traces there. It defaults to null: nothing is traced.',
    ),
  sample: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('The share of analysed frames that are traced, 0–1. It defaults to 0.01.'),
})

/** What is told of the program itself to others. */
export const telemetryOptions = z.strictObject({ traces: tracesOptions.prefault({}) })

/** `telemetry.traces` after parsing. */
export type TracesOptions = z.infer<typeof tracesOptions>
