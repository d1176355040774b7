/**
 * What does Rollcall cost over the pipeline that a Python user would write? Both watch the same simulated cameras live over RTSP, 1280×720
 * at 25 frames a second, with the same models: `rollcall run`, as it comes and at every frame, and `bench/peer/live_faces.py` (OpenCV and
 * onnxruntime from PyPI, one thread a stage), in turn.
 *
 *   npm run bench -- peer [--scene busy,quiet,rare] [--rounds 3]
 *
 * busy    the four loops of the footage, two at a time
 * quiet   one camera in front of which somebody is in a tenth of the time, with a key frame every second (`quiet-camera.ts`)
 * rare    the same with one every two seconds
 *
 * peer, every, ours   CPU milliseconds of all processes for a second of one camera's video, and analysed frames of it (25 are sent: fewer of the
 *                     peer or of `every` mean that the machine was busy, and they are tried again, twice): the mean of the rounds, without the start. Then, of all rounds: IDF1,
 *                     people found, IDs a person, ID switches, over one pass of the loops
 * ratio               ours over the peer's: the mean of the rounds and its standard error
 * every_ratio         ours at every frame over the peer's
 * verdict             what was measured, what was expected, and whether it is met
 *
 * A round takes about five minutes for each scene.
 */
import { parseArgs } from 'node:util'
import { meanAndError, withError } from './cpu-time.ts'
import { everyFrame } from './live-program.ts'
import { type LiveRun, looksIn, runLive, runWhole } from './live-run.ts'
import { type LiveScene, sceneOf } from './live-scenes.ts'
import { type LiveScore, scoreLive } from './live-scores.ts'
import { peerPython } from './peer/python.ts'
import { quietCamera } from './quiet-camera.ts'
import { inWords } from './verdict.ts'

/** Cameras that are watched together, and how much of the peer's CPU is aimed at. */
const scenes: Readonly<
  Record<string, { readonly aim: number; readonly make: () => Promise<readonly (readonly LiveScene[])[]> }>
> = {
  busy: {
    aim: 0.35,
    make: () =>
      Promise.all([
        Promise.all([sceneOf('lobby'), sceneOf('gate')]),
        Promise.all([sceneOf('cafe'), sceneOf('street')]),
      ]),
  },
  quiet: { aim: 0.08, make: async () => [[await quietCamera('quiet')]] },
  rare: { aim: 0.08, make: async () => [[await quietCamera('rare', { group: 50 })]] },
}

type Side = 'peer' | 'every' | 'ours'
/** The ways to watch, in the order of the first round. */
const sides: readonly Side[] = ['peer', 'every', 'ours']

interface Round {
  readonly cost: Readonly<Record<Side, Pick<LiveRun, 'msPerSecond' | 'framesPerSecond'>>>
  readonly scores: Readonly<Record<Side, readonly LiveScore[]>>
}

const mean = (values: readonly number[]): number => meanAndError(values).mean

/** All groups of cameras, watched in each way; who begins differs from round to round. */
const runRound = async (groups: readonly (readonly LiveScene[])[], python: string, round: number): Promise<Round> => {
  const ways = { peer: { python }, every: { keys: everyFrame }, ours: { keys: {} } }
  const runs: Record<Side, LiveRun[]> = { peer: [], every: [], ours: [] }
  for (const cameras of groups)
    for (const i of sides.keys()) {
      const side = sides[(i + round) % sides.length] as Side
      console.error(`round ${round + 1}: ${cameras.map(({ name }) => name).join(', ')}, ${side}`)
      const watch = side === 'ours' ? runLive : runWhole
      runs[side].push(await watch(cameras, ways[side]))
    }
  const of = <T>(what: (runs: readonly LiveRun[]) => T) =>
    Object.fromEntries(sides.map((side) => [side, what(runs[side])])) as Record<Side, T>
  return {
    cost: of((each) => ({
      msPerSecond: mean(each.map(({ msPerSecond }) => msPerSecond)),
      framesPerSecond: mean(each.map(({ framesPerSecond }) => framesPerSecond)),
    })),
    scores: of((each) => each.map((run, i) => scoreLive(groups[i] ?? [], looksIn(run)))),
  }
}

const report = (name: string, aim: number, rounds: readonly Round[]): void => {
  for (const side of sides) {
    const cost = (key: 'msPerSecond' | 'framesPerSecond') =>
      mean(rounds.map((round) => round.cost[side][key])).toFixed(1)
    console.log(`${name}_${side} ${cost('msPerSecond')} ms, ${cost('framesPerSecond')} frames`)
    const scores = rounds.flatMap((round) => round.scores[side])
    const sum = (key: 'found' | 'people' | 'switches') => scores.reduce((all, score) => all + score[key], 0)
    const idf1 = mean(scores.map((score) => score.idf1))
    console.log(
      `${name}_${side}_people idf1 ${idf1.toFixed(3)}, ${sum('found')} of ${sum('people')} found, ` +
        `${mean(scores.map((score) => score.idsPerPerson)).toFixed(2)} IDs a person, ${sum('switches')} switches`,
    )
  }
  const ratiosOf = (side: Side) => rounds.map(({ cost }) => cost[side].msPerSecond / cost.peer.msPerSecond)
  console.log(`${name}_ratio ${withError(ratiosOf('ours'))}`)
  console.log(`${name}_every_ratio ${withError(ratiosOf('every'))}`)
  const verdict = inWords({
    of: 'cost',
    measured: `${withError(ratiosOf('ours'))} of the peer's CPU`,
    expected: `${aim} at most`,
    met: mean(ratiosOf('ours')) <= aim,
  })
  console.log(`${name}_verdict ${verdict}`)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { scene: { type: 'string', default: 'busy,quiet' }, rounds: { type: 'string', default: '3' } },
  })
  const python = await peerPython()
  for (const [name, { aim, make }] of Object.entries(scenes)) {
    if (!values.scene.split(',').includes(name)) continue
    const groups = await make()
    const rounds: Round[] = []
    for (let round = 0; round < Number(values.rounds); round++) rounds.push(await runRound(groups, python, round))
    report(name, aim, rounds)
  }
}
