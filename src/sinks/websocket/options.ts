import { z } from 'zod'

export const webSocketOptions = z.strictObject({
  maxClients: z
    .int()
    .min(1)
    .default(100)
    .describe('How many WebSocket clients may be connected at once; further ones get 503. It defaults to 100.'),
  maxAgeMs: z
    .int()
    .min(100)
    .default(1000)
    .describe(
      'How old anything sent to a client may get without being acknowledged before it is closed with 4408; frame events that have waited for a quarter of this are left out for it. It defaults to 1000.',
    ),
  maxBufferedBytes: z
    .int()
    .min(65_536)
    .default(1_048_576)
    .describe(
      'Most bytes that may be under way to one client, unacknowledged; it starts with 65536 and gets more while it acknowledges quickly. It defaults to 1048576.',
    ),
  gatherMs: z
    .int()
    .min(0)
    .max(100)
    .default(10)
    .describe(
      'How long an event waits after those before it, so that they go to each client in one write; one that comes after a pause does not wait. It defaults to 10.',
    ),
  replayBytes: z
    .int()
    .min(0)
    .default(16_777_216)
    .describe(
      'Bytes of the newest events kept for clients that come back and resume; about a kilobyte a frame. It defaults to 16777216.',
    ),
  heartbeatMs: z
    .int()
    .min(100)
    .default(10_000)
    .describe(
      'How often each client is pinged and gets a heartbeat; one that has not answered by the next is cut off. It defaults to 10000.',
    ),
})

export type WebSocketOptions = z.infer<typeof webSocketOptions>
