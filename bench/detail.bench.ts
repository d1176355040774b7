/**
 * What does a `detailUrl` give for people far away, and what does it cost? Two scenes seen through a wide lens, at 3840×2160 and
 * at 640×360: made by `python -m training.cast far` (16 minutes of one core), see training/cast/README.md. Everything goes through
 * the real detector, tracker, embedder and engine; only the network is left out.
 *
 *   npm run bench -- detail [--footage .rollcall/far-4k] [--seconds 60]
 *
 * face_width      mean shorter side of the embedded faces with the big stream over that without (pixels of each stream)
 * all, small      IDs a person, BCubed precision, recall and F (a track without an ID is a cluster of its own), IDF1, faces with an ID at once: of all faces, and of those at most 16 px wide in the small stream
 * memory_url      most resident memory of a process that watches one camera over RTSP, its slope, and the most its rings hold
 * memory_both     the same with detailUrl; `--seconds` of the footage in a loop
 * decoding        CPU time of decoding what was asked for from the key frames on, over that of decoding all (.05 is the aim)
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { LoopUnit } from '../simulator/loop.ts'
import { readLoop } from '../simulator/read-loop.ts'
import { readTruth, type Truth } from '../src/demo/truth.ts'
import type { RollcallEvent } from '../src/events/types.ts'
import { loadModels, type Models } from '../src/vision/models.ts'
import { modelOptions } from '../src/vision/options.ts'
import { type FarRun, watchFar } from '../test/integration/far-people.ts'
import { scoreFootage } from '../test/integration/footage-score.ts'
import type { FarFootage } from '../test/support/far-footage.ts'
import { linesOf, play } from '../test/support/play-lines.ts'
import { detailMemory } from './detail-memory.ts'

const SMALL_PX = 16
const SMALL_WIDTH = 640
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const smallOnly = (truth: Truth): Truth => ({
  ...truth,
  facesOf: truth.facesOf.map((faces) => faces.filter(({ box: [, , width] }) => width * SMALL_WIDTH <= SMALL_PX)),
})

const footageIn = async (folder: string, name: string): Promise<FarFootage> => {
  const at = (end: string): string => join(folder, `${name}${end}`)
  return { big: at('-4k.mp4'), small: at('-640.mp4'), truth: await readTruth(at('.truth.jsonl')) }
}

const scoreLine = async (events: readonly RollcallEvent[], truthOf: (camera: string) => Promise<Truth>) => {
  const { faces, people, idsPerPerson, bcubedP, bcubedR, bcubedF, idf1, live } = await scoreFootage(events, truthOf)
  const bcubed = { bcubed_p: bcubedP, bcubed_r: bcubedR, bcubed_f: bcubedF }
  const figures = { ids_a_person: idsPerPerson, ...bcubed, idf1, live }
  const told = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  return `${told.join(', ')} (${faces} faces of ${people} people)`
}

/** The units that have to be decoded for these pictures: each from its key frame on. */
const unitsFor = (units: readonly LoopUnit[], asked: readonly number[]): readonly LoopUnit[] =>
  asked.flatMap((ptsUs) => {
    const at = units.findIndex((unit) => unit.ptsUs === ptsUs)
    return at < 0
      ? []
      : units.slice(
          units.findLastIndex(({ key }, i) => key && i <= at),
          at + 1,
        )
  })

/** CPU milliseconds of decoding these units of H.264. */
const decodingMs = async (units: readonly LoopUnit[], directory: string): Promise<number> => {
  if (units.length === 0) return 0
  const file = join(directory, 'units.h264')
  writeFileSync(file, Buffer.concat(units.map(({ data }) => data)))
  const before = process.cpuUsage()
  await play(linesOf(file), { mode: 'every' }, () => false)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const decodingShare = async (cameras: ReadonlyMap<string, FarFootage>, { asked }: FarRun): Promise<string> => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const ms = { all: 0, asked: 0 }
  for (const [camera, { big }] of cameras) {
    const { units } = await readLoop(big)
    ms.all += await decodingMs(units, directory)
    ms.asked += await decodingMs(unitsFor(units, asked.get(camera) ?? []), directory)
  }
  rmSync(directory, { recursive: true })
  const share = ms.asked / ms.all
  return `${share.toFixed(3)} of the CPU time of all (${ms.asked.toFixed(0)} of ${ms.all.toFixed(0)} ms); expected .05 at most: ${share <= 0.05 ? 'met' : 'NOT MET'}`
}

const report = async (cameras: ReadonlyMap<string, FarFootage>, models: Models): Promise<void> => {
  const truthOf = async (camera: string): Promise<Truth> => (cameras.get(camera) as FarFootage).truth
  const runs = {
    url: await watchFar(cameras, models, null),
    both: await watchFar(cameras, models, { ntp: true, lateMs: 120 }),
  }
  const [small, big] = [mean(runs.url.sizes.main), mean(runs.both.sizes.detail)]
  console.log(
    `face_width ${(big / small).toFixed(2)} (${big.toFixed(1)} px with detailUrl, ${small.toFixed(1)} px without)`,
  )
  for (const [name, { events }] of Object.entries(runs)) {
    console.log(`${name}_all ${await scoreLine(events, truthOf)}`)
    console.log(`${name}_small ${await scoreLine(events, async (camera) => smallOnly(await truthOf(camera)))}`)
  }
  console.log(`looks ${JSON.stringify(runs.both.outcomes)}`)
  console.log(`pictures_decoded ${runs.both.decodedShare.toFixed(4)} of those received`)
  console.log(`decoding ${await decodingShare(cameras, runs.both)}`)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { footage: { type: 'string', default: '.rollcall/far-4k' }, seconds: { type: 'string', default: '60' } },
  })
  const names = ['lobby', 'street'].filter((name) => existsSync(join(values.footage, `${name}.truth.jsonl`)))
  if (names.length === 0) {
    console.error(
      `${resolve(values.footage)} has no footage; make it: python -m training.cast far --out ${values.footage}`,
    )
    process.exitCode = 2
    return
  }
  const cameras = new Map<string, FarFootage>()
  for (const name of names) cameras.set(name, await footageIn(values.footage, name))
  const models = await loadModels(modelOptions.parse({}), { log: quiet, onFallback: () => {} })
  await report(cameras, models)
  await models.close()
  const [first] = cameras.values()
  if (first) for (const line of await detailMemory(first, Number(values.seconds))) console.log(line)
}
