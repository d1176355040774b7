import { setTimeout as sleep } from 'node:timers/promises'
import type { RollcallEvent } from '../../src/events/types.ts'
import { seededRandom } from '../../src/math/seeded-random.ts'
import type { CameraId } from '../../src/types.ts'
import type { Cluster } from '../support/kafka/cluster.ts'
import type { Simulated } from './cameras.ts'
import { backWithin, camerasAreBack, lookAt, nothingLost, oneIsActive, workerSessionMs } from './checks.ts'
import { order } from './faults.ts'
import { openWorld } from './world.ts'

/** Who is who: compares the IDs of one period with those before. */
export interface People {
  saw(event: RollcallEvent): void
  compare(): { readonly seen: number; readonly changed: readonly string[] }
}

/** What is done to which site. */
export interface ScaleWanted {
  readonly seed: number
  /** Steps are begun until this is over; at least one. */
  readonly minutes: number
  /** At most so many steps. */
  readonly steps: number
  /** Only faults with this in their names. */
  readonly only: string
  readonly brokers: readonly string[]
  readonly cluster: Cluster | null
  readonly replicas: number
  readonly cameras: readonly Simulated[]
  readonly single: CameraId | null
  readonly people: People
  readonly workers: number
  /** See `WorldParts`. */
  readonly vision: readonly string[]
  /** How long everybody is watched before the first step, and after each. */
  readonly watchMs: number
  readonly sleepMs: number
  readonly say: (line: string) => void
}

/** What came of one step. */
export interface StepResult {
  readonly step: number
  readonly name: string
  readonly tookMs: number
  readonly seen: string
  /** Null when all was as it must be. */
  readonly failure: string | null
}

/** Does one fault after the other to a site of many processes, and checks after each that nothing was lost and nobody has another ID. */
export const runScale = async (wanted: ScaleWanted): Promise<readonly StepResult[]> => {
  const { seed, people, say, cluster, single, sleepMs } = wanted
  const startMs = performance.now()
  const stamp = (): string => `${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s`
  await using opening = new AsyncDisposableStack()
  const world = opening.adopt(await openWorld({ ...wanted, saw: (event) => people.saw(event) }), (opened) =>
    opened.close(),
  )
  for (const member of [...world.identities, ...world.workers]) member.employ()
  await camerasAreBack(world, { ...lookAt(world), epochs: new Map() }, { withinMs: 3 * backWithin(workerSessionMs) })
  await oneIsActive(world)
  say(`${stamp()}  all ${world.cameras.length} cameras are there`)
  const scene = { world, cluster, single, sleepMs }
  const check = async (): Promise<string> => {
    await sleep(wanted.watchMs)
    const lost = await nothingLost(world)
    const { seen, changed } = people.compare()
    if (changed.length > 0) throw new Error(`an ID changed: ${changed.join(', ')}`)
    return `${lost}; ${seen} people with their IDs`
  }
  say(`${stamp()}  undisturbed: ${await check()}`)
  const results: StepResult[] = []
  for (const fault of order(wanted.only, cluster !== null, seededRandom(seed))) {
    const step = results.length + 1
    if (step > wanted.steps || (step > 1 && performance.now() - startMs > wanted.minutes * 60_000)) break
    say(`${stamp()}  step ${step}: ${fault.name} …`)
    const fromMs = performance.now()
    const [seen, failures]: [string[], string[]] = [[], []]
    for (const part of [() => fault.run(scene, seededRandom(seed * 10_007 + step)), check])
      await part().then(
        (text) => seen.push(text),
        (error: Error) => failures.push(error.message),
      )
    const failure = failures.length === 0 ? null : failures.join('; ')
    results.push({ step, name: fault.name, tookMs: performance.now() - fromMs, seen: seen.join('; '), failure })
    say(`${stamp()}  step ${step}: ${failure === null ? 'ok' : `FAILED: ${failure}`}  (${seen.join('; ')})`)
    if (failure !== null)
      for (const member of [...world.workers, ...world.identities]) if (!member.runs()) say(member.log())
  }
  return results
}
