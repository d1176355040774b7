/**
 * What do more cameras take, and what happens when the machine is full? `rollcall run` watches 1, 2, 4 … simulated cameras, 1280×720
 * at 25 frames a second over RTSP. Most are quiet, as in life: somebody is there in a tenth of the time, on each at another time
 * (`quiet-camera.ts`). Of each sixteen one is busy.
 *
 *   npm run bench -- scaling [--most 64 | --steps 32,64] [--busy N] [--rounds 1] [--quick]
 *
 * --most      of these, powers of two; --steps: these; --quick: up to 4, with loops of 28 seconds instead of 66
 * --busy      so many are busy, at any number of cameras
 * --rounds    each step so many times; standard errors are given then
 *
 * N           of N cameras: cores, memory (MiB), threads and file descriptors of all processes; p50 and p99 from capture to event;
 *             frames analysed a second of quiet cameras, mean and least; Jain's index of them; the longest time from somebody's
 *             coming to the first box, and how many were never shown; cores that the simulated cameras took themselves
 * full        the first N at which quiet cameras get less than nine tenths of the frames of a single one
 * fit         of cores, memory, threads, descriptors: at 0, what a camera adds, and R², over those before that with as many processes
 *             as the most cameras have
 * verdict     what was measured, what was expected, and whether it is met
 *
 * The cameras run before everything else on the machine, where this user may have that: in life they are machines of their own. A step
 * takes about a minute and a half, more with many cameras, which begin all at once and need a moment to sleep.
 */
import { getPriority, setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import { meanAndError } from './cpu-time.ts'
import { type LinearFit, linearFit } from './linear-fit.ts'
import { type LiveRun, runLive } from './live-run.ts'
import { type LiveScene, sceneOf } from './live-scenes.ts'
import { waitsOf } from './live-scores.ts'
import { jain, quantile } from './overload-figures.ts'
import { goFirst } from './peer.ts'
import { quietCamera } from './quiet-camera.ts'
import { inWords, type Verdict } from './verdict.ts'

const FPS = 25
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

/** So many cameras, of which `busy` are busy. They begin at other seconds of their loops, at key frames. */
const scenesFor = (count: number, busy: number, quiet: LiveScene, street: LiveScene): readonly LiveScene[] => {
  const seconds = quiet.facesOf.length / FPS
  return [
    ...Array.from({ length: count - busy }, (_, i) => ({
      ...quiet,
      name: `quiet-${i + 1}`,
      joinsAtS: (13 * i) % seconds,
    })),
    ...Array.from({ length: busy }, (_, i) => ({
      ...street,
      name: `busy-${i + 1}`,
      joinsAtS: (8 * i) % (street.facesOf.length / FPS),
    })),
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

/** The mean, and with several values their standard error. */
const told = (values: readonly number[], digits: number): string => {
  const { mean, error } = meanAndError(values)
  return error === null ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${error.toFixed(digits)}`
}

const p99 = ({ run }: Step): number => quantile(run.agesMs, 0.99)
const waitsIn = (rounds: readonly Step[]): readonly number[] => rounds.flatMap(({ waits }) => waits)

/** All rounds of one step. */
const report = (rounds: readonly Step[], seconds: number): void => {
  const of = (value: (step: Step) => number, digits = 0): string => told(rounds.map(value), digits)
  const waits = waitsIn(rounds)
  const shown = waits.filter(Number.isFinite)
  console.log(
    `scaling_${rounds[0]?.count} ${of(({ cores }) => cores, 2)} cores, ${of(({ run }) => run.held.mib)} MiB, ` +
      `${of(({ run }) => run.held.threads)} threads, ${of(({ run }) => run.held.descriptors)} descriptors; ` +
      `p50 ${of(({ run }) => quantile(run.agesMs, 0.5))} ms, p99 ${of(p99)} ms; ` +
      `${of(({ quiet }) => meanOf(quiet) / seconds, 1)} frames, least ${of(({ quiet }) => Math.min(...quiet) / seconds, 1)}, ` +
      `fairness ${of(({ quiet }) => jain(quiet), 3)}; late ${Math.max(0, ...shown)} ms, ` +
      `${waits.length - shown.length} of ${waits.length} missed; the cameras ${of(({ run }) => run.camerasCores, 2)} cores`,
  )
}

/** `steps`, and those `before` the machine was full: the rounds of each. */
const verdictsOf = (
  steps: readonly (readonly Step[])[],
  before: readonly (readonly Step[])[],
  fitted: number,
  fits: ReadonlyMap<string, LinearFit>,
) => {
  const tails = before.map((rounds) => meanOf(rounds.map(p99)))
  const growth = Math.max(...tails) / (tails[0] ?? Number.NaN)
  const last = steps.at(-1) ?? []
  const fairness = meanOf(last.map(({ quiet }) => jain(quiet)))
  const late = Math.max(0, ...waitsIn(last))
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

/** What grows with the cameras, over the steps with as many processes as the last one. */
const fitsOf = (steps: readonly Step[]): ReadonlyMap<string, LinearFit> => {
  const of: Readonly<Record<string, (step: Step) => number>> = {
    cores: ({ cores }) => cores,
    mib: ({ run }) => run.held.mib,
    threads: ({ run }) => run.held.threads,
    descriptors: ({ run }) => run.held.descriptors,
  }
  const isEnough = new Set(steps.map(({ count }) => count)).size > 1
  return new Map(
    Object.entries(isEnough ? of : {}).map(([name, value]) => [
      name,
      linearFit(steps.map((step) => [step.count, value(step)])),
    ]),
  )
}

/** The numbers of cameras. */
const countsOf = (steps: string | undefined, most: number): readonly number[] =>
  steps === undefined
    ? Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, i) => 2 ** i)
    : steps.split(',').map(Number)

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      most: { type: 'string' },
      steps: { type: 'string' },
      busy: { type: 'string' },
      rounds: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
    },
  })
  const most = Number(values.most ?? (values.quick ? 4 : 64))
  const quiet = await quietCamera('quiet', values.quick ? { stillS: 22, filmS: 6 } : {})
  const street = await sceneOf('street')
  const normal = getPriority()
  const steps: Step[][] = []
  for (const count of countsOf(values.steps, most)) {
    const busy = Math.min(count - 1, Number(values.busy ?? Math.floor(count / BUSY_OF)))
    const scenes = scenesFor(count, busy, quiet, street)
    const rounds: Step[] = []
    for (let round = 0; round < Number(values.rounds); round++) rounds.push(await runStep(scenes, normal))
    report(rounds, quiet.facesOf.length / FPS)
    steps.push(rounds)
  }
  const framesOf = (rounds: readonly Step[]): number => meanOf(rounds.map((step) => meanOf(step.quiet)))
  const fullAt = steps.findIndex((rounds) => framesOf(rounds) < 0.9 * framesOf(steps[0] ?? []))
  const before = fullAt < 0 ? steps : steps.slice(0, fullAt)
  console.log(`scaling_full ${steps[fullAt]?.[0]?.count ?? `not with ${steps.at(-1)?.[0]?.count}`}`)
  const processes = before.at(-1)?.[0]?.run.held.processes
  const alike = before.filter(([first]) => first?.run.held.processes === processes)
  const fits = fitsOf(alike.flat())
  for (const [name, { at0, slope, r2 }] of fits)
    console.log(`scaling_fit_${name} ${at0.toFixed(3)}, ${slope.toFixed(3)} a camera, R² ${r2.toFixed(4)}`)
  for (const verdict of verdictsOf(steps, before, alike.length, fits))
    console.log(`scaling_verdict ${inWords(verdict)}`)
}
