import type { CameraId } from '../../src/types.ts'
import { until } from '../chaos/until.ts'
import {
  type Before,
  backWithin,
  camerasAreBack,
  camerasOf,
  identitySessionMs,
  lookAt,
  oneIsActive,
  workerSessionMs,
} from './checks.ts'
import { type Fault, seconds, shared } from './fault.ts'
import { carriesOn } from './kills.ts'
import type { Member } from './member.ts'
import type { World } from './world.ts'

/** How often the camera was refused since then, because another session was there. */
const refusals = (world: World, camera: CameraId | null, since: number): number =>
  camera === null
    ? 0
    : world
        .changes(camera)
        .slice(since)
        .filter((change) => change.includes('another viewer')).length

/** One process after the other, as an upgrade does it. */
export const rollingRestart: Fault = {
  name: 'a rolling restart of everything',
  run: async ({ world, cluster, single }) => {
    const since = single === null ? 0 : world.changes(single).length
    const took: string[] = []
    for (const worker of world.workers) {
      const before = lookAt(world)
      const moving = camerasOf(before, worker.name)
      const code = await worker.restart()
      if (code !== 0) throw new Error(`${worker.name} ended with ${code}: ${worker.log()}`)
      const s = await camerasAreBack(world, before, { withinMs: backWithin(0), moving })
      await shared(world, world.workers)
      took.push(`${worker.name} ${seconds(s)}`)
    }
    if (refusals(world, single, since) > 0)
      throw new Error(
        `two workers fought for ${single}: ${world
          .changes(single ?? '')
          .slice(since)
          .join('; ')}`,
      )
    for (const identity of world.identities) {
      const before = lookAt(world)
      const code = await identity.restart()
      if (code !== 0) throw new Error(`${identity.name} ended with ${code}: ${identity.log()}`)
      const s = await camerasAreBack(world, before, { withinMs: backWithin(identitySessionMs) })
      await oneIsActive(world)
      took.push(`${identity.name} ${seconds(s)}`)
    }
    for (const [broker] of cluster?.brokers.entries() ?? []) {
      const before = lookAt(world)
      await cluster?.stop(broker)
      took.push(`broker ${broker} ${seconds(await carriesOn(world, before))}`)
      cluster?.start(broker)
      await until('every partition has its copies', () => cluster?.isWhole() ?? true, 120_000)
    }
    return took.join(', ')
  },
}

/** Which cameras have another owner than before. */
const movedSince = (world: World, { owners }: Before): CameraId[] =>
  world.cameras.filter((camera) => world.accounts.owner(camera) !== owners.get(camera))

let added = 0

/** It takes its share, and nothing else moves. */
export const addedWorker: Fault = {
  name: 'a worker more, and again without it',
  run: async ({ world, single }) => {
    const since = single === null ? 0 : world.changes(single).length
    const before = lookAt(world)
    const more = world.addWorker(`more-${++added}`, 1)
    more.employ()
    try {
      await shared(world, [...world.workers, more])
      const moved = movedSince(world, before)
      const most = Math.ceil(world.cameras.length / (world.workers.length + 1))
      if (moved.length > most)
        throw new Error(`${moved.length} cameras moved, at most ${most} must: ${moved.join(', ')}`)
      await camerasAreBack(world, before, { withinMs: backWithin(0), moving: moved })
      for (const camera of world.cameras)
        if (!moved.includes(camera) && world.accounts.newest(camera)?.epoch !== before.epochs.get(camera))
          throw new Error(`${camera} was opened anew, and did not have to move`)
      if (refusals(world, single, since) > 0) throw new Error(`two workers fought for ${single}`)
      return `${moved.length} of ${world.cameras.length} cameras moved`
    } finally {
      await more.retire()
      await shared(world, world.workers)
    }
  },
}

/** It has twice as many as the others. */
export const strongWorker: Fault = {
  name: 'a worker of twice the capacity in the place of one',
  run: async ({ world }) => {
    const [first, ...others] = world.workers as [Member, ...Member[]]
    await first.retire()
    const strong = world.addWorker(`strong-${++added}`, 2)
    strong.employ()
    const countOf = (name: string): number =>
      world.cameras.filter((camera) => world.accounts.owner(camera) === name).length
    const wanted = (2 * world.cameras.length) / (others.length + 2)
    try {
      await until(
        `${wanted} cameras of the strong one`,
        () => countOf(strong.name) === wanted,
        backWithin(workerSessionMs),
      )
      await camerasAreBack(world, lookAt(world), { withinMs: backWithin(0) })
      return `${strong.name} ${countOf(strong.name)}, ${others.map(({ name }) => `${name} ${countOf(name)}`).join(', ')}`
    } finally {
      await strong.retire()
      first.employ()
      await shared(world, world.workers)
    }
  },
}
