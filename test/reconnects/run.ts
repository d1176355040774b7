import { readdirSync } from 'node:fs'
import { type Growth, growthOf } from '../support/growth.ts'

/** What this process holds. Descriptors and threads are those of Linux. */
export interface Held {
  readonly descriptors: number
  readonly threads: number
  readonly kib: number
}

/** What this process holds now, after a collection of garbage where `--expose-gc` allows one. */
export const held = (): Held => {
  globalThis.gc?.()
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    kib: process.memoryUsage.rss() / 1024,
  }
}

/** More a time is a leak: of a descriptor or a thread one in fifty times; of memory that of one small picture. */
const most: Held = { descriptors: 0.02, threads: 0.02, kib: 10 }

/** How much more is held after each time. `samples` are what was held after each number of times. */
export const reconnectGrowth = (samples: readonly (readonly [times: number, Held])[]): readonly Growth<keyof Held>[] =>
  growthOf(samples, { ...most })

/** How often something is done before it is measured. Code is loaded before that. */
export const warmUpOf = (times: number): number => Math.min(20, Math.ceil(times / 4))

/** Times between two looks at what is held, and how often progress is told. */
const LOOKS = 40
const TOLD = 5

/**
 * Does something so often, at least 20 times, and looks some forty times at what is held. Before, `warmUpOf` as often warms up.
 * `told` hears now and then how often it was done, of how many times.
 */
export const repeat = async (
  times: number,
  again: () => Promise<void>,
  told: (done: number, all: number) => void = () => {},
): Promise<readonly Growth<keyof Held>[]> => {
  const warmUp = warmUpOf(times)
  const all = warmUp + times
  const lookEvery = Math.max(1, Math.floor(times / LOOKS))
  const tellEvery = Math.ceil(all / TOLD)
  const samples: [number, Held][] = []
  for (let done = 1; done <= all; done++) {
    await again()
    if (done >= warmUp && (done - warmUp) % lookEvery === 0) samples.push([done - warmUp, held()])
    if (done % tellEvery === 0 && done < all) told(done, all)
  }
  return reconnectGrowth(samples)
}
