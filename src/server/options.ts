import { z } from 'zod'
import { scopes } from './scope.ts'
import { weaknessOf } from './token-strength.ts'

const token = z
  .string()
  .regex(/^[\x21-\x7e]{16,1000}$/, 'expected 16 characters or more, without spaces')
  .superRefine((value, context) => {
    const weakness = weaknessOf(value)
    if (weakness === null) return
    context.addIssue(`expected a token that nobody can guess, but ${weakness}; openssl rand -hex 32 makes a good one`)
  })

const tokenOptions = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected letters, digits, "_", "." and "-"'),
  scopes: z.array(z.enum(scopes)).min(1),
  token,
})

const authOptions = z.strictObject({
  mode: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'Whether requests need a token. It defaults to auto: when other machines can reach http.host, when allowedOrigins or trustedProxies say that a proxy is in front, and when tokens are configured.',
    ),
  tokens: z
    .array(tokenOptions)
    .default([])
    .describe(
      'Who may do what, such as - { name: wall, scopes: [read], token: "${ROLLCALL_TOKEN}" }. Scopes: read (cameras, people, events, pictures, metrics), operate (change the gallery), biometric (enrol, export, capture film); none includes another. openssl rand -hex 32 prints a good token. It defaults to none: on a terminal Rollcall makes one for this run and shows it, elsewhere it does not start.',
    ),
  openMetrics: z
    .boolean()
    .default(false)
    .describe('Whether /metrics is open to everybody, for scrapers that cannot send a token. It defaults to false.'),
})

const limitOptions = z.strictObject({
  requestsPerMinute: z
    .int()
    .min(1)
    .default(1200)
    .describe('Requests from one address in a minute, upgrades too; further ones get 429. It defaults to 1200.'),
  connectionsPerAddress: z
    .int()
    .min(1)
    .default(150)
    .describe(
      'Open connections from one address, WebSockets too; further ones are closed without an answer. It defaults to 150.',
    ),
})

const tlsOptions = z.strictObject({ cert: z.string().min(1), key: z.string().min(1) })

/** The keys of `http`. */
export const httpOptions = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe(
      'The address to listen on; anything but loopback asks for a token (http.auth). It defaults to 127.0.0.1.',
    ),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .nullable()
    .default(8080)
    .describe('The port to listen on; 0 takes any free one, null switches HTTP off. It defaults to 8080.'),
  allowedOrigins: z
    .array(z.url({ protocol: /^https?$/, error: 'expected an origin such as https://rollcall.example' }))
    .default([])
    .describe(
      'Origins whose pages may use the API and the WebSocket (CORS), in addition to the server’s own: that of a reverse proxy, of another front end, or the name of this machine. It defaults to none.',
    ),
  trustedProxies: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Addresses or networks of reverse proxies. Their X-Forwarded-For is believed to say who asks, for the limits, and their X-Forwarded-Proto and X-Forwarded-Host to say how links to sign in with begin. It defaults to none.',
    ),
  tls: z
    .union([z.literal('auto'), tlsOptions])
    .nullable()
    .default(null)
    .describe(
      'Certificate chain and key as PEM files, { cert: /etc/rollcall/cert.pem, key: /etc/rollcall/key.pem }, or auto: a self-signed certificate for the names and addresses of this machine, made by openssl at the first start and kept in the state directory; then the server speaks HTTPS only. It defaults to null.',
    ),
  auth: authOptions.prefault({}),
  grafana: z
    .url({ protocol: /^https?$/, error: 'expected a URL such as https://grafana.example/d/rollcall' })
    .nullable()
    .default(null)
    .describe('Where the Grafana of this site is; the viewer links to it. It defaults to null.'),
  limits: limitOptions.prefault({}),
})

/** `http` with every default filled in. */
export type HttpOptions = z.infer<typeof httpOptions>
