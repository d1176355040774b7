import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualTimeScheduler } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { mainThread } from '../../src/ipc/main-thread.ts'
import { type FromSupervised, type SuperviseOptions, supervise } from '../../src/ipc/supervise.ts'
import { silent } from '../site/site.ts'
import { watchHeld } from '../support/held.ts'

type Died = Extract<FromSupervised, { type: 'died' }>
interface Start {
  readonly how: readonly string[]
  readonly file: string
}

/** A supervised real process, what it said, and a clock that is moved by hand. */
const supervised = (how: readonly string[], options: Partial<SuperviseOptions<Start>> = {}) => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-supervise-'))
  const scheduler = new VirtualTimeScheduler()
  const running = supervise<Start>({
    entry: new URL('./child.ts', import.meta.url),
    name: 'vision-1',
    start: () => ({ how, file: join(directory, 'lives') }),
    next: (_exit, backoffMs) => backoffMs,
    stopWithinMs: 5000,
    // Virtual time passes faster than a real child speaks.
    hangAfterMs: Number.POSITIVE_INFINITY,
    log: silent,
    scheduler,
    ...options,
  })
  const messages: FromSupervised[] = []
  const waiting = new Set<() => void>()
  let isOver = false
  const subscription = running.messages$.subscribe({
    next: (message) => {
      messages.push(message)
      for (const look of waiting) look()
    },
    complete: () => {
      isOver = true
      for (const look of waiting) look()
    },
  })
  onTestFinished(() => {
    subscription.unsubscribe()
    rmSync(directory, { recursive: true, force: true })
  })
  const until = (found: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!found()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  const of = <T extends FromSupervised['type']>(type: T) =>
    messages.filter((message): message is Extract<FromSupervised, { type: T }> => message.type === type)
  return {
    messages,
    deaths: (): readonly Died[] => of('died'),
    pid: () => of('started').at(-1)?.pid ?? 0,
    started: (count: number) => until(() => of('started').length >= count),
    /** It has said that it runs. */
    up: (count: number) => until(() => of('metrics').length >= count),
    died: (count: number) => until(() => of('died').length >= count),
    over: () => until(() => isOver),
    isOver: () => isOver,
    /** What is due within so many milliseconds happens now. */
    pass: (ms: number) => {
      scheduler.maxFrames = scheduler.frame + ms
      scheduler.flush()
      scheduler.frame = scheduler.maxFrames
    },
    send: (message: Parameters<typeof running.send>[0]) => running.send(message),
    stop: () => running.stop(),
    unsubscribe: () => subscription.unsubscribe(),
  }
}

/** While `path` stands for node, no process can be forked. */
const withoutNode = (path = '/nowhere/node'): (() => void) => {
  const { execPath } = process
  process.execPath = path
  const restore = (): void => {
    process.execPath = execPath
  }
  onTestFinished(restore)
  return restore
}

test('starts the process, tells it what to do, passes on what it says', async () => {
  const child = supervised(['echo'])
  await child.up(1)
  child.send({ type: 'ack', camera: 'door' })
  await child.up(2)
  expect(child.messages.map(({ type }) => type)).toEqual(['started', 'metrics', 'metrics'])
  expect(child.messages.at(-1)).toMatchObject({ metrics: [{ name: 'door' }] })
  child.stop()
  await child.over()
  expect(child.deaths()).toEqual([])
})

test.each([
  ['fail', { code: 3, signal: null, failure: null, hung: null, isStopped: false }],
  ['crash', { code: null, signal: 'SIGSEGV', failure: null, hung: null, isStopped: false }],
] as const)('%s: one death that says how, then a new process', async (how, exit) => {
  const child = supervised([how, 'echo'])
  await child.died(1)
  expect(child.deaths()).toEqual([{ type: 'died', exit, restartInMs: 250 }])
  const first = child.pid()
  child.pass(249)
  expect(child.pid()).toBe(first)
  child.pass(1)
  await child.started(2)
  expect(child.pid()).not.toBe(first)
})

test('waits twice as long after each death, 15 s at most', async () => {
  const child = supervised(['fail'])
  const delays: (number | null)[] = []
  for (let count = 1; count <= 9; count++) {
    await child.died(count)
    const delay = child.deaths().at(-1)?.restartInMs ?? null
    delays.push(delay)
    child.pass(delay ?? 0)
  }
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
})

test('a minute alive is healthy: the next death is a first one', async () => {
  const child = supervised(['fail', 'fail', 'echo', 'echo'])
  await child.died(1)
  child.pass(250)
  await child.died(2)
  child.pass(500)
  await child.up(1)
  child.pass(60_001)
  process.kill(child.pid(), 'SIGKILL')
  await child.died(3)
  expect(child.deaths().map(({ restartInMs }) => restartInMs)).toEqual([250, 500, 250])
})

test('a process that cannot be forked died, too, and is tried again', async () => {
  const restore = withoutNode()
  const child = supervised(['echo'])
  await child.died(1)
  child.pass(250)
  await child.died(2)
  expect(child.deaths()).toMatchObject([
    { exit: { code: null, signal: null, failure: expect.stringContaining('ENOENT') }, restartInMs: 250 },
    { exit: { failure: expect.stringContaining('ENOENT') }, restartInMs: 500 },
  ])
  restore()
  child.pass(500)
  await child.up(1)
  expect(child.deaths()).toHaveLength(2)
})

test('a fork that throws, also in the timer of a restart, is such a death', async () => {
  const child = supervised(['fail', 'echo'])
  await child.died(1)
  // Longer than what the kernel takes as one string of the environment: fork throws E2BIG.
  process.env.ROLLCALL_TEST_TOO_BIG = 'x'.repeat(1_000_000)
  onTestFinished(() => {
    delete process.env.ROLLCALL_TEST_TOO_BIG
  })
  child.pass(250)
  await child.died(2)
  expect(child.deaths().at(-1)).toMatchObject({ exit: { failure: expect.stringContaining('E2BIG') }, restartInMs: 500 })
  delete process.env.ROLLCALL_TEST_TOO_BIG
  child.pass(500)
  await child.up(1)
})

test('one that somebody has stopped is hung, killed and replaced', async () => {
  const child = supervised(['hang', 'echo'], { hangAfterMs: 5000 })
  await child.up(1)
  const pid = child.pid()
  process.kill(pid, 'SIGSTOP')
  while (mainThread(pid)?.state !== 'T') await new Promise((resolve) => setTimeout(resolve, 5))
  child.pass(6000)
  await child.died(1)
  const hung = 'loaded its models and did nothing for 5 s'
  expect(child.deaths()).toMatchObject([{ exit: { signal: 'SIGKILL', hung, isStopped: true }, restartInMs: 250 }])
  child.pass(250)
  await child.up(2)
})

test('without descriptors left no process starts, until there are some again', async () => {
  const held: number[] = []
  const giveBack = (): void => {
    for (const fd of held.splice(0)) closeSync(fd)
  }
  onTestFinished(giveBack)
  try {
    for (;;) held.push(openSync('/dev/null', 'r'))
  } catch {
    // EMFILE: that was the last one.
  }
  const child = supervised(['echo'])
  await child.died(1)
  giveBack()
  expect(child.deaths()).toMatchObject([{ exit: { failure: expect.stringContaining('EMFILE') }, restartInMs: 250 }])
  child.pass(250)
  await child.up(1)
})

test('without restarts a death is the end, also one of a process that could not be forked', async () => {
  const failing = supervised(['fail'], { next: () => null })
  await failing.over()
  expect(failing.deaths()).toMatchObject([{ exit: { code: 3 }, restartInMs: null }])
  withoutNode()
  const unforked = supervised(['echo'], { next: () => null })
  await unforked.over()
  expect(unforked.deaths()).toMatchObject([{ exit: { code: null }, restartInMs: null }])
})

test('a process that says it cannot work at all is not started again', async () => {
  const child = supervised(['fatal'])
  await child.over()
  expect(child.messages.filter(({ type }) => type === 'fatal')).toMatchObject([{ code: 'MODEL_MISSING' }])
  expect(child.deaths()).toEqual([])
})

test('ends with its process when that ends in good order', async () => {
  const child = supervised(['exit'])
  await child.over()
  expect(child.deaths()).toEqual([])
})

test('stop while it waits for a restart is over at once, and nothing starts later', async () => {
  const child = supervised(['fail'])
  await child.died(1)
  child.stop()
  expect(child.isOver()).toBe(true)
  child.pass(60_000)
  expect(child.messages.filter(({ type }) => type === 'started')).toHaveLength(1)
})

test('stop before anybody has subscribed starts nothing', async () => {
  const unused = supervise({
    entry: new URL('./child.ts', import.meta.url),
    name: 'vision-1',
    start: () => ({}),
    next: () => null,
    stopWithinMs: 1,
    hangAfterMs: 1000,
    log: silent,
  })
  unused.stop()
  const messages: FromSupervised[] = []
  await new Promise<void>((resolve) =>
    unused.messages$.subscribe({ next: (each) => messages.push(each), complete: resolve }),
  )
  expect(messages).toEqual([])
})

test('a process that hangs after stop is killed', async () => {
  const child = supervised(['hang'])
  await child.up(1)
  child.stop()
  child.pass(4999)
  process.kill(child.pid(), 0)
  child.pass(1)
  await child.over()
  expect(child.deaths()).toEqual([])
})

test('a process that has closed its channel and goes on is killed, and that is a death', async () => {
  const child = supervised(['hang-without-channel', 'echo'], { stopWithinMs: 100, scheduler: undefined as never })
  await child.died(1)
  expect(child.deaths()).toMatchObject([{ exit: { signal: 'SIGKILL' } }])
})

test('unsubscribing kills the process and leaves no timer', async () => {
  const held = watchHeld()
  const running = supervised(['hang'])
  await running.up(1)
  running.unsubscribe()
  expect(await held.extra()).toEqual([])
  const waiting = supervised(['fail'], { scheduler: undefined as never })
  await waiting.died(1)
  waiting.unsubscribe()
  expect(await held.extra()).toEqual([])
})
