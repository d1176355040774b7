/**
 * What does a `detailUrl` give for people far away, and what does it cost? Two scenes seen through a wide lens, at 3840×2160 and
 * at 640×360: made by `python -m training.cast far` (16 minutes of one core), see training/cast/README.md. Everything goes through
 * the real detector, tracker, embedder and engine; only the network is left out. Each scene of ten seconds is watched `--loops`
 * times on end.
 *
 *   npm run bench -- detail [--footage .rollcall/far-4k] [--loops 6] [--seconds 60]
 *
 * face_width      mean shorter side of the embedded faces with the big stream over that without (pixels of each stream)
 * all, small      IDs a person, BCubed precision, recall and F (a track without an ID is a cluster of its own), IDF1, faces with an ID at once: of all faces, and of those at most 16 px wide in the small stream
 * memory_url      most resident memory of a process that watches one camera over RTSP, its slope, and the most its rings hold
 * memory_both     the same with detailUrl; `--seconds` of the footage in a loop
 * decoding        CPU time of the looks, with what opening their decoder takes, over that of decoding all (.05 is the aim)
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readTruth, type Truth } from '../src/demo/truth.ts'
import type { RollcallEvent } from '../src/events/types.ts'
import { silent } from '../src/silent-log.ts'
import { loadModels, type Models } from '../src/vision/models.ts'
import { modelOptions } from '../src/vision/options.ts'
import { type FarRun, watchFar } from '../test/integration/far-people.ts'
import { scoreFootage } from '../test/integration/footage-score.ts'
import type { FarFootage } from '../test/support/far-footage.ts'
import { gstLaunch } from '../test/support/gst.ts'
import { decodingCost } from './detail-cost.ts'
import { detailMemory } from './detail-memory.ts'

const SMALL_PX = 16
const SMALL_WIDTH = 640
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const smallOnly = (truth: Truth): Truth => ({
  ...truth,
  facesOf: truth.facesOf.map((faces) => faces.filter(({ box }) => box.width * SMALL_WIDTH <= SMALL_PX)),
})

/** The video so many times on end. */
const looped = async (file: string, loops: number, to: string): Promise<string> => {
  const each = `filesrc location=${file} ! qtdemux ! h264parse ! video/x-h264,stream-format=byte-stream,alignment=au ! all.`
  const line = `concat name=all ! h264parse ! mp4mux ! filesink location=${to} ${Array(loops).fill(each).join(' ')}`
  const { code, errors } = await gstLaunch(line, 120_000)
  if (code !== 0) throw new Error(`gst-launch-1.0 could not make ${to}: ${errors}`)
  return to
}

const footageIn = async (folder: string, name: string, loops: number, directory: string): Promise<FarFootage> => {
  const loop = (end: string): Promise<string> =>
    looped(join(folder, `${name}${end}`), loops, join(directory, `${name}${end}`))
  const truth = await readTruth(join(folder, `${name}.truth.jsonl`))
  const facesOf = Array.from({ length: loops }, () => truth.facesOf).flat()
  return {
    big: await loop('-4k.mp4'),
    small: await loop('-640.mp4'),
    truth: { ...truth, frames: facesOf.length, facesOf },
  }
}

const scoreLine = async (events: readonly RollcallEvent[], truthOf: (camera: string) => Promise<Truth>) => {
  const { faces, people, idsPerPerson, bcubedP, bcubedR, bcubedF, idf1, live } = await scoreFootage(events, truthOf)
  const bcubed = { bcubed_p: bcubedP, bcubed_r: bcubedR, bcubed_f: bcubedF }
  const figures = { ids_a_person: idsPerPerson, ...bcubed, idf1, live }
  const told = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  return `${told.join(', ')} (${faces} faces of ${people} people)`
}

const decodingLine = async (cameras: ReadonlyMap<string, FarFootage>, { asked }: FarRun): Promise<string> => {
  const ms = { all: 0, looks: 0 }
  for (const [camera, { big }] of cameras) {
    const cost = await decodingCost(big, asked.get(camera) ?? [])
    ms.all += cost.allMs
    ms.looks += cost.looksMs
  }
  const share = ms.looks / ms.all
  return `${share.toFixed(3)} of the CPU time of all (${ms.looks.toFixed(0)} of ${ms.all.toFixed(0)} ms); expected .05 at most: ${share <= 0.05 ? 'met' : 'NOT MET'}`
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
  console.log(`decoding ${await decodingLine(cameras, runs.both)}`)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      footage: { type: 'string', default: '.rollcall/far-4k' },
      loops: { type: 'string', default: '6' },
      seconds: { type: 'string', default: '60' },
    },
  })
  const names = ['lobby', 'street'].filter((name) => existsSync(join(values.footage, `${name}.truth.jsonl`)))
  if (names.length === 0) {
    console.error(
      `${resolve(values.footage)} has no footage; make it: python -m training.cast far --out ${values.footage}`,
    )
    process.exitCode = 2
    return
  }
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const cameras = new Map<string, FarFootage>()
  for (const name of names) cameras.set(name, await footageIn(values.footage, name, Number(values.loops), directory))
  const models = await loadModels(modelOptions.parse({}), { log: silent, onFallback: () => {} })
  await report(cameras, models)
  await models.close()
  const [first] = cameras.values()
  if (first) for (const line of await detailMemory(first, Number(values.seconds))) console.log(line)
  rmSync(directory, { recursive: true })
}
