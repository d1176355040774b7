import { z } from 'zod'

/** The keys of `sinks.webSocket`. */
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
      'A client that has not read something within this many milliseconds is closed with 4408; frame events that have waited for a quarter of this are not sent to it. It defaults to 1000.',
    ),
  maxBufferedBytes: z
    .int()
    .min(65_536)
    .default(1_048_576)
    .describe(
      'Most bytes that may be in flight to one client, unacknowledged. A client starts with 65536 and gets more while it acknowledges quickly. It defaults to 1048576.',
    ),
  gatherMs: z
    .int()
    .min(0)
    .max(100)
    .default(10)
    .describe(
      'Milliseconds that events are gathered after the last delivery, so that they go to each client in one write. An event after a pause does not wait. It defaults to 10.',
    ),
  replayBytes: z
    .int()
    .min(0)
    .default(16_777_216)
    .describe(
      'Bytes of the newest events that are kept for clients that reconnect and resume; a frame event takes about a kilobyte. It defaults to 16777216.',
    ),
  heartbeatMs: z
    .int()
    .min(100)
    .default(10_000)
    .describe(
      'Milliseconds between two pings and heartbeats to each client; a client that has not answered by the next ping is closed. It defaults to 10000.',
    ),
})

/** `sinks.webSocket` with every default filled in. */
export type WebSocketOptions = z.infer<typeof webSocketOptions>
