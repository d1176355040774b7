import { type Held, lives } from './proc.ts'
import { committedIn, missingOf } from './received.ts'
import { Hopeless, until } from './until.ts'
import type { World } from './world.ts'

/** A busy machine needs this long for what takes two seconds otherwise. */
export const patienceMs = 60_000
/** How long after a fault readiness may say what was so before. */
export const noticeMs = 30_000
/** Waits for `/readyz` to say no, or not to answer. Returns after how long, and why. */
export const notReady = async ({ program }: World, withinMs = noticeMs): Promise<string> => {
  const startMs = performance.now()
  const reasons = await until(
    '/readyz says 503',
    async () => {
      const readiness = await program.readiness()
      if (readiness === null) return ['no answer']
      return readiness.ready ? undefined : readiness.reasons
    },
    withinMs,
  )
  if (reasons.length === 0) throw new Error('/readyz says 503 without a reason')
  return `not ready after ${seconds(startMs)}: ${reasons.join('; ')}`
}

export const seconds = (startMs: number): string => `${((performance.now() - startMs) / 1000).toFixed(1)} s`

/** Waits for new frames of all cameras that work. */
export const framesCome = async (world: World, withinMs = patienceMs): Promise<void> => {
  world.readEvents()
  const before = world.cameras.map(world.framesOf)
  await until(
    'new frames of all cameras',
    () => {
      world.readEvents()
      if (!world.program.runs()) throw new Hopeless(`the program has ended: ${world.program.log().slice(-500)}`)
      return world.cameras.every((camera, i) => world.framesOf(camera) > (before[i] ?? 0))
    },
    withinMs,
  )
}

/** Throws when somebody says that the site is not ready. An answer that a busy machine is late with is asked for again. */
export const staysReady = async ({ program }: World): Promise<void> => {
  const readiness = await until('an answer of /readyz', async () => (await program.readiness()) ?? undefined, 10_000)
  if (!readiness.ready) throw new Error(`not ready: ${readiness.reasons.join('; ')}`)
}

/** Waits until the program is whole again: it is started if it has ended. Returns how long that took. */
export const settle = async (world: World): Promise<string> => {
  const { program } = world
  const startMs = performance.now()
  if (!program.runs()) program.start()
  let reasons: readonly string[] = []
  await until(
    '/readyz says 200',
    async () => {
      const readiness = await program.readiness()
      reasons = readiness?.reasons ?? ['no answer']
      return readiness?.ready === true
    },
    patienceMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${reasons.join('; ')}; the program ${program.runs() ? 'runs' : 'has ended'}`)
  })
  await framesCome(world)
  return `whole after ${seconds(startMs)}`
}

/** While nothing is wrong: readiness says so all the time, and the same people have the same IDs. */
export const watch = async (world: World, forMs: number): Promise<string> => {
  const end = performance.now() + forMs
  const failures: string[] = []
  await until(
    'watched',
    async () => {
      const readiness = await world.program.readiness()
      if (readiness?.ready === false) failures.push(`not ready though all works: ${readiness.reasons.join('; ')}`)
      return performance.now() > end
    },
    forMs + 10_000,
  )
  const [failure] = failures
  if (failure !== undefined) throw new Error(failure)
  world.readEvents()
  const { seen, changed } = world.identities.compare()
  if (changed.length > 0) throw new Error(`an ID changed: ${changed.join(', ')}`)
  return `${seen} people with their IDs`
}

/** All that the state has committed is in the events file, and with `kafka` in the topics too. */
export const nothingLost = async (world: World): Promise<string> => {
  const committed = committedIn(world.stateFile)
  await until(
    'every committed event in the events file',
    () => {
      world.readEvents()
      return missingOf(world.received, committed).length === 0
    },
    15_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}; lost: ${missingOf(world.received, committed).slice(0, 3).join(' ')}`)
  })
  const [torn] = world.tornLines()
  if (torn !== undefined)
    throw new Error(`a line of the events file is no event: ${torn.slice(0, 200)} … ${torn.slice(-80)}`)
  for (const { sequence, event } of committed)
    if (world.received.logged.get(sequence) !== event)
      throw new Error(
        `sequence ${sequence} is another event on disk: ${event} – ${world.received.logged.get(sequence)}`,
      )
  return `${committed.at(-1)?.sequence ?? 0} events, 0 lost`
}

/** The same of Kafka. */
export const nothingLostInKafka = async (world: World): Promise<string> => {
  if (world.kafka === null) return ''
  const committed = committedIn(world.stateFile)
  let logged = await world.kafka.read()
  const { kafka } = world
  await until(
    'every committed event in Kafka',
    async () => {
      logged = await kafka.read()
      return missingOf({ logged }, committed).length === 0
    },
    patienceMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message}; lost: ${missingOf({ logged }, committed).slice(0, 3).join(' ')}`)
  })
  return `${logged.size} in Kafka`
}

/** The same of the webhook and of MQTT, each person's events in their order. What waits about somebody who is deleted is not sent. */
export const nothingLostAtReceivers = async ({ stateFile, receivers }: World): Promise<string> => {
  const committed = committedIn(stateFile)
  const missing = (): readonly string[] =>
    receivers.taken.flatMap(({ logged }) =>
      committed.flatMap(({ sequence, event }) => (logged.has(sequence) ? [] : event)),
    )
  await until('every committed event at the webhook and over MQTT', () => missing().length === 0, patienceMs).catch(
    (error: Error) => {
      throw new Error(`${error.message}; ${missing().length} lost: ${missing().slice(0, 3).join(' ')}`)
    },
  )
  const [wrong] = receivers.outOfOrder()
  if (wrong !== undefined) throw new Error(wrong)
  return `${receivers.taken.map(({ repeats }) => repeats()).join(' and ')} repeats`
}

/** After SIGTERM. */
export const endsInTime = async ({ program }: World): Promise<string> => {
  await until('the program has ended', () => !program.runs(), 10_000)
  const code = await program.ended()
  if (code !== 0) throw new Error(`ended with code ${code}: ${program.log().slice(-500)}`)
  return 'ended with 0 within 10 s'
}

/** More than this over what it was at first is a leak that is seen at once; smaller ones show in `growth.ts`. Strangers and watchers come and go. */
const most = { descriptors: 12, threads: 8, rssMiB: 200 } as const

/** Descriptors, threads and memory are what they were at first; for that they may take some seconds. */
export const flat = async (
  { program }: World,
  first: { readonly main: Held; readonly vision: Held },
): Promise<string> => {
  let now = program.held()
  const tooMuch = (): string[] =>
    (['main', 'vision'] as const).flatMap((process) =>
      (['descriptors', 'threads', 'rssMiB'] as const).flatMap((field) =>
        now[process][field] > first[process][field] + most[field]
          ? [`${process}: ${Math.round(now[process][field])} ${field}, at first ${Math.round(first[process][field])}`]
          : [],
      ),
    )
  await until(
    'flat',
    () => {
      now = program.held()
      return tooMuch().length === 0
    },
    15_000,
  ).catch(() => {
    throw new Error(tooMuch().join('; '))
  })
  const text = ({ descriptors, threads, rssMiB }: Held): string =>
    `${descriptors} fd ${threads} thr ${Math.round(rssMiB)} MiB`
  return `main ${text(now.main)}, vision ${text(now.vision)}`
}

/** Vision processes do not outlive the main process. */
export const noOrphans = (pids: readonly number[]): Promise<boolean> =>
  until(`vision processes ${pids.join(', ')} have ended`, () => !pids.some(lives), 15_000)
