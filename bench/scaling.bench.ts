/**
 * What do more cameras take, and what happens when the machine is full? `rollcall run` watches 1, 2, 4 … simulated cameras, 1280×720
 * at 25 frames a second over RTSP. Most are quiet, as in life: somebody is there in a tenth of the time, on each at another time.
 * Of each sixteen one is busy.
 *
 *   npm run bench -- scaling [--most 64] [--quick]
 *
 * --most      of these, powers of two; --quick: up to 4, with the loops' seconds around the visit, 28, instead of 52
 *
 * N           of N cameras: cores, memory (MiB), threads and file descriptors of all processes; p50 and p99 from capture to event;
 *             frames analysed a second of quiet cameras, mean and least; Jain's index of them; the longest time from somebody's
 *             coming to the first box, and how many were never shown
 * full        the first N at which quiet cameras get less than nine tenths of the frames of a single one
 * fit         of cores, memory, threads, descriptors: at 0, what a camera adds, and R², over those before that with as many processes
 *             as the most cameras have
 * verdict     what was measured, what was expected, and whether it is met
 *
 * The cameras run before everything else on the machine, where this user may have that: in life they are machines of their own. Seven
 * steps take about ten minutes.
 */
import { getPriority, setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import { type LinearFit, linearFit } from './linear-fit.ts'
import { type LiveRun, runLive } from './live-run.ts'
import { composed, type LiveScene, quietStretches, type Stretch, sceneOf } from './live-scenes.ts'
import { waitsOf } from './live-scores.ts'
import { jain, quantile } from './overload-figures.ts'
import { goFirst } from './peer.ts'
import { inWords, type Verdict } from './verdict.ts'

/** Of each so many cameras one is busy. */
const BUSY_OF = 16
const MOST_LATE_MS = 1000
/** Latency is flat up to this ratio over that of one camera. */
const FLAT = 2

/** One step. */
interface Step {
  readonly count: number
  readonly cores: number
  readonly run: LiveRun
  /** Analysed frames of quiet cameras, each. */
  readonly quiet: readonly number[]
  /** See `waitsOf`; of all cameras. */
  readonly waits: readonly number[]
}

const rotated = (stretches: readonly Stretch[], by: number): readonly Stretch[] => {
  const from = by % stretches.length
  return [...stretches.slice(from), ...stretches.slice(0, from)]
}

/** So many cameras. The steps between the visits of quiet ones have no common divisor with the stretches of a loop. */
const scenesFor = (count: number, cafe: LiveScene, street: LiveScene, stretches: readonly Stretch[]) => {
  const busy = Math.floor(count / BUSY_OF)
  return [
    ...Array.from({ length: count - busy }, (_, i) => composed(`quiet-${i + 1}`, cafe, rotated(stretches, 7 * i))),
    ...Array.from({ length: busy }, (_, i) => ({ ...street, name: `busy-${i + 1}` })),
  ]
}

const runStep = async (scenes: readonly LiveScene[], normal: number): Promise<Step> => {
  setPriority(normal)
  const run = await runLive(scenes, { keys: {} }, () => goFirst(process.pid))
  return {
    count: scenes.length,
    cores: (run.msPerSecond * scenes.length) / 1000,
    run,
    quiet: run.cameras.flatMap(({ frames }, i) => (scenes[i]?.name.startsWith('quiet') ? [frames] : [])),
    waits: run.cameras.flatMap((camera, i) => (scenes[i] ? waitsOf(scenes[i], camera.looks, camera) : [])),
  }
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const report = ({ count, cores, run, quiet, waits }: Step, seconds: number): void => {
  const { mib, threads, descriptors } = run.held
  const shown = waits.filter(Number.isFinite)
  console.log(
    `scaling_${count} ${cores.toFixed(2)} cores, ${mib.toFixed(0)} MiB, ${threads} threads, ${descriptors} descriptors; ` +
      `p50 ${quantile(run.agesMs, 0.5).toFixed(0)} ms, p99 ${quantile(run.agesMs, 0.99).toFixed(0)} ms; ` +
      `${(meanOf(quiet) / seconds).toFixed(1)} frames, least ${(Math.min(...quiet) / seconds).toFixed(1)}, fairness ${jain(quiet).toFixed(3)}; ` +
      `late ${Math.max(0, ...shown)} ms, ${waits.length - shown.length} of ${waits.length} missed`,
  )
}

const verdictsOf = (
  steps: readonly Step[],
  before: readonly Step[],
  fitted: number,
  fits: ReadonlyMap<string, LinearFit>,
) => {
  const p99 = ({ run }: Step): number => quantile(run.agesMs, 0.99)
  const tails = before.map(p99)
  const growth = Math.max(...tails) / (tails[0] ?? Number.NaN)
  const last = steps.at(-1)
  const fairness = last ? jain(last.quiet) : Number.NaN
  const waits = last?.waits ?? []
  const late = Math.max(0, ...waits)
  const r2 = Math.min(...[...fits.values()].map((fit) => fit.r2))
  return [
    {
      of: 'linear',
      measured: fitted < 3 ? `${fitted} steps alike` : `R² ${r2.toFixed(4)} at least`,
      expected: '.98 at least',
      met: fitted < 3 ? null : r2 >= 0.98,
    },
    {
      of: 'latency',
      measured: `p99 × ${growth.toFixed(2)} at most before the machine is full`,
      expected: `× ${FLAT}`,
      met: growth <= FLAT,
    },
    {
      of: 'fairness',
      measured: `${fairness.toFixed(3)} among the quiet cameras of the last step`,
      expected: '.98',
      met: fairness >= 0.98,
    },
    {
      of: 'late',
      measured: `${late} ms in the last step`,
      expected: `${MOST_LATE_MS} ms at most`,
      met: late <= MOST_LATE_MS,
    },
  ] satisfies Verdict[]
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { most: { type: 'string' }, quick: { type: 'boolean', default: false } },
  })
  const most = Number(values.most ?? (values.quick ? 4 : 64))
  const middle = Math.floor(quietStretches.length / 2)
  const stretches = values.quick ? quietStretches.slice(middle - 6, middle + 6) : quietStretches
  const [cafe, street] = [await sceneOf('cafe'), await sceneOf('street')]
  const normal = getPriority()
  const steps: Step[] = []
  for (let count = 1; count <= most; count *= 2) {
    const scenes = scenesFor(count, cafe, street, stretches)
    const step = await runStep(scenes, normal)
    report(step, (scenes[0]?.facesOf.length ?? 0) / 25)
    steps.push(step)
  }
  const alone = meanOf(steps[0]?.quiet ?? [])
  const fullAt = steps.findIndex(({ quiet }) => meanOf(quiet) < 0.9 * alone)
  const before = fullAt < 0 ? steps : steps.slice(0, fullAt)
  console.log(`scaling_full ${steps[fullAt]?.count ?? `not with ${most}`}`)
  const of: Readonly<Record<string, (step: Step) => number>> = {
    cores: ({ cores }) => cores,
    mib: ({ run }) => run.held.mib,
    threads: ({ run }) => run.held.threads,
    descriptors: ({ run }) => run.held.descriptors,
  }
  const alike = before.filter(({ run }) => run.held.processes === before.at(-1)?.run.held.processes)
  const fits = new Map(
    Object.entries(alike.length > 1 ? of : {}).map(([name, value]) => [
      name,
      linearFit(alike.map((step) => [step.count, value(step)])),
    ]),
  )
  for (const [name, { at0, slope, r2 }] of fits)
    console.log(`scaling_fit_${name} ${at0.toFixed(3)}, ${slope.toFixed(3)} a camera, R² ${r2.toFixed(4)}`)
  for (const verdict of verdictsOf(steps, before, alike.length, fits))
    console.log(`scaling_verdict ${inWords(verdict)}`)
}
