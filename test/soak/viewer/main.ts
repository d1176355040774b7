/** `npm run soak:viewer -- --minutes 60`: the viewer watched for an hour, and whether browser or program grow by it. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { cpuMsOf } from '../../../bench/cpu-time.ts'
import { startSimulatedCameras } from '../../../simulator/simulated-cameras.ts'
import { executablePath } from '../../browser/chromium.ts'
import { browserPids } from '../../browser/processes.ts'
import { scene } from '../../browser/site.ts'
import { heldBy } from '../../chaos/proc.ts'
import { exitCodes } from '../../support/growth.ts'
import { buildViewer } from '../../viewer/built.ts'
import { openTab, type Tab } from './devtools.ts'
import { pageMemory } from './page-memory.ts'
import type { FromServer, ToServer } from './server.ts'
import { type Held, viewerGrowth, viewerOutcome, viewerVerdict } from './verdict.ts'

const usage = `npm run soak:viewer -- [OPTIONS]

  --minutes N   watched and measured; 60 unless given
  --warm-up N   minutes before that, in which code is loaded and buffers are filled; 10 unless given
  --every N     seconds between two looks; 30 unless given
  --cameras A,B of the project's own footage: cafe, gate, lobby, street; cafe unless given
  --plain       only the people of the footage are seen. Otherwise sixty people come for a second or two, again and again:
                some thousand visits an hour more, so that what grows by visits shows soon
  --heaps DIR   writes what lives in the heaps of page and program to DIR, after the warm-up and at the end; DevTools open
                the files (Memory, Load) and compare them

The real program, its cameras and Chromium are processes of their own. Between two looks the page goes through People, a person,
Review, Cameras, Events and System, and back to Live, and another tab comes and goes. The last line is the verdict, by what is
left after a collection of garbage. Exit code 0: flat; 1: something grows; 2: watched too short to say which.`

/** Ask and answer, one at a time. */
const asking = (child: ChildProcess) => (message: ToServer) =>
  new Promise<FromServer>((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`the program ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (answer) => {
      child.off('exit', onExit)
      resolve(answer as FromServer)
    })
    child.send(message)
  })

/** A process's own memory and its share of what processes share, MiB. Code is left out: it is in memory for all Chromiums. */
const ownMiB = async (pids: readonly number[]): Promise<number> => {
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')))
  const kib = (text: string, field: string): number =>
    Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return texts.reduce((sum, text) => sum + kib(text, 'Pss_Anon') + kib(text, 'Pss_Shmem'), 0) / 1024
}

/** Waits until an expression is true in the page, which may be loading; rejects after a minute. */
const until = async (tab: Pick<Tab, 'evaluate'>, expression: string): Promise<void> => {
  for (const fromMs = performance.now(); !(await tab.evaluate(expression).catch(() => false)); await setTimeout(100))
    if (performance.now() - fromMs > 60_000) throw new Error(`a minute without ${expression}`)
}

/** Through all pages, as somebody who works with it. */
const goRound = async (tab: Tab): Promise<void> => {
  const show = async (path: string, name = path): Promise<void> => {
    await tab.evaluate(`location.hash = ${JSON.stringify(`#/${path}`)}`)
    await until(tab, `document.body.dataset.page === ${JSON.stringify(name)}`)
    await setTimeout(300)
  }
  await show('people')
  const person = await tab.evaluate<string | null>(
    `document.querySelector('.person-card')?.getAttribute('href') ?? null`,
  )
  if (person !== null) await show(person.replace(/^#\//, ''), 'person')
  for (const path of ['review', 'cameras', 'events', 'system']) await show(path)
  await show('live')
  await until(tab, `document.querySelector('.tile.has-picture') !== null`)
}

/** Another tab at this address comes, connects and goes. */
const visitBriefly = async (tab: Tab, url: string): Promise<void> => {
  const other = await tab.openAnother(url)
  await until(other, `document.body?.dataset.connected === 'true'`)
  await other.close()
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    'warm-up': { type: 'string', default: '10' },
    every: { type: 'string', default: '30' },
    cameras: { type: 'string', default: 'cafe' },
    plain: { type: 'boolean', default: false },
    heaps: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const started = async (owned: AsyncDisposableStack) => {
  const directory = owned.adopt(await mkdtemp(join(tmpdir(), 'rollcall-soak-')), (each) =>
    rm(each, { recursive: true, force: true }),
  )
  const files = values.cameras.split(',').map((name) => ({ name, file: scene(name) }))
  const cameras = owned.adopt(await startSimulatedCameras(files), (each) => each.close())
  const child = owned.adopt(
    fork(new URL('./server.ts', import.meta.url), { serialization: 'advanced', execArgv: process.execArgv }),
    (each) => void each.kill(),
  )
  const ask = asking(child)
  const config = {
    site: 'soak',
    cameras: Object.fromEntries(cameras.cameras.map(({ name, url }) => [name, { url, maxFps: values.plain ? 1 : 4 }])),
    identity: values.plain ? {} : { sightingGapMs: 1000 },
    vision: { processes: 1 },
    log: { level: 'error' },
    http: { port: 0 },
    // Full within minutes, so that filling it is not taken for a leak.
    sinks: { webSocket: { replayBytes: 262_144 } },
  }
  const answer = await ask({
    type: 'start',
    config,
    stateDirectory: join(directory, 'state'),
    viewerDirectory: await buildViewer(),
    isCrowded: !values.plain,
  })
  if (answer.type !== 'listening') throw new Error(`the program answered ${answer.type}`)
  const tab = owned.adopt(await openTab(`${answer.url}/#/live`), (each) => each.close())
  return { ask, child, tab, url: answer.url }
}

const watch = async (): Promise<void> => {
  await using owned = new AsyncDisposableStack()
  const { ask, child, tab, url } = await started(owned)
  const look = async () => {
    const [ofTab, server] = [await pageMemory(tab), await ask({ type: 'held' })]
    if (server.type !== 'held') throw new Error(`the program answered ${server.type}`)
    const pid = child.pid ?? 0
    const held: Held = {
      ...ofTab,
      browserMiB: await ownMiB(browserPids()),
      serverHeapMiB: server.heapMiB,
      serverBuffersMiB: server.buffersMiB,
      serverMiB: heldBy(pid).rssMiB,
      visionMiB: server.vision.reduce((sum, each) => sum + heldBy(each).rssMiB, 0),
      descriptors: heldBy(pid).descriptors,
    }
    const visionCpuMs = server.vision.reduce((sum, each) => sum + cpuMsOf(each), 0)
    return {
      held,
      events: server.events,
      cpuMs: [browserPids().reduce((sum, each) => sum + cpuMsOf(each), 0), server.cpuMs, visionCpuMs],
    }
  }
  const writeHeaps = async (when: string): Promise<void> => {
    if (values.heaps === undefined) return
    await tab.writeHeap(join(values.heaps, `page-${when}.heapsnapshot`))
    await ask({ type: 'writeHeap', file: join(values.heaps, `program-${when}.heapsnapshot`) })
  }
  const [warmUpMs, watchedMs] = [Number(values['warm-up']) * 60_000, Number(values.minutes) * 60_000]
  const fromMs = performance.now()
  const samples: [number, Held][] = []
  let before: { readonly atMs: number; readonly cpuMs: readonly number[]; readonly events: number } | null = null
  for (let elapsedMs = 0; elapsedMs < warmUpMs + watchedMs; ) {
    await setTimeout(Number(values.every) * 1000)
    await goRound(tab)
    await visitBriefly(tab, `${url}/#/live`)
    // What was under way when the page changed has come.
    await setTimeout(2000)
    const { held, cpuMs, events } = await look()
    elapsedMs = performance.now() - fromMs
    const figures = Object.entries(held).map(([name, value]) => `${name} ${value.toFixed(1)}`)
    console.log(`${(elapsedMs / 60_000).toFixed(1)} min: ${figures.join(', ')}`)
    if (elapsedMs < warmUpMs) continue
    samples.push([elapsedMs / 3_600_000, held])
    if (before === null) await writeHeaps('begin')
    before ??= { atMs: elapsedMs, cpuMs, events }
    const percent = cpuMs.map((ms, i) =>
      Math.round((100 * (ms - (before?.cpuMs[i] ?? 0))) / Math.max(1, elapsedMs - (before?.atMs ?? 0))),
    )
    console.log(
      `  CPU of browser, main process, vision: ${percent.join(', ')} % of a core; ${events - before.events} events`,
    )
  }
  await writeHeaps('end')
  const growth = viewerGrowth(samples)
  console.log(viewerVerdict(Number(values.minutes), growth).join('\n'))
  process.exitCode = exitCodes[viewerOutcome(growth)]
}

if (values.help) console.log(usage)
else if (executablePath === undefined) throw new Error('there is no Chromium: apt-get install chromium')
else await watch()
