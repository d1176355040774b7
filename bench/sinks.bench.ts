/**
 * What do the ways out cost beyond the bare client libraries? Kafka, then WebSockets; see there for their options.
 *
 *   npm run bench -- sinks [--rounds N] [--seconds S]
 */
import { bench as kafka } from './kafka.bench.ts'
import { bench as webSocket } from './websocket.bench.ts'

export const bench = async (args: readonly string[]): Promise<void> => {
  await kafka(args)
  await webSocket(args)
}
