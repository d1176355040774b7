import { z } from 'zod'
import { connectionKeys } from '../kafka/options.ts'
import { SEALING_KEY_BYTES } from './envelope.ts'

const seamKafkaOptions = z.strictObject({
  ...connectionKeys({
    without: 'vision and identity run on this machine',
    topics: 'faces.v1, cameras.wanted.v1 and the site',
    creates: '',
    requestTimeoutMs: 10_000,
    late: '',
  }),
  retentionMs: z
    .int()
    .min(60_000)
    .default(3_600_000)
    .describe(
      'Milliseconds for which faces stay in the topic when Rollcall creates it: how long the identity process may be away. It defaults to 3600000.',
    ),
  sealingKey: z
    .string()
    .refine(
      (text) => isKey(text),
      `expected ${SEALING_KEY_BYTES} bytes in base64, as of: openssl rand -base64 ${SEALING_KEY_BYTES}`,
    )
    .nullable()
    .default(null)
    .describe(
      'Key that seals faces (AES-256-GCM), the same in all processes. Keep it in the environment: ${SEAM_KEY}. It defaults to null: not sealed.',
    ),
})

const isKey = (text: string): boolean => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === SEALING_KEY_BYTES && bytes.toString('base64') === text
}

const linkOptions = z.strictObject({
  listen: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_.-]+):\d{1,5}$/, 'expected HOST:PORT')
    .nullable()
    .default(null)
    .describe(
      'HOST:PORT where a vision process gives stills, video, best shots and captures to identity, such as 0.0.0.0:8090. It needs seam.kafka.sealingKey. It defaults to null: they stay where they are.',
    ),
  address: z
    .url({ protocol: /^wss?$/, error: 'expected an address such as ws://192.0.2.20:8090' })
    .nullable()
    .default(null)
    .describe(
      'Where identity finds it, when that is elsewhere: ws://${POD_IP}:8090, or wss:// behind a proxy. It defaults to null: the host in listen, the name of the machine for 0.0.0.0.',
    ),
})

const seamKeys = z.strictObject({
  kafka: seamKafkaOptions.prefault({}),
  link: linkOptions.prefault({}),
  cameraSlots: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .default(null)
    .describe(
      'Kafka places the cameras of the file on vision processes, and moves them when one comes or goes: the most cameras there will be, a partition each. It defaults to null: a vision process opens those that its command line names.',
    ),
  stateTopic: z
    .boolean()
    .default(false)
    .describe(
      'Whether the people of the site are kept in a topic of Kafka: then a second identity process stands by, and an empty state directory is filled from there. It defaults to false: they are in the state directory alone.',
    ),
  capacity: z
    .union([z.literal('auto'), z.number().positive()])
    .default('auto')
    .describe(
      'What a vision process can do beside others: one of twice the capacity is given twice as many cameras. It defaults to auto: the number of its workers, 16 on a GPU.',
    ),
})

/** The keys of `seam`. */
export const seamOptions = seamKeys.refine(({ kafka, link }) => link.listen === null || kafka.sealingKey !== null, {
  path: ['link', 'listen'],
  message: 'expected seam.kafka.sealingKey beside it: whoever has that key may see the pictures',
})

/** `seam.kafka` with every default filled in. */
export type SeamKafkaOptions = z.infer<typeof seamKafkaOptions>
/** `seam.link` with every default filled in. */
export type LinkOptions = z.infer<typeof linkOptions>
/** Options with `brokers`: vision and identity meet on Kafka. */
export type SeamTarget = SeamKafkaOptions & { readonly brokers: string[] }
