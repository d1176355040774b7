/**
 * What happens when cameras send more than this machine can analyse? The capacity is measured first, with one camera of
 * each loop of the footage (two of them H.264 with B-frames, one without, one H.265 with B-frames). Then as many cameras send
 * at 25 frames a second as ask for `factor` times that.
 *
 *   npm run bench -- overload [--factors 4,8] [--seconds 180] [--calm 40]
 *
 * latency_ratio   p99 from capture to event in the last third over that in the first (1.1 is the aim), and its standard error, over five parts of each
 * fairness        Jain's index of analysed frames: the least among the cameras of one loop (.98 is the aim), and over all
 * rss             slope of each process's memory over the last two thirds, MiB a minute, and its standard error, over four parts of them
 * people          found, IDs a person and switches against the truth; `calm` is one camera a loop at a rate it can do
 * verdict         of each of these: what was measured, what was expected, and whether it is met; exit code 1 when one is not
 */
import { parseArgs } from 'node:util'
import type { TruthScore } from '../src/types.ts'
import { slopeInParts } from '../test/support/slope.ts'
import { jain, quantile, ratioOfTails, verdictsOf } from './overload-figures.ts'
import { type Load, runLoad } from './overload-run.ts'
import { inWords } from './verdict.ts'

const LOOPS = 4
const CAMERA_FPS = 25
/** Models load, cameras open, and the first people come within this time. */
const WARM_UP_MS = 15_000

/** Analysed frames a second once all is warm. */
const rateOf = ({ frames }: Load, seconds: number): number =>
  frames.filter(({ atMs }) => atMs >= WARM_UP_MS).length / (seconds - WARM_UP_MS / 1000)

const scoreLine = ({ people, found, ids, idsPerPerson, switches, faces }: TruthScore): string =>
  `${found} of ${people} found, ${ids} IDs, ${idsPerPerson.toFixed(2)} a person, ${switches} switches in ${faces} faces`

/** Prints what a run gave. Returns whether every aim is met; `calm` is the score without overload. */
const report = (name: string, load: Load, seconds: number, calm: TruthScore): boolean => {
  const warm = load.frames.filter(({ atMs }) => atMs >= WARM_UP_MS)
  const thirdMs = (seconds * 1000 - WARM_UP_MS) / 3
  const ages = (third: number): number[] =>
    warm.filter(({ atMs }) => Math.floor((atMs - WARM_UP_MS) / thirdMs) === third).map(({ ageMs }) => ageMs)
  const latency = ratioOfTails(ages(0), ages(2))
  const counts = load.cameras.map((camera) => warm.filter((frame) => frame.camera === camera).length)
  // Cameras take the loops in turn.
  const equal = Array.from({ length: LOOPS }, (_, loop) => jain(counts.filter((_count, i) => i % LOOPS === loop)))
  console.log(`${name}_cameras ${load.cameras.length}`)
  console.log(`${name}_frames_per_second ${rateOf(load, seconds).toFixed(1)}`)
  console.log(`${name}_p99_start_ms ${quantile(ages(0), 0.99).toFixed(0)}`)
  console.log(`${name}_p99_end_ms ${quantile(ages(2), 0.99).toFixed(0)}`)
  console.log(`${name}_latency_ratio ${latency.ratio.toFixed(3)} ± ${latency.error.toFixed(3)}`)
  const fairness = [Math.min(...equal), jain(counts)].map((index) => index.toFixed(3))
  console.log(`${name}_fairness ${fairness.join(', ')} of ${counts.join(' ')}`)
  const memory = new Map<string, { slope: number; error: number }>()
  for (const process of new Set(load.memory.map((one) => one.process))) {
    const later = load.memory.filter((one) => one.process === process && one.atMs >= WARM_UP_MS + thirdMs)
    const { slope, error } = slopeInParts(later.map(({ atMs, mib }) => [atMs / 60_000, mib]))
    memory.set(process, { slope, error })
    console.log(
      `${name}_rss_${process} ${later.at(-1)?.mib.toFixed(0)} MiB, ${slope.toFixed(2)} ± ${error.toFixed(2)} a minute`,
    )
  }
  console.log(`${name}_states ${[...load.states].map(([state, times]) => `${state} ${times}`).join(', ')}`)
  console.log(`${name}_people ${scoreLine(load.score)}`)
  const measured = { latency, fairness: Math.min(...equal), memory, people: load.score, calm }
  const verdicts = verdictsOf(measured)
  for (const verdict of verdicts) console.log(`${name}_verdict ${inWords(verdict)}`)
  return verdicts.every(({ met }) => met !== false)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      factors: { type: 'string', default: '4,8' },
      seconds: { type: 'string', default: '180' },
      calm: { type: 'string', default: '60' },
    },
  })
  const [seconds, calmSeconds] = [Number(values.seconds), Number(values.calm)]
  const capacity = rateOf(await runLoad(LOOPS, 30, {}), 30)
  console.log(`capacity ${capacity.toFixed(1)} frames a second`)
  const calm = await runLoad(LOOPS, calmSeconds, { maxFps: Math.max(1, Math.floor((0.6 * capacity) / LOOPS)) })
  console.log(`calm_people ${scoreLine(calm.score)}`)
  for (const factor of values.factors.split(',').map(Number)) {
    const cameras = LOOPS * Math.max(2, Math.ceil((factor * capacity) / CAMERA_FPS / LOOPS))
    if (!report(`overload_${factor}`, await runLoad(cameras, seconds), seconds, calm.score)) process.exitCode = 1
  }
}
