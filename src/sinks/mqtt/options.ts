import { z } from 'zod'

const broker = z.string().superRefine((text, context) => {
  const parsed = URL.parse(text)
  const fail = (message: string): void => context.addIssue({ code: 'custom', message, input: text })
  if (parsed === null || !/^mqtts?:$/.test(parsed.protocol) || parsed.hostname === '' || parsed.pathname.length > 1)
    return fail('expected mqtt://HOST:PORT or mqtts://HOST:PORT')
  if (parsed.username !== '' || parsed.password !== '')
    return fail('expected no user or password in it: there are user and password')
  return undefined
})

const level = z
  .string()
  .regex(/^[^#+/\s][^#+\s]*$/, 'expected the beginning of a topic, without +, # and spaces')
  .refine((text) => !text.endsWith('/'), 'expected no / at its end')

const pem = z.string().min(1).nullable().default(null)

const tlsOptions = z.strictObject({
  ca: pem.describe('File with the certificates to trust, PEM. It defaults to null: those that Node trusts.'),
  cert: pem.describe('File with the certificate to show to the broker, PEM. It defaults to null: none.'),
  key: pem.describe('File with its key, PEM. It defaults to null: none.'),
})

/** The keys of `sinks.mqtt`. */
export const mqttOptions = z.strictObject({
  broker: broker
    .nullable()
    .default(null)
    .describe('The broker, as mqtt://HOST:PORT, or mqtts:// with TLS. It defaults to null: nothing to MQTT.'),
  user: z.string().default('').describe('Name to log in with. It defaults to none.'),
  password: z
    .string()
    .default('')
    .describe('Password to log in with. Keep it in the environment: ${MQTT_PASSWORD}. It defaults to none.'),
  clientId: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected letters, digits, "_", "." and "-"')
    .nullable()
    .default(null)
    .describe('Name of this client, of which a broker lets one in. It defaults to null: rollcall-SITE.'),
  topicPrefix: level
    .default('rollcall')
    .describe('What topics begin with; the name of the site follows. It defaults to rollcall.'),
  people: z
    .enum(['named', 'all', 'nobody'])
    .default('named')
    .describe(
      'Whose events leave: named, those with a name; all; nobody, only counts, cameras, and rules without a person. It defaults to named.',
    ),
  awayMs: z
    .int()
    .min(1000)
    .max(86_400_000)
    .default(300_000)
    .describe('Who has not been seen for so long is not home. It defaults to 300000.'),
  discoveryPrefix: level
    .nullable()
    .default('homeassistant')
    .describe('Where Home Assistant looks for devices; null tells it of none. It defaults to homeassistant.'),
  tls: tlsOptions.prefault({}),
})

/** `sinks.mqtt` with every default filled in. */
export type MqttOptions = z.infer<typeof mqttOptions>

/** The same when MQTT is switched on, which it is by naming a broker. */
export type MqttTarget = MqttOptions & { readonly broker: string }

/** Whether a broker is named. */
export const isMqttConfigured = (options: MqttOptions): options is MqttTarget => options.broker !== null
