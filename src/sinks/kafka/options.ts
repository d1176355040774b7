import { z } from 'zod'
import { spoolOptions } from '../spool/options.ts'

const broker = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_.-]+):\d{1,5}$/, 'expected HOST:PORT, without user or password')

const tlsOptions = z.strictObject({
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

const saslOptions = z
  .strictObject({
    mechanism: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
      .nullable()
      .default(null)
      .describe('How to log in. Without TLS, plain sends the password as it is. It defaults to null: not at all.'),
    username: z.string().default('').describe('It defaults to an empty one.'),
    password: z.string().default('').describe('Keep it in the environment: ${KAFKA_PASSWORD}. It defaults to none.'),
  })
  .refine((sasl) => sasl.mechanism === null || (sasl.username !== '' && sasl.password !== ''), {
    message: 'expected username and password with a mechanism',
  })

export const kafkaOptions = z.strictObject({
  brokers: z
    .array(broker)
    .min(1)
    .nullable()
    .default(null)
    .describe('Brokers to start from, as HOST:PORT. It defaults to null: no events to Kafka.'),
  clientId: z.string().min(1).default('rollcall').describe('Name in the brokers’ logs. It defaults to rollcall.'),
  topicPrefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/, 'expected letters, digits, ".", "_" and "-"')
    .default('rollcall.')
    .describe('Before frames.v1, sightings.v1, people.v1 and cameras.v1. It defaults to rollcall.'),
  createTopics: z
    .boolean()
    .default(true)
    .describe('Whether topics that are missing are created, people compacted. It defaults to true.'),
  partitions: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Of a topic that is created. It defaults to null: what the broker’s num.partitions says.'),
  replicationFactor: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Of a topic that is created. It defaults to null: what default.replication.factor says.'),
  tls: tlsOptions.prefault({}),
  sasl: saslOptions.prefault({}),
  lingerMs: z
    .int()
    .min(0)
    .default(10)
    .describe(
      'How long events may wait for more to be written and sent with them; twice as long at most, and not when it is quiet. It defaults to 10.',
    ),
  batchEvents: z.int().min(1).default(500).describe('Most events in one request. It defaults to 500.'),
  batchBytes: z
    .int()
    .min(1024)
    .default(524_288)
    .describe('Most bytes in one request, before compression; one larger event goes alone. It defaults to 524288.'),
  compression: z.enum(['gzip', 'none']).default('gzip').describe('Of batches. It defaults to gzip.'),
  requestTimeoutMs: z
    .int()
    .min(100)
    .default(30_000)
    .describe('How long a broker may take to acknowledge before the batch is sent again. It defaults to 30000.'),
  retryMaxMs: z
    .int()
    .min(100)
    .default(5000)
    .describe('Longest wait before the next attempt when the broker is away. It defaults to 5000.'),
  closeTimeoutMs: z
    .int()
    .min(0)
    .default(5000)
    .describe(
      'How long the end waits for what is spooled; the rest is sent after the next start. It defaults to 5000.',
    ),
  spool: spoolOptions.prefault({}),
})

export type KafkaOptions = z.infer<typeof kafkaOptions>
/** With `brokers`: the sink is switched on. */
export type KafkaTarget = KafkaOptions & { readonly brokers: string[] }
