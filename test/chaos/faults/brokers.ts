import { setTimeout as sleep } from 'node:timers/promises'
import { endsInTime, framesCome, nothingLostInKafka, patienceMs, staysReady } from '../checks.ts'
import { type Fault, fault } from '../fault.ts'
import { until } from '../until.ts'

/** What went on while the broker was away waits in the spool. */
export const brokers: readonly Fault[] = [
  fault({
    name: 'kill -9 of the broker',
    isLong: true,
    needs: 'broker',
    apply: async ({ kafka }) => kafka?.kill(),
    expect: async (world) => {
      // The site is ready: events wait on disk, and nobody has to do anything about this program.
      await until('it is said', () => world.program.log().includes('kafka is away'), patienceMs)
      await framesCome(world)
      await staysReady(world)
      await world.kafka?.start()
      return nothingLostInKafka(world)
    },
    undo: async ({ kafka }) => kafka?.start(),
  }),
  fault({
    name: 'a broker that hangs when events are sent',
    isLong: true,
    needs: 'broker',
    apply: ({ kafka }) => kafka?.hang(true),
    expect: async (world) => {
      await until(
        'a warning at /readyz',
        async () => (await world.program.readiness())?.warnings.some((warning) => warning.includes('sinks.kafka')),
        patienceMs,
      )
      await framesCome(world)
      await staysReady(world)
      world.kafka?.hang(false)
      return nothingLostInKafka(world)
    },
    undo: ({ kafka }) => kafka?.hang(false),
  }),
  fault({
    name: 'SIGTERM while the broker hangs',
    isLong: true,
    needs: 'broker',
    apply: async ({ kafka, program }) => {
      kafka?.hang(true)
      await sleep(2000)
      program.kill('SIGTERM')
    },
    expect: endsInTime,
    undo: ({ kafka }) => kafka?.hang(false),
  }),
  fault({
    name: 'SIGTERM while the broker is away',
    isLong: true,
    needs: 'broker',
    apply: async ({ kafka, program }) => {
      await kafka?.kill()
      await sleep(2000)
      program.kill('SIGTERM')
    },
    expect: endsInTime,
    undo: async ({ kafka }) => kafka?.start(),
  }),
]
