import { until } from '../chaos/until.ts'
import {
  type Before,
  backWithin,
  camerasAreBack,
  camerasOf,
  excuse,
  identitySessionMs,
  lookAt,
  oneIsActive,
  workerSessionMs,
} from './checks.ts'
import { type Fault, oneOf, seconds, shared } from './fault.ts'
import type { World } from './world.ts'

/** The others have its cameras after the session timeout; it comes back and takes its share. */
export const killWorker: Fault = {
  name: 'kill -9 of a worker',
  run: async ({ world }, random) => {
    const worker = oneOf(world.workers, random)
    const before = lookAt(world)
    const moving = camerasOf(before, worker.name)
    worker.signal('SIGKILL')
    const took = await camerasAreBack(world, before, { withinMs: backWithin(workerSessionMs), moving })
    await shared(world, world.workers)
    return `${worker.name} had ${moving.length}; all back after ${seconds(took)}`
  },
}

/** The one that stands by takes over. */
export const killIdentity: Fault = {
  name: 'kill -9 of the active identity',
  run: async ({ world }) => {
    const before = lookAt(world)
    const active = world.active()
    excuse(world)
    active.signal('SIGKILL')
    const took = await camerasAreBack(world, before, { withinMs: backWithin(identitySessionMs) })
    if (world.active() === active) throw new Error(`${active.name} was killed and still has the site`)
    await oneIsActive(world)
    return `${world.active().name} took over after ${seconds(took)}`
  },
}

/**
 * Waits for events of frames that were captured after what has just been done, and then for more: some may have been under way.
 * Resolves to the longer of the two, in seconds.
 */
export const carriesOn = async (world: World, before: Before): Promise<number> => {
  const withinMs = backWithin(workerSessionMs)
  const took = await camerasAreBack(world, before, { withinMs })
  return Math.max(took, await camerasAreBack(world, lookAt(world), { withinMs }))
}

/** The two others carry on, then it catches up. */
export const killBroker: Fault = {
  name: 'kill -9 of a broker',
  needsBrokers: true,
  run: async ({ world, cluster }, random) => {
    if (cluster === null) throw new Error('the brokers are not ours')
    const broker = Math.floor(random() * cluster.brokers.length)
    const before = lookAt(world)
    await cluster.kill(broker)
    try {
      return `without broker ${broker} events after ${seconds(await carriesOn(world, before))}`
    } finally {
      cluster.start(broker)
      await until('every partition has its copies', () => cluster.isWhole(), 120_000)
    }
  },
}
