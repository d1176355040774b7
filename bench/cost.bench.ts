/**
 * What does a camera cost, and what does looking less lose? Simulated cameras at 25 frames a second over RTSP are watched by `rollcall run`
 * as it comes and at every frame, in turn.
 *
 *   npm run bench -- cost [--size 720,1080] [--scene busy,quiet] [--rounds 1] [--max-fps N] [--whole] [--threads]
 *
 * 720     the footage as it is, 1280×720; 1080: the same scaled up to 1920×1080, made once in `.rollcall`
 * busy    the café and the street together, where people walk most of the time
 * quiet   one camera in front of which somebody is in a tenth of the time (`quiet-camera.ts`)
 *
 * --max-fps     ours with this `maxFps`, to see what it saves and loses
 * --whole       also as it comes, but with every look at the whole picture (`wholeLookMs: null`)
 * --threads     also milliseconds for a second of one camera's video by what threads do: of the identity process (`first`) and the vision
 *               processes (`below`), ours as it comes
 * ours, every   cores that a camera takes, and frames analysed of its second: the mean of the rounds, without the start
 * cameras       so many such cameras take four fifths of this machine's cores
 * late          the longest time by which somebody who stays a second is first shown later than at every frame
 * missed        how many of them were never shown, of how many stays
 * switches      of all rounds: ID switches, and those at every frame
 * verdict       of the last three: what was measured, what was expected, and whether it is met
 *
 * A round takes about eight minutes.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { meanAndError, withError } from './cpu-time.ts'
import { enlarged } from './enlarged.ts'
import { type CameraKeys, everyFrame } from './live-program.ts'
import { type LiveRun, looksIn, runLive, runWhole } from './live-run.ts'
import { type LiveScene, sceneOf } from './live-scenes.ts'
import { delaysOf, scoreLive } from './live-scores.ts'
import { quietCamera } from './quiet-camera.ts'
import { inWords } from './verdict.ts'

/** The share of a machine that its cameras may take: people come to several at the same time. */
const USABLE = 0.8
const MOST_LATE_MS = 500

const sizes = { 720: { open: sceneOf, width: 1280 }, 1080: { open: enlarged, width: 1920 } }

const scenes: Readonly<Record<string, (size: (typeof sizes)[720 | 1080]) => Promise<readonly LiveScene[]>>> = {
  busy: ({ open }) => Promise.all([open('cafe'), open('street')]),
  quiet: async ({ width }) => [await quietCamera('quiet', { width, height: (width * 9) / 16 })],
}

interface Round {
  readonly every: LiveRun
  readonly ours: LiveRun
  /** With every look at the whole picture; null without `--whole`. */
  readonly whole: LiveRun | null
}

/** The ways to watch, one after the other; every other round they are in the opposite order. */
const runRound = async (
  cameras: readonly LiveScene[],
  keys: CameraKeys,
  { asksWhole, isTurned }: { readonly asksWhole: boolean; readonly isTurned: boolean },
): Promise<Round> => {
  const watch = async (way: keyof Round): Promise<LiveRun | null> => {
    if (way === 'every') return runWhole(cameras, { keys: everyFrame })
    if (way === 'ours') return runLive(cameras, { keys })
    return asksWhole ? runLive(cameras, { keys: { ...keys, wholeLookMs: null } }) : null
  }
  const ways = ['every', 'whole', 'ours'] as const
  const runs = new Map<keyof Round, LiveRun | null>()
  for (const way of isTurned ? ways.toReversed() : ways) runs.set(way, await watch(way))
  return Object.fromEntries(runs) as Record<keyof Round, LiveRun | null> as Round
}

const threadsIn = (runs: readonly LiveRun[]): string =>
  [...(runs[0]?.msByThread.keys() ?? [])]
    .map((thread) => [thread, meanAndError(runs.map((run) => run.msByThread.get(thread) ?? 0)).mean] as const)
    .toSorted(([, a], [, b]) => b - a)
    .map(([thread, ms]) => `${thread} ${ms.toFixed(1)}`)
    .join(', ')

const report = (
  name: string,
  { cameras, rounds, showsThreads }: { cameras: readonly LiveScene[]; rounds: readonly Round[]; showsThreads: boolean },
): void => {
  for (const way of ['every', 'whole', 'ours'] as const) {
    const runs = rounds.flatMap((round) => round[way] ?? [])
    if (runs.length === 0) continue
    const cores = runs.map((run) => run.msPerSecond / 1000)
    const frames = meanAndError(runs.map((run) => run.framesPerSecond)).mean
    const most = Math.floor((USABLE * availableParallelism()) / meanAndError(cores).mean)
    console.log(`${name}_${way} ${withError(cores)} cores a camera, ${frames.toFixed(1)} frames`)
    console.log(`${name}_${way}_cameras ${most} on ${availableParallelism()} cores`)
  }
  if (showsThreads) console.log(`${name}_threads ${threadsIn(rounds.map(({ ours }) => ours))}`)
  const delays = rounds.flatMap(({ every, ours }) =>
    cameras.flatMap((scene, i) => delaysOf(scene, ours.cameras[i]?.looks ?? [], every.cameras[i]?.looks ?? [])),
  )
  const late = Math.max(0, ...delays.filter(Number.isFinite))
  const missed = delays.filter((ms) => ms === Number.POSITIVE_INFINITY).length
  const switches = (way: 'every' | 'ours') =>
    rounds.reduce((sum, round) => sum + scoreLive(cameras, looksIn(round[way])).switches, 0)
  const verdicts = [
    { of: 'late', measured: `${late} ms`, expected: `${MOST_LATE_MS} ms at most`, met: late <= MOST_LATE_MS },
    { of: 'missed', measured: `${missed} of ${delays.length}`, expected: '0', met: missed === 0 },
    {
      of: 'switches',
      measured: `${switches('ours')}`,
      expected: `as at every frame (${switches('every')})`,
      met: switches('ours') <= switches('every'),
    },
  ]
  for (const verdict of verdicts) console.log(`${name}_verdict ${inWords(verdict)}`)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: '720,1080' },
      scene: { type: 'string', default: 'busy,quiet' },
      rounds: { type: 'string', default: '1' },
      'max-fps': { type: 'string' },
      whole: { type: 'boolean', default: false },
      threads: { type: 'boolean', default: false },
    },
  })
  const keys = values['max-fps'] === undefined ? {} : { maxFps: Number(values['max-fps']) }
  for (const [size, made] of Object.entries(sizes)) {
    if (!values.size.split(',').includes(size)) continue
    for (const [scene, make] of Object.entries(scenes)) {
      if (!values.scene.split(',').includes(scene)) continue
      const cameras = await make(made)
      const rounds: Round[] = []
      for (let round = 0; round < Number(values.rounds); round++) {
        console.error(`${size}, ${scene}: round ${round + 1}`)
        rounds.push(await runRound(cameras, keys, { asksWhole: values.whole, isTurned: round % 2 === 1 }))
      }
      report(`${size}_${scene}`, { cameras, rounds, showsThreads: values.threads })
    }
  }
}
