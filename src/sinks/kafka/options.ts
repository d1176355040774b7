import { z } from 'zod'
import { spoolOptions } from '../spool/options.ts'

/** An address of `brokers`. */
export const broker = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_.-]+):\d{1,5}$/, 'expected HOST:PORT, without user or password')

/** The keys of `tls`. */
export const tlsOptions = z.strictObject({
  enabled: z.boolean().default(false).describe('Whether to speak TLS with the brokers. It defaults to false.'),
  ca: z
    .string()
    .nullable()
    .default(null)
    .describe('File with the certificates to trust, PEM. It defaults to null: those that Node trusts.'),
  cert: z
    .string()
    .nullable()
    .default(null)
    .describe('File with the certificate to show to the brokers, PEM. It defaults to null: none.'),
  key: z.string().nullable().default(null).describe('File with its key, PEM. It defaults to null: none.'),
  serverName: z
    .string()
    .nullable()
    .default(null)
    .describe('The name that the brokers’ certificates must have. It defaults to null: the host in brokers.'),
})

/** The keys of `sasl`. */
export const saslOptions = z
  .strictObject({
    mechanism: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
      .nullable()
      .default(null)
      .describe(
        'How Rollcall logs in. Without TLS, plain sends the password unencrypted. It defaults to null: no login.',
      ),
    username: z.string().default('').describe('Name to log in with. It defaults to none.'),
    password: z
      .string()
      .default('')
      .describe('Password to log in with. Keep it in the environment: ${KAFKA_PASSWORD}. It defaults to none.'),
  })
  .refine((sasl) => sasl.mechanism === null || (sasl.username !== '' && sasl.password !== ''), {
    message: 'expected username and password with a mechanism',
  })

/** The keys of `sinks.kafka`. */
export const kafkaOptions = z.strictObject({
  brokers: z
    .array(broker)
    .min(1)
    .nullable()
    .default(null)
    .describe('Brokers to start from, as HOST:PORT. It defaults to null: no events to Kafka.'),
  clientId: z
    .string()
    .min(1)
    .default('rollcall')
    .describe('Name that the brokers show in their logs. It defaults to rollcall.'),
  topicPrefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/, 'expected letters, digits, ".", "_" and "-"')
    .default('rollcall.')
    .describe(
      'What the names of the topics begin with: it comes before frames.v1, sightings.v1, people.v1, cameras.v1 and rules.v1. It defaults to rollcall.',
    ),
  createTopics: z
    .boolean()
    .default(true)
    .describe('Whether Rollcall creates topics that are missing; people is created compacted. It defaults to true.'),
  partitions: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Partitions of a topic that Rollcall creates. It defaults to null: the broker’s num.partitions.'),
  replicationFactor: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Replicas of a topic that Rollcall creates. It defaults to null: the broker’s default.replication.factor.',
    ),
  tls: tlsOptions.prefault({}),
  sasl: saslOptions.prefault({}),
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
  requestTimeoutMs: z
    .int()
    .min(100)
    .default(30_000)
    .describe(
      'Milliseconds that a broker may take to acknowledge before the batch is sent again. It defaults to 30000.',
    ),
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
