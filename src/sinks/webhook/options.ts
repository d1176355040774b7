import { BlockList, isIP } from 'node:net'
import { z } from 'zod'

const topics = ['sightings', 'people', 'cameras', 'rules'] as const

const url = z.string().superRefine((text, context) => {
  const parsed = URL.parse(text)
  const fail = (message: string): void => context.addIssue({ code: 'custom', message, input: text })
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    return fail('expected https://HOST/PATH or http://HOST/PATH')
  if (parsed.username !== '' || parsed.password !== '')
    return fail('expected no user or password; secret signs each message')
  return undefined
})

const secret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'expected whsec_ and 24 to 64 bytes in base64: openssl rand -base64 32')

const subnet = z
  .string()
  .refine((text) => isSubnet(text), 'expected an address or a range, such as 192.168.1.10 or 10.0.0.0/8')

const type = z
  .string()
  .regex(
    new RegExp(`^(${topics.join('|')}|rollcall\\.(sighting|track|person|camera|rule)\\.[a-z]+\\.v1)$`),
    `expected ${topics.join(', ')}, or a type of event such as rollcall.sighting.started.v1`,
  )

/** Whether a text is an IP address, with or without `/BITS`. */
const isSubnet = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** The addresses of `allow`. */
export const allowedAddresses = (allow: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const text of allow) {
    const [address = '', bits] = text.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family)
  }
  return list
}

/** The keys of `sinks.webhooks.NAME`. */
export const webhookOptions = z.strictObject({
  url: url.describe('Where events are posted to. It has no default.'),
  secret: secret.describe(
    'What each message is signed with (Standard Webhooks): whsec_ and base64. Keep it in the environment: ${WEBHOOK_SECRET}. It has no default.',
  ),
  types: z
    .array(type)
    .min(1)
    .default(['rules'])
    .describe(
      'Which events: topics (sightings, people, cameras, rules) and types (rollcall.sighting.started.v1). It defaults to [ rules ].',
    ),
  rules: z
    .array(z.string().min(1))
    .min(1)
    .nullable()
    .default(null)
    .describe('Of the rules only these, by name. It defaults to null: all.'),
  allow: z
    .array(subnet)
    .default([])
    .describe(
      'Addresses of private networks that may be posted to, such as 192.168.1.10 or 10.0.0.0/8; public ones always may. It defaults to none.',
    ),
  parallel: z
    .int()
    .min(1)
    .max(32)
    .default(4)
    .describe('The most requests at once. Events of one person never overtake each other. It defaults to 4.'),
  timeoutMs: z
    .int()
    .min(100)
    .max(120_000)
    .default(15_000)
    .describe('How long an answer may take. It defaults to 15000.'),
  retryMaxMs: z
    .int()
    .min(100)
    .max(3_600_000)
    .default(60_000)
    .describe('The longest pause between two attempts; the first is 100. It defaults to 60000.'),
  giveUpAfterMs: z
    .int()
    .min(60_000)
    .max(2_592_000_000)
    .default(86_400_000)
    .describe(
      'An event that is not taken for so long is put on the list of dead letters, so that the others go on. It defaults to 86400000, a day.',
    ),
})

/** `sinks.webhooks.NAME` with every default filled in. */
export type WebhookOptions = z.infer<typeof webhookOptions>
