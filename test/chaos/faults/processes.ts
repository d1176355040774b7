import { setTimeout as sleep } from 'node:timers/promises'
import { framesCome, noOrphans, noticeMs, notReady, patienceMs, seconds } from '../checks.ts'
import { type Fault, fault, oneOf } from '../fault.ts'
import { lives } from '../proc.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

/** The program is asked to end. Kubernetes kills after 30 s; it promises 10. */
const endWithinMs = 10_000

/** Resolves to how long the end took; throws when it is not `code`, or when anything is left. */
const endsWith = async ({ program }: World, code: number | null, vision: readonly number[]): Promise<string> => {
  const startMs = performance.now()
  await until('the program has ended', () => !program.runs(), endWithinMs)
  const ended = await program.ended()
  if (ended !== code) throw new Error(`ended with code ${ended}, expected ${code}: ${program.log().slice(-500)}`)
  const took = seconds(startMs)
  await noOrphans(vision)
  return `ended with ${code ?? 'SIGKILL'} after ${took}, no process left`
}

const nothing = (): void => undefined

/** A vision process that is gone or hangs is replaced. */
const replaced = async (world: World, pid: number): Promise<string> => {
  const { program } = world
  const [startMs, count] = [performance.now(), world.cameras.length]
  await until(
    'another vision process in its place',
    () => !program.vision().includes(pid) && program.vision().length === count,
    noticeMs,
  )
  return `replaced after ${seconds(startMs)}`
}

export const processes: readonly Fault[] = [
  fault({
    name: 'kill -9 of a vision process',
    apply: ({ program }, random) => {
      const pid = oneOf(program.vision(), random)
      process.kill(pid, 'SIGKILL')
      return pid
    },
    expect: async (world, pid) => [await notReady(world), await replaced(world, pid)].join(', '),
    undo: nothing,
  }),
  fault({
    name: 'kill -9 of all vision processes at once',
    isLong: true,
    apply: ({ program }) => {
      const pids = program.vision()
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      return pids
    },
    expect: async (world, pids) =>
      [await notReady(world), ...(await Promise.all(pids.map((pid) => replaced(world, pid))))].join(', '),
    undo: nothing,
  }),
  fault({
    name: 'kill -9 of the main process',
    apply: ({ program }) => {
      const vision = program.vision()
      program.kill('SIGKILL')
      return vision
    },
    expect: (world, vision) => endsWith(world, null, vision),
    undo: nothing,
  }),
  fault({
    name: 'SIGSTOP of a vision process',
    apply: ({ program }, random) => {
      const pid = oneOf(program.vision(), random)
      process.kill(pid, 'SIGSTOP')
      return pid
    },
    expect: async (world, pid) => [await notReady(world), await replaced(world, pid)].join(', '),
    undo: (_, pid) => {
      if (lives(pid)) process.kill(pid, 'SIGCONT')
    },
  }),
  fault({
    name: 'SIGSTOP of the main process for some seconds',
    apply: async ({ program }, random) => {
      const vision = program.vision()
      program.kill('SIGSTOP')
      await sleep(2000 + 4000 * random())
      program.kill('SIGCONT')
      return vision
    },
    expect: async (world, vision) => {
      const startMs = performance.now()
      await framesCome(world)
      const left = world.program.vision()
      const kept = vision.filter((pid) => left.includes(pid)).length
      return `frames after ${seconds(startMs)}, ${kept} of ${vision.length} vision processes kept`
    },
    undo: nothing,
  }),
  fault({
    name: 'SIGTERM',
    apply: ({ program }) => {
      const vision = program.vision()
      program.kill('SIGTERM')
      return vision
    },
    expect: (world, vision) => endsWith(world, 0, vision),
    undo: nothing,
  }),
  fault({
    name: 'SIGTERM while a vision process hangs',
    isLong: true,
    apply: ({ program }, random) => {
      const vision = program.vision()
      process.kill(oneOf(vision, random), 'SIGSTOP')
      program.kill('SIGTERM')
      return vision
    },
    expect: (world, vision) => endsWith(world, 0, vision),
    undo: nothing,
  }),
  fault({
    name: 'SIGHUP after the events file was moved away',
    isLong: true,
    apply: (world) => {
      world.readEvents()
      world.rotate()
      world.program.kill('SIGHUP')
    },
    expect: async (world) => {
      const startMs = performance.now()
      await framesCome(world, patienceMs)
      if (!world.program.runs()) throw new Error('SIGHUP has ended it')
      return `a new events file after ${seconds(startMs)}`
    },
    undo: nothing,
  }),
]
