/**
 * Does a camera that looks less know the same? The footage, and recordings with `--clip`, are analysed once; then cameras with and
 * without a pace look at them as live cameras would, at nothing but what was found in the frames that they look at.
 *
 *   npm run bench -- looks [--fps 5,8,12] [--awake FPS] [--whole 250] [--clip FILE …] [--trials 10]
 *
 * --fps      of cameras that are steady; --awake: of those that are neither steady nor rest, all when left out
 * --whole    `wholeLookMs` of the last lines, with the last of --fps; above them every look is at the whole picture. A part shows what the whole
 *            does here; that the detector finds the same in it is tested (test/vision/parts.test.ts)
 * looks      frames that were looked at, of all
 * cost       what the detector looked at in all, in whole pictures a frame
 * idf1       of the people shown in every picture (between two looks by interpolation, as in the viewer) against the truth;
 *            for a clip, whose truth is not known, against what looking at every frame gives
 * people     created and not merged, the least and the most of the trials
 * switches   how often a person was shown under another ID than before, in all trials
 * late       the longest time by which somebody who stays a second is shown later than with every frame, milliseconds
 * missed     how many of them were never shown, in all trials
 *
 * In each trial but the first, other five in a hundred frames are lost, for all policies the same: which frames a face is embedded
 * from is chance, and moves the scores of clips more than the policy does.
 */
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readTruth } from '../src/demo/truth.ts'
import { seededRandom } from '../src/math/seeded-random.ts'
import { type RecordedFrame, recorded } from './looks-recorded.ts'
import { type Rates, replay } from './looks-replay.ts'
import { type Everybody, firstShown, peopleOf, shownOf, staysOf, tracked } from './looks-scores.ts'

const footage = resolve(import.meta.dirname, '../footage')
const loops = ['lobby', 'gate', 'cafe', 'street']
const restFps = 3
const lost = 0.05
const everyFrame: Rates = { awake: null, steady: null, resting: null, wholeLookMs: null }

/** The recordings of one site, and who is there in each of their frames. */
interface Site {
  readonly name: string
  readonly cameras: readonly (readonly RecordedFrame[])[]
  readonly truths: readonly Everybody[]
}

const ofFootage = async (): Promise<Site> => {
  const cameras: (readonly RecordedFrame[])[] = []
  const truths: Everybody[] = []
  for (const loop of loops) {
    const frames = await recorded(resolve(footage, `${loop}.mp4`))
    const { fps, facesOf } = await readTruth(resolve(footage, `${loop}.truth.jsonl`))
    const truth = frames.map(({ stamp: { ptsUs, capturedAtMs: atMs } }) => {
      const shown = (facesOf[Math.round((ptsUs / 1e6) * fps)] ?? []).map(({ person, box }) => ({ id: person, box }))
      return { atMs, shown }
    })
    cameras.push(frames)
    truths.push(truth)
  }
  return { name: 'footage', cameras, truths }
}

const ofClip = async (file: string): Promise<Site> => {
  const frames = await recorded(file)
  const { events } = replay([frames], everyFrame)
  return { name: basename(file), cameras: [frames], truths: [shownOf(frames, events, 'person')] }
}

/** The site without the frames that are lost in this trial. */
const inTrial = ({ name, cameras, truths }: Site, trial: number): Site => {
  const random = seededRandom(trial)
  const kept = cameras.map((frames) => frames.map(() => trial === 0 || random() >= lost))
  return {
    name,
    cameras: cameras.map((frames, i) => frames.filter((_, j) => kept[i]?.[j])),
    truths: truths.map((truth, i) => truth.filter((_, j) => kept[i]?.[j])),
  }
}

/** Scores one policy in one trial. */
const scoreOf = ({ cameras, truths }: Site, rates: Rates) => {
  const [all, some] = [replay(cameras, everyFrame), replay(cameras, rates)]
  const scores = cameras.map((frames, i) => {
    const truth = truths[i] ?? []
    const { idf1, truths: faces, idSwitches } = tracked(truth, shownOf(frames, some.events, 'person'))
    const [atOnce, later] = [shownOf(frames, all.events, 'track'), shownOf(frames, some.events, 'track')]
    const delays = staysOf(truth).flatMap((stay) => {
      const fromMs = firstShown(truth, atOnce, stay)
      if (fromMs === null || stay.untilMs - fromMs < 1000) return []
      return [(firstShown(truth, later, stay) ?? Infinity) - fromMs]
    })
    return { idf1, faces, idSwitches, delays }
  })
  const faces = scores.reduce((sum, each) => sum + each.faces, 0)
  return {
    looks: some.looks / cameras.flat().length,
    cost: some.cost / cameras.flat().length,
    idf1: scores.reduce((sum, each) => sum + each.idf1 * each.faces, 0) / faces,
    people: peopleOf(some.events),
    switches: scores.reduce((sum, each) => sum + each.idSwitches, 0),
    delays: scores.flatMap((each) => each.delays),
  }
}

const mean = (values: readonly number[]): string =>
  (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3)

const print = (site: Site, name: string, rates: Rates, trials: number): void => {
  const scores = Array.from({ length: trials }, (_, trial) => scoreOf(inTrial(site, trial), rates))
  const people = scores.map((score) => score.people)
  const delays = scores.flatMap((score) => score.delays)
  console.log(
    `${site.name} ${name}: looks ${mean(scores.map(({ looks }) => looks))}, cost ${mean(scores.map(({ cost }) => cost))}, idf1 ${mean(scores.map(({ idf1 }) => idf1))}, ` +
      `people ${Math.min(...people)}–${Math.max(...people)}, switches ${scores.reduce((sum, each) => sum + each.switches, 0)}, ` +
      `late ${Math.max(0, ...delays.filter(Number.isFinite))} ms, missed ${delays.filter((ms) => ms === Infinity).length}`,
  )
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fps: { type: 'string', default: '5,8,12' },
      awake: { type: 'string' },
      whole: { type: 'string', default: '250' },
      clip: { type: 'string', multiple: true, default: [] },
      trials: { type: 'string', default: '10' },
    },
  })
  const awake = values.awake === undefined ? null : Number(values.awake)
  const sites = [ofFootage, ...values.clip.map((file) => () => ofClip(file))]
  for (const open of sites) {
    const site = await open()
    print(site, 'every frame', everyFrame, Number(values.trials))
    const rates = values.fps.split(',').map(Number)
    for (const fps of [null, ...rates]) {
      const name = fps === null ? 'resting only' : `steady at ${fps}`
      print(site, name, { awake, steady: fps, resting: restFps, wholeLookMs: null }, Number(values.trials))
    }
    const steady = rates.at(-1) ?? null
    for (const wholeLookMs of values.whole.split(',').map(Number)) {
      const name = `steady at ${steady}, whole every ${wholeLookMs} ms`
      print(site, name, { awake, steady, resting: restFps, wholeLookMs }, Number(values.trials))
    }
  }
}
