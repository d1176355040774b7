import { z } from 'zod'

export const webSocketOptions = z.strictObject({
  maxClients: z
    .int()
    .min(1)
    .default(100)
    .describe('How many WebSocket clients may be connected at once; further ones get 503. It defaults to 100.'),
  maxBufferedBytes: z
    .int()
    .min(65_536)
    .default(1_048_576)
    .describe(
      'How many bytes may wait for one client before frame events and pictures are left out for it; at twice that it is cut off. It defaults to 1048576.',
    ),
  heartbeatMs: z
    .int()
    .min(100)
    .default(10_000)
    .describe(
      'How often each client is pinged; one that has not answered by the next ping is cut off. It defaults to 10000.',
    ),
})

export type WebSocketOptions = z.infer<typeof webSocketOptions>
