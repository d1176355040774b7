import type { CameraId } from '../../src/types.ts'
import { until } from '../chaos/until.ts'
import type { Cluster } from '../support/kafka/cluster.ts'
import { backWithin, workerSessionMs } from './checks.ts'
import type { Member } from './member.ts'
import type { World } from './world.ts'

/** What a step works with. */
export interface Scene {
  readonly world: World
  /** Null where the brokers are not this run's own. */
  readonly cluster: Cluster | null
  /** Allows one session: whoever sleeps with it keeps it. */
  readonly single: CameraId | null
  /** How long who is put to sleep sleeps. */
  readonly sleepMs: number
}

/** One kind of fault: it does it, waits until all is whole again, and says what was seen. Throws when that is not so. */
export interface Fault {
  readonly name: string
  readonly needsBrokers?: boolean
  run(scene: Scene, random: () => number): Promise<string>
}

/** One by chance; `random` gives 0 ≤ x < 1. */
export const oneOf = <T>(all: readonly T[], random: () => number): T => all[Math.floor(random() * all.length)] as T
/** For the report. */
export const seconds = (s: number): string => `${s.toFixed(1)} s`

/** Waits until each of these workers has its share of the cameras, so that the next step finds it so. */
export const shared = async (world: World, members: readonly Member[]): Promise<void> => {
  const counts = (): number[] => {
    world.read()
    const owners = world.cameras.map((camera) => world.accounts.owner(camera))
    return members.map(({ name }) => owners.filter((owner) => owner === name).length)
  }
  const most = Math.ceil(world.cameras.length / members.length)
  await until(
    'cameras are divided again',
    () => counts().every((count) => count > 0 && count <= most),
    backWithin(workerSessionMs),
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${members.map(({ name }, i) => `${name} ${counts()[i]}`).join(', ')}`)
  })
}
