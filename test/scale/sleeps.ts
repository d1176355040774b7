import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../chaos/until.ts'
import {
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

/** The others have its cameras meanwhile, and what it says when it wakes counts no more. */
export const sleepingWorker: Fault = {
  name: 'SIGSTOP of a worker, which wakes again',
  run: async ({ world, single, sleepMs }, random) => {
    const worker = oneOf(world.workers, random)
    const before = lookAt(world)
    const moving = camerasOf(before, worker.name)
    // A camera that allows one session takes the one who sleeps for a client.
    const except = single !== null && moving.includes(single) ? [single] : []
    worker.signal('SIGSTOP')
    const startMs = performance.now()
    try {
      const took = await camerasAreBack(world, before, { withinMs: backWithin(workerSessionMs), moving, except })
      await sleep(Math.max(0, sleepMs - (performance.now() - startMs)))
      return `${worker.name} had ${moving.length}; back after ${seconds(took)} while it slept`
    } finally {
      worker.signal('SIGCONT')
      await camerasAreBack(world, lookAt(world), { withinMs: backWithin(workerSessionMs) })
      await shared(world, world.workers)
    }
  },
}

/** The other takes over; when it wakes it writes nothing more, ends, and stands by when it is started again. */
export const sleepingIdentity: Fault = {
  name: 'SIGSTOP of the active identity, which wakes again',
  run: async ({ world, sleepMs }) => {
    const before = lookAt(world)
    const active = world.active()
    const starts = active.starts()
    excuse(world)
    active.signal('SIGSTOP')
    const startMs = performance.now()
    try {
      const took = await camerasAreBack(world, before, { withinMs: backWithin(identitySessionMs) })
      await sleep(Math.max(0, sleepMs - (performance.now() - startMs)))
      return `${world.active().name} took over after ${seconds(took)} while ${active.name} slept`
    } finally {
      active.signal('SIGCONT')
      await until(`${active.name} ends and starts again`, () => active.starts() > starts, backWithin(identitySessionMs))
      await oneIsActive(world)
    }
  },
}
