/** `npm run soak -- --hours 6 --seed 1`: hours of a site in minutes. See docs/evaluation.md. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { scenesIn } from '../../src/demo/footage.ts'
import type { StoreBounds } from '../../src/identity/store/bounds.ts'
import { silent } from '../../src/silent-log.ts'
import { configuredScale } from '../../src/vision/calibration.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { loadModels } from '../../src/vision/models.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { cachedLooks } from './cache.ts'
import { conditions } from './degrade.ts'
import type { LoopLooks } from './looks.ts'
import { runSoak, type SoakResult } from './soak.ts'
import { startMs } from './story.ts'
import { scoreThinned } from './thinned.ts'

const usage = `npm run soak -- [OPTIONS]

  --hours N        of the site's time; 6 unless given
  --seed N         of everything that chance says; 1 unless given
  --fps N          pictures a second and camera; 2 unless given
  --footage DIR    videos, each with NAME.truth.jsonl or without; the project's own unless given
  --every N        one of so many pictures of a loop is looked at; 3 unless given
  --clear          every picture as the loop has it: no night, blur or coarse pictures
  --no-troubles    the loops only repeat
  --keep E,S,T     most events, sightings and settled tracks in the state: small ones show the plateau within minutes
  --sighting-days D  as identity.sightingDays
  --changes        names every merge and split
  --live N         instead: N runs of the loops at each of five rates, as live cameras of a busy machine

Exit code 1: there are not as many IDs as people; with --live: somebody had another's ID.`

const root = resolve(import.meta.dirname, '../..')

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    fps: { type: 'string', default: '2' },
    footage: { type: 'string', default: join(root, 'footage') },
    every: { type: 'string', default: '3' },
    clear: { type: 'boolean', default: false },
    'no-troubles': { type: 'boolean', default: false },
    changes: { type: 'boolean', default: false },
    live: { type: 'string' },
    keep: { type: 'string' },
    'sighting-days': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** The share of a loop after which cameras of the demo are watched at the latest: four seconds. */
const fromBeginning = 0.15

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

/** What vision sees of every loop, from the cache or worked out now. */
const looksOfAll = async (): Promise<readonly LoopLooks[]> => {
  const models = await loadModels(modelOptions.parse({ providers: ['cpu'] }), {
    log: silent,
    onFallback: () => undefined,
  })
  try {
    const loops: LoopLooks[] = []
    for (const scene of await scenesIn(values.footage, 16))
      loops.push(
        await cachedLooks(join(root, '.rollcall/soak'), scene, models, {
          conditions: values.live || values.clear || values['no-troubles'] ? ['plain'] : conditions,
          everyNth: values.live ? 1 : Number(values.every),
          onProgress: (share) => progress(`${scene.name}: looked at ${Math.round(100 * share)} %`),
        }),
      )
    return loops
  } finally {
    await models.close()
  }
}

const fixed = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? '–'

const changeLine = ({ type, atMs, person, other, score, truth, otherTruth }: SoakResult['changes'][number]): string =>
  `${fixed((atMs - startMs) / 60_000, 1)} min ${type} ${person} (${truth}) ${other} (${otherTruth}) ${fixed(score, 2)}`

const table = ({ scores, samples, changes, truths, ...result }: SoakResult): string => {
  const count = (type: string): number => changes.filter((change) => change.type === type).length
  const rows: readonly (readonly [string, string | number])[] = [
    ['people', result.people],
    ['IDs', result.ids],
    ['created, merged, split', `${count('created')}, ${count('merged')}, ${count('split')}`],
    ['switches', scores?.idSwitches ?? '–'],
    [
      'BCubed F (precision, recall)',
      `${fixed(scores?.bcubedF, 4)} (${fixed(scores?.bcubedP, 4)}, ${fixed(scores?.bcubedR, 4)})`,
    ],
    ['IDF1', fixed(scores?.idf1, 4)],
    ['ID at once, never', `${fixed(scores?.live, 3)}, ${fixed(scores?.unassigned, 3)}`],
    ['pictures, faces', `${result.frames}, ${result.faces}`],
    ['restarts', result.restarts],
  ]
  const ids = [...truths].map(([id, truth]) => `  ${id}  ${truth}`)
  return [
    ...rows.map(([name, value]) => `${name.padEnd(32)}${value}`),
    ...sizes(samples),
    'faces behind each ID:',
    ...ids,
  ].join('\n')
}

/** How big everything was, twelve times at most: what grows without end can be seen. */
const sizes = (samples: SoakResult['samples']): readonly string[] => {
  const every = Math.ceil(samples.length / 12)
  const shown = samples.filter((_, i) => (samples.length - 1 - i) % every === 0)
  const header = [
    'hours',
    'IDs',
    'RSS MiB',
    'heap MiB',
    'buffers MiB',
    'threads',
    'descriptors',
    'database KiB',
    'free KiB',
    'events',
    'sightings',
    'settled',
    'live KiB',
  ]
  const lines = shown.map((sample) => [
    fixed(sample.minutes / 60, 1),
    `${sample.ids}`,
    fixed(sample.rssMiB, 0),
    fixed(sample.heapMiB, 1),
    fixed(sample.buffersMiB, 1),
    `${sample.threads ?? '–'}`,
    `${sample.descriptors ?? '–'}`,
    fixed(sample.databaseKiB, 0),
    fixed(sample.freeKiB, 0),
    `${sample.rows.events}`,
    `${sample.rows.sightings}`,
    `${sample.rows.settled}`,
    fixed(sample.liveKiB, 0),
  ])
  return [header, ...lines].map((cells) =>
    cells.map((cell, i) => cell.padStart((header[i] as string).length + 2)).join(''),
  )
}

const boundsOf = (text: string): StoreBounds => {
  const [events, sightings, settled] = text.split(',').map(Number)
  if (!events || !sightings || !settled) throw new Error(`--keep ${text}: expected three numbers, such as 500,200,300`)
  return { events, sightings, settled, unassigned: settled }
}

const run = async (): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-soak-'))
  try {
    const loops = await looksOfAll()
    const embedder = await chosenEmbedder(modelOptions.parse({}))
    const scale = await configuredScale(modelOptions.parse({}))
    const hours = Number(values.hours)
    const result = await runSoak(loops, {
      hours,
      seed: Number(values.seed),
      fps: Number(values.fps),
      troubles: !values['no-troubles'],
      embedder,
      scale,
      directory,
      ...(values.keep !== undefined && { bounds: boundsOf(values.keep) }),
      ...(values['sighting-days'] !== undefined && { sightingDays: Number(values['sighting-days']) }),
      onSample: ({ minutes, ids }) => progress(`${Math.round(minutes)} of ${60 * hours} minutes, ${ids} IDs`),
    })
    progress('')
    if (values.changes)
      for (const change of result.changes) if (change.type !== 'created') console.log(changeLine(change))
    console.log(table(result))
    if (result.scores && result.ids !== result.people) process.exitCode = 1
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Prints a line for each rate. */
const runLive = async (runs: number): Promise<void> => {
  const loops = await looksOfAll()
  const scale = await configuredScale(modelOptions.parse({}))
  for (const startShare of [fromBeginning, 1]) {
    console.log(startShare === 1 ? 'from anywhere in the loops' : 'from the beginning of the loops')
    for (const fps of [25, 20, 10, 4, 2]) {
      const scores = await scoreThinned(loops, runs, { seconds: 28, fps, startShare, scale })
      const { faulty, idsPerPerson, switches, live } = scores
      const figures = `${fixed(idsPerPerson, 3)} IDs a person, ${fixed(switches, 2)} switches a run, ID at once ${fixed(live, 3)}`
      console.log(`  ${fps} pictures a second: ${faulty} of ${runs} runs at fault, ${figures}`)
      if (startShare !== 1 && switches > 0) process.exitCode = 1
    }
  }
}

if (values.help) console.log(usage)
else if (values.live) await runLive(Number(values.live))
else await run()
