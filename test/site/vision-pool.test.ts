import fc from 'fast-check'
import { VirtualTimeScheduler } from 'rxjs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { assignCameras } from '../../src/site/assign-cameras.ts'
import { createVisionPool, type WorkerMessage } from '../../src/site/vision-pool.ts'
import { silent } from './site.ts'

test('assignCameras: each camera once, in order, shares alike, none empty', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      (cameras, processes) => {
        const shares = assignCameras(cameras, processes)
        expect(shares.flat().sort()).toEqual([...cameras].sort())
        expect(shares).toHaveLength(Math.min(processes, cameras.length))
        const sizes = shares.map((share) => share.length)
        if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        expect(sizes).not.toContain(0)
        for (const share of shares) expect(share).toEqual(cameras.filter((camera) => share.includes(camera)))
      },
    ),
  )
})

/** A pool of real processes that only talk, and a clock that is moved by hand. */
const pool = (
  cameras: readonly string[],
  { untilEnd = false, processes = 2, hangAfterMs = 3_600_000, stays = false } = {},
) => {
  const scheduler = new VirtualTimeScheduler()
  const config = configSchema.parse({
    cameras: Object.fromEntries(cameras.map((camera) => [camera, { url: 'rtsp://127.0.0.1/x' }])),
    vision: { processes, hangAfterMs },
  })
  const entry = new URL('./pool-child.ts', import.meta.url)
  const started = createVisionPool(config, { untilEnd, log: silent, entry, scheduler, mayStay: () => stays })
  const said: WorkerMessage[] = []
  let isOver = false
  let look = (): void => {}
  const subscription = started.messages$.subscribe({
    next: (message) => {
      said.push(message)
      look()
    },
    complete: () => {
      isOver = true
      look()
    },
  })
  onTestFinished(() => subscription.unsubscribe())
  const until = (found: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => found() && resolve()
      look()
    })
  const lines = (): string[] =>
    said.map(({ from, message }) => {
      if (message.type === 'metrics') return `${from.name}: ${message.metrics.map(({ name }) => name).join()}`
      return `${from.name}: ${message.type}`
    })
  return {
    workerOf: (camera: string) => started.workerOf(camera),
    said,
    lines,
    says: (line: string, times = 1) => until(() => lines().filter((each) => each === line).length >= times),
    over: () => until(() => isOver),
    pass: (ms: number) => {
      scheduler.maxFrames = scheduler.frame + ms
      scheduler.flush()
      scheduler.frame = scheduler.maxFrames
    },
    /** The cameras of each process, by name. */
    shares: () => Object.fromEntries(started.workers().map(({ name, cameras }) => [name, cameras])),
    waiting: () => started.workers().flatMap(({ isWaiting, cameras }) => (isWaiting ? cameras : [])),
    deaths: () => said.flatMap(({ message }) => (message.type === 'died' ? message : [])),
    /** Lets time pass until the process dies or is started again as often as that. */
    after: async (line: string, times: number, ms: number) => {
      await until(() => lines().filter((each) => each === line).length >= times)
      scheduler.maxFrames = scheduler.frame + ms
      scheduler.flush()
      scheduler.frame = scheduler.maxFrames
    },
    /** Waits for what real processes lead to without time passing. */
    soon: async (line: string) => {
      while (!lines().includes(line)) {
        scheduler.flush()
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    stop: started.stop,
    open: (camera: string) => started.open(camera, cameraOptions.parse({ url: 'rtsp://127.0.0.1/x' })),
    close: (camera: string) => started.close(camera),
    kill: (worker: string) => {
      const last = said.findLast(({ from, message }) => from.name === worker && message.type === 'started')
      process.kill(last?.message.type === 'started' ? last.message.pid : 0, 'SIGKILL')
    },
  }
}

describe('the pool', () => {
  test('each message comes with its worker, each camera has one', async () => {
    const site = pool(['a', 'b', 'c'])
    await site.says('vision-1: vision-1 has a c')
    await site.says('vision-2: beat')
    expect(['a', 'b', 'c', 'd'].map((camera) => site.workerOf(camera)?.name)).toEqual([
      'vision-1',
      'vision-2',
      'vision-1',
      undefined,
    ])
    site.workerOf('b')?.send({ type: 'watch', cameras: ['b'], video: [] })
    await site.says('vision-2: watch b')
    expect(site.lines()).not.toContain('vision-1: watch b')
    site.stop()
    await site.over()
  })

  test('a worker that dies starts again; the other does not notice', async () => {
    const site = pool(['a', 'b'])
    await site.says('vision-1: vision-1 has a')
    await site.says('vision-2: beat')
    const started = site.said.find(({ from, message }) => from.name === 'vision-1' && message.type === 'started')
    process.kill(started?.message.type === 'started' ? started.message.pid : 0, 'SIGKILL')
    await site.says('vision-1: died')
    site.pass(250)
    await site.says('vision-1: vision-1 has a', 2)
    expect(site.lines().filter((line) => line.startsWith('vision-2'))).toEqual([
      'vision-2: started',
      'vision-2: change',
      'vision-2: ready',
      'vision-2: vision-2 has b',
      'vision-2: beat',
    ])
  })

  test('a camera that kills its process is found, kept apart and tried again after growing pauses; the others go on', async () => {
    const site = pool(['a', 'b', 'bad', 'c'], { processes: 1 })
    await site.after('vision-1: died', 1, 250)
    await site.says('vision-1: died', 2)
    // It was the only one that had not come online.
    expect(site.shares()).toEqual({ 'vision-1': ['a', 'b', 'c'], 'vision-1.1': ['bad'] })
    site.pass(500)
    await site.says('vision-1: vision-1 has a b c')
    await site.after('vision-1.1: died', 1, 250)
    await site.says('vision-1.1: died', 2)
    expect(site.waiting()).toEqual(['bad'])
    expect(site.deaths().at(-1)).toMatchObject({
      restartInMs: 30_000,
      affected: [{ camera: 'bad', fate: 'quarantined', retryInMs: 30_000 }],
    })
    site.pass(29_999)
    expect(site.waiting()).toEqual(['bad'])
    site.pass(1)
    await site.says('vision-1.1: died', 3)
    expect(site.deaths().at(-1)).toMatchObject({ restartInMs: 60_000 })
    expect(site.lines().filter((line) => line === 'vision-1: died')).toHaveLength(2)
    site.stop()
    await site.over()
  })

  test('without a sign of which camera it was, halves are tried', async () => {
    const site = pool(['bad1', 'bad2', 'bad3', 'bad4'], { processes: 1 })
    await site.after('vision-1: died', 1, 250)
    await site.says('vision-1: died', 2)
    expect(site.shares()).toEqual({ 'vision-1': ['bad3', 'bad4'], 'vision-1.1': ['bad1', 'bad2'] })
    await site.says('vision-1.1: died', 1)
    expect(site.shares()).toEqual({
      'vision-1': ['bad3', 'bad4'],
      'vision-1.1': ['bad2'],
      'vision-1.2': ['bad1'],
    })
    site.stop()
    await site.over()
  })

  test('cameras that do nothing are no suspects', async () => {
    const site = pool(['away1', 'away2', 'bad', 'away3'], { processes: 1 })
    await site.after('vision-1: died', 1, 250)
    await site.says('vision-1: died', 2)
    expect(site.shares()).toEqual({ 'vision-1': ['away1', 'away2', 'away3'], 'vision-1.1': ['bad'] })
    site.stop()
    await site.over()
  })

  test('SIGKILL from outside is no reason to suspect a camera, up to the eighth', async () => {
    const site = pool(['a', 'b'], { processes: 1 })
    for (let life = 1; life <= 8; life++) {
      await site.says('vision-1: vision-1 has a b', life)
      const started = site.said.findLast(({ message }) => message.type === 'started')?.message
      process.kill(started?.type === 'started' ? started.pid : 0, 'SIGKILL')
      await site.says('vision-1: died', life)
      expect(Object.keys(site.shares())).toEqual(life < 8 ? ['vision-1'] : ['vision-1', 'vision-1.1'])
      site.pass(15_000)
    }
    site.stop()
    await site.over()
  })

  test('what was split and lives for ten minutes shares a process again', async () => {
    const site = pool(['a', 'b'], { processes: 1 })
    for (let life = 1; life <= 8; life++) {
      await site.says('vision-1: vision-1 has a b', life)
      const started = site.said.findLast(({ message }) => message.type === 'started')?.message
      process.kill(started?.type === 'started' ? started.pid : 0, 'SIGKILL')
      await site.says('vision-1: died', life)
      if (life < 8) site.pass(15_000)
    }
    site.pass(15_000)
    await site.says('vision-1: vision-1 has b')
    await site.says('vision-1.1: vision-1.1 has a')
    site.pass(660_000)
    expect(site.shares()).toMatchObject({ 'vision-1': ['b', 'a'] })
    await site.soon('vision-1: vision-1 has b a')
    expect(site.workerOf('a')?.name).toBe('vision-1')
    expect(site.deaths()).toHaveLength(8)
    site.stop()
    await site.over()
  })

  test.each(['stop', 'spin'])(
    'a process that hangs (%s) is killed and replaced, and that is a death of its camera',
    async (camera) => {
      const site = pool([camera], { hangAfterMs: 2000 })
      await site.says(`vision-1: vision-1 has ${camera}`)
      site.pass(1000)
      expect(site.deaths()).toEqual([])
      site.pass(1000)
      await site.says('vision-1: died')
      const exit = { signal: 'SIGKILL', hung: 'did not answer for 2 s' }
      expect(site.deaths()[0]).toMatchObject({ exit, affected: [{ camera, fate: 'again' }] })
      site.stop()
      await site.over()
    },
  )

  test('a camera that is stuck in a process that works gets one of its own, which is killed when it is stuck there', async () => {
    const site = pool(['a', 'stuck', 'b'], { processes: 1 })
    await site.says('vision-1: drop stuck')
    const moved = site.said.flatMap(({ message }) => (message.type === 'moved' ? message : []))
    expect(moved).toEqual([{ type: 'moved', camera: 'stuck', reason: 'its decoder does not return' }])
    expect(site.workerOf('stuck')?.name).toBe('vision-1.1')
    await site.after('vision-1.1: died', 1, 250)
    expect(site.deaths()).toMatchObject([
      { exit: { hung: 'its decoder does not return' }, affected: [{ camera: 'stuck', fate: 'again' }] },
    ])
    await site.says('vision-1.1: died', 2)
    expect(site.deaths()[1]).toMatchObject({ affected: [{ camera: 'stuck', fate: 'quarantined' }] })
    expect(site.lines().filter((line) => line === 'vision-1: died')).toEqual([])
    site.stop()
    await site.over()
  })

  test('stop ends within seconds while a process hangs', async () => {
    const site = pool(['stop'], {})
    await site.says('vision-1: vision-1 has stop')
    site.stop()
    site.pass(5000)
    await site.over()
    expect(site.deaths()).toEqual([])
  })

  test('recordings: the one that kills its process is given up, the others are read on, and none that is over again', async () => {
    const site = pool(['bad', 'good', 'over'], { untilEnd: true, processes: 1 })
    await site.after('vision-1: died', 1, 250)
    await site.says('vision-1: vision-1 has bad good')
    await site.says('vision-1: died', 2)
    expect(site.shares()).toEqual({ 'vision-1': ['good'], 'vision-1.1': ['bad'] })
    site.pass(500)
    await site.after('vision-1.1: died', 1, 250)
    await site.says('vision-1.1: died', 2)
    await site.says('vision-1: vision-1 has good')
    expect(site.deaths().at(-1)).toMatchObject({
      exit: { code: 7 },
      restartInMs: null,
      affected: [{ camera: 'bad', fate: 'given up', retryInMs: null }],
    })
    site.stop()
    await site.over()
  })
})

describe('cameras that come and go', () => {
  test('one more goes to the process with the fewest, a replaced one stays where it is; nothing else is told', async () => {
    const site = pool(['a', 'b', 'c'])
    await site.says('vision-1: vision-1 has a c')
    await site.says('vision-2: vision-2 has b')
    site.open('d')
    await site.says('vision-2: open d')
    site.open('a')
    await site.says('vision-1: open a')
    expect(site.shares()).toEqual({ 'vision-1': ['a', 'c'], 'vision-2': ['b', 'd'] })
    expect(site.close('c')).toBe(true)
    await site.says('vision-1: drop c')
    expect(site.close('c')).toBe(false)
    expect(site.workerOf('c')).toBeUndefined()
    expect(site.shares()).toEqual({ 'vision-1': ['a'], 'vision-2': ['b', 'd'] })
    expect(site.lines().filter((line) => /drop|open/.test(line))).toHaveLength(3)
    site.stop()
    await site.over()
  })

  test('a process that dies comes back with what it has by then, also with what came while none ran', async () => {
    const site = pool(['a', 'b'], { processes: 1 })
    await site.says('vision-1: vision-1 has a b')
    site.open('c')
    site.close('a')
    await site.says('vision-1: drop a')
    site.kill('vision-1')
    await site.says('vision-1: died')
    site.open('d')
    site.pass(250)
    await site.says('vision-1: vision-1 has b c d')
    expect(site.deaths()[0]?.affected.map(({ camera }) => camera)).toEqual(['b', 'c'])
    site.stop()
    await site.over()
  })

  test('a new process is started while there are less than there may be, and the last camera takes its process along', async () => {
    const site = pool(['a'], { processes: 2, stays: true })
    await site.says('vision-1: vision-1 has a')
    site.open('b')
    await site.says('vision-2: vision-2 has b')
    site.close('a')
    await site.says('vision-1: over')
    expect(site.shares()).toEqual({ 'vision-2': ['b'] })
    site.close('b')
    await site.says('vision-2: over')
    expect(site.shares()).toEqual({})
    site.open('c')
    await site.says('vision-1: vision-1 has c')
    site.stop()
    await site.over()
  })

  test('without any camera it waits for one, and stops when told', async () => {
    const site = pool([], { stays: true })
    site.open('a')
    await site.says('vision-1: vision-1 has a')
    site.stop()
    await site.over()
    const other = pool([], { stays: true })
    other.stop()
    await other.over()
    await pool([]).over()
  })

  test('one in quarantine can be replaced and removed; a process in quarantine gets no other', async () => {
    const site = pool(['a', 'bad'], { processes: 1 })
    await site.after('vision-1: died', 1, 250)
    await site.says('vision-1: died', 2)
    site.pass(500)
    await site.after('vision-1.1: died', 1, 250)
    await site.says('vision-1.1: died', 2)
    expect(site.waiting()).toEqual(['bad'])
    site.open('b')
    expect(site.workerOf('b')?.name).toBe('vision-1')
    site.close('bad')
    await site.says('vision-1.1: over')
    expect(site.waiting()).toEqual([])
    expect(site.shares()).toEqual({ 'vision-1': ['a', 'b'] })
    site.stop()
    await site.over()
  })
})
