import { shuffled } from '../../src/math/seeded-random.ts'
import type { Fault } from './fault.ts'
import { killBroker, killIdentity, killWorker } from './kills.ts'
import { addedWorker, rollingRestart, strongWorker } from './moves.ts'
import { sleepingIdentity, sleepingWorker } from './sleeps.ts'

const all: readonly Fault[] = [
  killWorker,
  killIdentity,
  killBroker,
  sleepingWorker,
  sleepingIdentity,
  rollingRestart,
  addedWorker,
  strongWorker,
]

const chosenBy = (only: string): readonly Fault[] => all.filter(({ name }) => name.includes(only))

/** How many kinds there are with this in their names. */
export const faultCount = (only: string): number => chosenBy(only).length

/** Every fault once in an order that chance says, then again in another one, without end. */
export const order = function* (only: string, hasBrokers: boolean, random: () => number): Generator<Fault> {
  const chosen = chosenBy(only).filter(({ needsBrokers }) => hasBrokers || needsBrokers !== true)
  if (chosen.length === 0) throw new Error(`no fault has "${only}" in its name`)
  for (;;) yield* shuffled(chosen, random)
}
