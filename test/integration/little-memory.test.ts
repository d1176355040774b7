import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { takenBy } from '../chaos/proc.ts'
import { createWatcher } from '../chaos/watcher.ts'
import { excerpt, loopFile, scratchDirectory } from '../support/footage.ts'
import { rollcall } from './rollcall.ts'

const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).status === 0

const oneCore = works('taskset', '-c', '0', 'true') ? ['taskset', '-c', '0'] : []
/** A control group with a limit, where systemd makes one. More than 512 MiB of memory ends the program there. */
const limited = ['systemd-run', '--quiet', '--scope', '-p', 'MemoryMax=512M', '-p', 'MemorySwapMax=0', '--']
const canLimit = works('systemd-run', ...limited.slice(1), 'true')
if (!canLimit)
  console.warn('\nSKIPPED: no control group can be made here: 512 MiB are not enforced, what is taken is measured\n')

/** The processes' shares of memory (PSS), MiB. What others on this machine use too counts less than alone. */
const sharesOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const text = existsSync(`/proc/${pid}/smaps_rollup`) ? readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8') : ''
    return sum + Number(/^Pss:\s*(\d+)/m.exec(text)?.[1] ?? 0) / 1024
  }, 0)

test.skipIf(!existsSync('/proc/self/smaps_rollup'))(
  'one camera on one core with a viewer takes less than 512 MiB in all processes together',
  async () => {
    const directory = scratchDirectory()
    const rtsp = await startRtspServer()
    onTestFinished(() => rtsp.close())
    rtsp.addCamera('street', { loop: excerpt(await readLoop(loopFile('street')), 3, 11) })
    const file = join(directory, 'site.yaml')
    const config = {
      cameras: { street: { url: rtsp.url('street') } },
      http: { port: 0 },
      vision: { processes: 1 },
      state: { directory: join(directory, 'state') },
      sinks: { events: join(directory, 'events.jsonl') },
    }
    writeFileSync(file, JSON.stringify(config))
    const run = rollcall(['run', '--config', file], {}, [...(canLimit ? limited : []), ...oneCore])
    onTestFinished(() => run.kill('SIGKILL'))
    const url = await run.until('the address', () => /"url":"([^"]+)"/.exec(run.stderr())?.[1], 60_000)
    const watcher = createWatcher(url, ['street'])
    onTestFinished(() => watcher.close())
    let [mostMiB, mostShares] = [0, 0]
    const measure = (): void => {
      const pids = [run.pid, ...run.vision()]
      mostMiB = Math.max(mostMiB, takenBy(pids))
      mostShares = Math.max(mostShares, sharesOf(pids))
    }
    // The kernel walks through all their pages for it: not each time that is looked whether enough has come.
    const measuring = setInterval(measure, 250)
    onTestFinished(() => clearInterval(measuring))
    await run.until(
      'people, and fifty pictures',
      () => {
        if (watcher.pictures() <= 50) return false
        const seen = existsSync(config.sinks.events) ? readFileSync(config.sinks.events, 'utf8') : ''
        return seen.split('rollcall.person.created.v1').length > 2
      },
      120_000,
    )
    clearInterval(measuring)
    measure()
    run.kill('SIGTERM')
    expect(await run.exited, run.stderr()).toBe(0)
    console.log(`one camera, one core: ${Math.round(mostMiB)} MiB, PSS ${Math.round(mostShares)} MiB`)
    expect(mostShares).toBeGreaterThan(150)
    expect(mostMiB).toBeLessThan(512)
  },
  180_000,
)
