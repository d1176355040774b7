import fc from 'fast-check'
import { VirtualTimeScheduler } from 'rxjs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { assignCameras, createVisionPool, type WorkerMessage } from '../../src/site/vision-pool.ts'
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
const pool = (cameras: readonly string[], untilEnd = false) => {
  const scheduler = new VirtualTimeScheduler()
  const config = configSchema.parse({
    cameras: Object.fromEntries(cameras.map((camera) => [camera, { url: 'rtsp://127.0.0.1/x' }])),
    vision: { processes: 2 },
  })
  const entry = new URL('./pool-child.ts', import.meta.url)
  const started = createVisionPool(config, { untilEnd, log: silent, entry, scheduler })
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
    stop: () => {
      for (const worker of started.workers) worker.stop()
    },
  }
}

describe('the pool', () => {
  test('each message comes with its worker, each camera has one', async () => {
    const site = pool(['a', 'b', 'c'])
    await site.says('vision-1: vision-1 has a c')
    await site.says('vision-2: vision-2 has b')
    expect(['a', 'b', 'c', 'd'].map((camera) => site.workerOf(camera)?.name)).toEqual([
      'vision-1',
      'vision-2',
      'vision-1',
      undefined,
    ])
    site.workerOf('b')?.send({ type: 'watch', cameras: ['b'] })
    await site.says('vision-2: watch b')
    expect(site.lines()).not.toContain('vision-1: watch b')
    site.stop()
    await site.over()
  })

  test('a worker that dies starts again; the other does not notice', async () => {
    const site = pool(['a', 'b'])
    await site.says('vision-1: vision-1 has a')
    await site.says('vision-2: vision-2 has b')
    const started = site.said.find(({ from, message }) => from.name === 'vision-1' && message.type === 'started')
    process.kill(started?.message.type === 'started' ? started.message.pid : 0, 'SIGKILL')
    await site.says('vision-1: died')
    site.pass(250)
    await site.says('vision-1: vision-1 has a', 2)
    expect(site.lines().filter((line) => line.startsWith('vision-2'))).toEqual([
      'vision-2: started',
      'vision-2: vision-2 has b',
    ])
  })

  test('a worker that dies again and again harms no other, and both can be stopped', async () => {
    const site = pool(['bad', 'good'])
    await site.says('vision-2: vision-2 has good')
    for (let deaths = 1; deaths <= 4; deaths++) {
      await site.says('vision-1: died', deaths)
      site.pass(250 * 2 ** (deaths - 1))
    }
    site.workerOf('good')?.send({ type: 'ack', camera: 'good' })
    await site.says('vision-2: ack undefined')
    await site.says('vision-1: died', 5)
    site.stop()
    await site.over()
  })

  test('recordings: a worker that died is over, the pool when the others are', async () => {
    const site = pool(['bad', 'good'], true)
    await site.says('vision-1: died')
    await site.says('vision-2: vision-2 has good')
    const deaths = site.said.filter(({ message }) => message.type === 'died')
    expect(deaths).toMatchObject([{ message: { exit: { code: 7 }, restartInMs: null } }])
    site.stop()
    await site.over()
  })
})
