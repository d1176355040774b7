import { setTimeout as sleep } from 'node:timers/promises'
import { framesCome, nothingLostInKafka, patienceMs } from '../checks.ts'
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
      const readiness = await world.program.readiness()
      if (readiness?.ready !== true) throw new Error(`not ready: ${readiness?.reasons.join('; ') ?? 'no answer'}`)
      await world.kafka?.start()
      return nothingLostInKafka(world)
    },
    undo: async ({ kafka }) => kafka?.start(),
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
    expect: async ({ program }) => {
      await until('the program has ended', () => !program.runs(), 10_000)
      const code = await program.ended()
      if (code !== 0) throw new Error(`ended with code ${code}: ${program.log().slice(-500)}`)
      return 'ended with 0 within 10 s'
    },
    undo: async ({ kafka }) => kafka?.start(),
  }),
]
