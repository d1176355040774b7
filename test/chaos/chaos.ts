import { seededRandom, shuffled } from '../../src/math/seeded-random.ts'
import { flat, nothingLost, nothingLostAtReceivers, nothingLostInKafka, seconds, settle, watch } from './checks.ts'
import type { Fault } from './fault.ts'
import { brokers } from './faults/brokers.ts'
import { clocks } from './faults/clocks.ts'
import { disks } from './faults/disks.ts'
import { files } from './faults/files.ts'
import { peers } from './faults/peers.ts'
import { processes } from './faults/processes.ts'
import { receivers } from './faults/receivers.ts'
import { describeGrowth, growthOf, type StepHeld } from './growth.ts'
import { type Kafka, openKafka } from './kafka.ts'
import { until } from './until.ts'
import { openWorld, type World } from './world.ts'

export interface ChaosWanted {
  readonly seed: number
  /** Faults are done until this is over; at least one. */
  readonly minutes: number
  /** At most so many; any number when left out. */
  readonly steps?: number
  /** Only the faults that take seconds and need nothing but the project; the others too when false. */
  readonly isShort: boolean
  /** Null for none; undefined for one of this run's own. */
  readonly brokers: string | null | undefined
  /** Only faults with this in their names; all when left out. */
  readonly only?: string
  /** Only this step of the seed's order. */
  readonly step?: number
  /** Told of each step, before and after it. */
  readonly say: (line: string) => void
}

/** What came of one step. */
export interface StepResult {
  readonly step: number
  readonly name: string
  readonly tookMs: number
  /** What was seen and checked. */
  readonly seen: string
  /** Null when all was as it must be. */
  readonly failure: string | null
}

export interface ChaosResult {
  readonly steps: readonly StepResult[]
  /** How what the processes hold rose from step to step; empty after few steps. */
  readonly growth: readonly string[]
  /** What was wrong at the end: the program did not end in time or not with 0, or something has grown. */
  readonly failure: string | null
}

const all: readonly Fault[] = [...processes, ...disks, ...clocks, ...peers, ...files, ...brokers, ...receivers]

/** Every fault once in an order that the seed gives, then again in another one, without end. */
const order = function* (faults: readonly Fault[], seed: number): Generator<Fault> {
  const random = seededRandom(seed)
  for (;;) yield* shuffled(faults, random)
}

/** Runs one fault and all checks. Never throws for what the program does. */
const runStep = async (
  world: World,
  kind: Fault,
  { random, first, watchMs }: { readonly random: () => number; readonly first: Held; readonly watchMs: number },
): Promise<Omit<StepResult, 'step'>> => {
  const startMs = performance.now()
  const seen: string[] = []
  const failures: string[] = []
  const note = async (check: () => Promise<string>): Promise<boolean> => {
    try {
      const text = await check()
      if (text !== '') seen.push(text)
      return true
    } catch (error) {
      failures.push((error as Error).message)
      return false
    }
  }
  const chosen = await kind.apply(world, random)
  await note(() => kind.expect(world, chosen))
  await kind.undo(world, chosen)
  // What does not come back is started anew, so that the next steps say something too.
  if (!(await note(() => settle(world)))) {
    world.program.kill('SIGKILL')
    await world.program.ended()
    await settle(world)
  }
  await note(() => nothingLost(world))
  await note(() => nothingLostAtReceivers(world))
  await note(() => watch(world, watchMs))
  await note(() => flat(world, first))
  const tookMs = performance.now() - startMs
  return { name: kind.name, tookMs, seen: seen.join('; '), failure: failures.length === 0 ? null : failures.join('; ') }
}

type Held = ReturnType<World['program']['held']>

/** Starts the program and waits until it knows everybody who is to be seen, or has had its time; returns what it holds. */
const warmUp = async (world: World, isShort: boolean): Promise<Held> => {
  await settle(world)
  await watch(world, isShort ? 4000 : 40_000)
  return world.program.held()
}

/** Asks the program to end, as an operator does. Returns what is wrong with how it did. */
const end = async (world: World): Promise<string | null> => {
  const { program } = world
  const startMs = performance.now()
  program.kill('SIGTERM')
  try {
    await until('the program has ended after SIGTERM', () => !program.runs(), 10_000)
    const code = await program.ended()
    if (code !== 0) return `ended with code ${code} after SIGTERM: ${program.log().slice(-500)}`
    await nothingLost(world)
    await nothingLostInKafka(world)
    return null
  } catch (error) {
    return `${(error as Error).message}, ${seconds(startMs)} after SIGTERM`
  }
}

/**
 * Does one fault after the other to the whole program, which watches simulated cameras over real RTSP, and checks after each
 * that nothing was lost, nobody has another ID, readiness says what is so, and nothing grows.
 */
export const runChaos = async (wanted: ChaosWanted): Promise<ChaosResult> => {
  const { seed, say, isShort } = wanted
  await using opening = new AsyncDisposableStack()
  const kafka: Kafka | null =
    wanted.brokers === null ? null : opening.adopt(await openKafka(wanted.brokers), (each) => each.close())
  const world = opening.adopt(await openWorld(kafka, seededRandom(seed)), (opened) => opened.close())
  const has = { kafka: kafka !== null, broker: kafka?.isOurs === true }
  const possible = all.filter(({ isLong, needs }) => (!isShort || !isLong) && (needs === undefined || has[needs]))
  const chosen = possible.filter(({ name }) => wanted.only === undefined || name.includes(wanted.only))
  if (chosen.length === 0) throw new Error(`no fault has "${wanted.only}" in its name`)
  const startMs = performance.now()
  const first = await warmUp(world, isShort)
  say(`${seconds(startMs)}  ready, ${world.identities.known()} people known`)
  const steps: StepResult[] = []
  const after = { main: [] as StepHeld[], vision: [] as StepHeld[] }
  const watchMs = isShort ? 1500 : 5000
  let step = 0
  for (const kind of order(chosen, seed)) {
    if (step > 0 && performance.now() - startMs > wanted.minutes * 60_000) break
    if (step === wanted.steps) break
    step++
    if (wanted.step !== undefined && step < wanted.step) continue
    say(`${seconds(startMs)}  step ${step}: ${kind.name} …`)
    const result = {
      step,
      ...(await runStep(world, kind, { random: seededRandom(seed * 10_007 + step), first, watchMs })),
    }
    steps.push(result)
    const { program } = world
    const now = program.held()
    after.main.push({ step, life: `${program.pid()}`, held: now.main })
    after.vision.push({ step, life: program.vision().join(' '), held: now.vision })
    say(
      `${seconds(startMs)}  step ${step}: ${result.failure === null ? 'ok' : `FAILED: ${result.failure}`}  (${result.seen})`,
    )
    if (wanted.step !== undefined) break
  }
  const grown = { main: growthOf(after.main), vision: growthOf(after.vision) }
  const growth = [...describeGrowth('main', grown.main), ...describeGrowth('vision', grown.vision)]
  const leaks = growth.filter((_, i) => [...grown.main, ...grown.vision][i]?.isLeak)
  const failure = await end(world)
  return { steps, growth, failure: failure ?? (leaks.length > 0 ? leaks.join('; ') : null) }
}
