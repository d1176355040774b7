import { z } from 'zod'
import { connectionKeys } from '../../kafka/options.ts'
import { spoolOptions } from '../spool/options.ts'

/** The keys of `sinks.kafka`. */
export const kafkaOptions = z.strictObject({
  ...connectionKeys({
    without: 'no events to Kafka',
    topics: 'frames.v1, sightings.v1, people.v1, cameras.v1 and rules.v1',
    creates: '; people is created compacted',
    requestTimeoutMs: 30_000,
    late: '; then the batch is sent again',
  }),
  partitions: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Partitions of a topic that Rollcall creates. It defaults to null: the broker’s num.partitions.'),
  lingerMs: z
    .int()
    .min(0)
    .default(10)
    .describe(
      'Milliseconds that events may wait so that more are written and sent with them; at most twice as long, and not at all when few events come. It defaults to 10.',
    ),
  batchEvents: z.int().min(1).default(500).describe('Most events in one request. It defaults to 500.'),
  batchBytes: z
    .int()
    .min(1024)
    .default(524_288)
    .describe('Most bytes in one request, before compression; one larger event goes alone. It defaults to 524288.'),
  compression: z.enum(['gzip', 'none']).default('gzip').describe('Compression of batches. It defaults to gzip.'),
  retryMaxMs: z
    .int()
    .min(100)
    .default(5000)
    .describe('Longest wait before the next attempt when the broker is away, in milliseconds. It defaults to 5000.'),
  closeTimeoutMs: z
    .int()
    .min(0)
    .default(5000)
    .describe(
      'Milliseconds that the end of Rollcall waits until spooled events are sent; the rest is sent after the next start. It defaults to 5000.',
    ),
  spool: spoolOptions.prefault({}),
})

/** `sinks.kafka` with every default filled in. */
export type KafkaOptions = z.infer<typeof kafkaOptions>
/** Options with `brokers`, which switch the sink on. */
export type KafkaTarget = KafkaOptions & { readonly brokers: string[] }

/** Kafka is switched on by naming brokers. */
export const isConfigured = (options: KafkaOptions): options is KafkaTarget => options.brokers !== null
