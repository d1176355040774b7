import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { excerpt, loopFile, scratchDirectory } from '../support/footage.ts'
import { rollcall } from './rollcall.ts'

/** In a PID namespace of its own the program is process 1, as in a container without an init. */
const asOne = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
const canBe = spawnSync('unshare', [...asOne.slice(1), 'true'], { stdio: 'ignore' }).status === 0
if (!canBe) console.warn('\nSKIPPED: no PID namespace can be made here: the program is not tried as process 1\n')

/** The `State` of the children of a process, such as S or Z, with their names. */
const childrenOf = (pid: number): string[] =>
  readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const [, name, state, parent] =
        /^\d+ \((.*)\) (\S) (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? []
      return Number(parent) === pid ? [`${state} ${name}`] : []
    } catch {
      return []
    }
  })

test.skipIf(!canBe)(
  'as process 1 it obeys signals, replaces a vision process, and leaves no zombie of its own',
  async () => {
    const directory = scratchDirectory()
    const rtsp = await startRtspServer()
    onTestFinished(() => rtsp.close())
    rtsp.addCamera('street', { loop: excerpt(await readLoop(loopFile('street')), 3, 6) })
    const events = join(directory, 'events.jsonl')
    const config = {
      cameras: { street: { url: rtsp.url('street'), maxFps: 5 } },
      http: { port: 0 },
      state: { directory: join(directory, 'state') },
      sinks: { events },
    }
    const file = join(directory, 'site.yaml')
    writeFileSync(file, JSON.stringify(config))
    const run = rollcall(['run', '--config', file], {}, asOne)
    onTestFinished(() => run.kill('SIGKILL'))
    await run.until('the address', () => run.stderr().includes('viewer, API and metrics'))
    const one = await run.until('process 1', () => run.vision()[0])
    const vision = () => readFileSync(`/proc/${one}/task/${one}/children`, 'utf8').trim().split(' ').map(Number)
    const frames = (path = events) => readFileSync(path, 'utf8').split('rollcall.frame.v1').length
    await run.until('frames', () => frames() > 3, 60_000)

    const [first = 0] = vision()
    run.restarts.expect(/SIGKILL/)
    process.kill(first, 'SIGKILL')
    await run.until('another vision process', () => vision().some((pid) => pid !== first && pid > 0), 60_000)
    renameSync(events, `${events}.1`)
    process.kill(one, 'SIGHUP')
    await run.until(
      'a new events file with frames',
      () => run.stderr().includes('"msg":"read again"') && frames() > 3,
      60_000,
    )
    process.kill(one, 'SIGUSR1')
    expect(childrenOf(one).filter((child) => child.startsWith('Z'))).toEqual([])

    const fromMs = performance.now()
    process.kill(one, 'SIGTERM')
    expect(await run.exited, run.stderr()).toBe(0)
    expect(performance.now() - fromMs).toBeLessThan(10_000)
    expect(run.stderr()).toContain('stopped in order')
  },
  180_000,
)
