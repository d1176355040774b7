import { z } from 'zod'

export const httpOptions = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe(
      'The address to listen on; there is no login yet, so anything but loopback shows everything to whoever reaches it. It defaults to 127.0.0.1.',
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
      'Origins, besides IP addresses and localhost, under which browsers may reach the API and the WebSocket: the address of a reverse proxy, or the name of this machine. It defaults to none.',
    ),
})

export type HttpOptions = z.infer<typeof httpOptions>
