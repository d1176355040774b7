import { z } from 'zod'

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

/** What differs among those who connect to Kafka. */
export interface ConnectionWords {
  /** What it is without brokers. */
  readonly without: string
  /** What follows the prefix in the names of topics. */
  readonly topics: string
  /** What is said about topics that Rollcall creates; empty for nothing. */
  readonly creates: string
  readonly requestTimeoutMs: number
  /** What happens when a broker takes longer. */
  readonly late: string
}

/** The keys of everything that connects to Kafka, for a schema of its own: how to reach the brokers, and how topics are made. */
export const connectionKeys = ({ without, topics, creates, requestTimeoutMs, late }: ConnectionWords) => ({
  brokers: z
    .array(broker)
    .min(1)
    .nullable()
    .default(null)
    .describe(`Brokers to start from, as HOST:PORT. It defaults to null: ${without}.`),
  clientId: z
    .string()
    .min(1)
    .default('rollcall')
    .describe('Name that the brokers show in their logs. It defaults to rollcall.'),
  topicPrefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/, 'expected letters, digits, ".", "_" and "-"')
    .default('rollcall.')
    .describe(`What the names of topics begin with: it comes before ${topics}. It defaults to rollcall.`),
  createTopics: z
    .boolean()
    .default(true)
    .describe(`Whether Rollcall creates topics that are missing${creates}. It defaults to true.`),
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
  requestTimeoutMs: z
    .int()
    .min(100)
    .default(requestTimeoutMs)
    .describe(`Milliseconds that a broker may take to answer${late}. It defaults to ${requestTimeoutMs}.`),
})

/** What `connectionKeys` read, with every default filled in. */
export type Connection = z.infer<z.ZodObject<ReturnType<typeof connectionKeys>>>
