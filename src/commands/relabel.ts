import { existsSync, readdirSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { configSchema } from '../config/config.ts'
import { createLog, type LeveledLog } from '../config/log.ts'
import { describeDiskError } from '../disk.ts'
import { RollcallError } from '../errors.ts'
import { comparisonOn } from '../identity/people/evidence.ts'
import { makeDirectory } from '../make-directory.ts'
import { finalIds } from '../recognition/final-ids.ts'
import { createLiveIds } from '../recognition/live-ids.ts'
import { namePeople } from '../recognition/name-people.ts'
import { defaultThreshold, relabelTracks } from '../recognition/relabel.ts'
import { createTracks } from '../recognition/whole-tracks.ts'
import { startRun } from '../site/run.ts'
import { printable } from '../text.ts'
import type { CameraId, PersonId } from '../types.ts'
import { configuredScale } from '../vision/calibration.ts'
import { parseWords } from './arguments.ts'
import { report } from './eval/arguments.ts'
import { knownLooks } from './photos/known-looks.ts'
import { judgingOf, modelsOf, photoOptions } from './photos/options.ts'
import { onStderr } from './photos/progress.ts'
import { requireRecordings } from './recordings.ts'
import { playing } from './relabel/playing.ts'
import { type Analysed, drawVideos } from './relabel/video/draw-all.ts'
import { chooseEncoder } from './relabel/video/encoders.ts'
import type { Visit } from './relabel/visits.ts'
import { writeFinal } from './relabel/write-final.ts'

const help = `rollcall relabel VIDEO... --out DIR [OPTIONS]

Gives every face of recordings its person, after all of it is known: the tracks of all recordings are clustered at once, so
that the first second profits from the last. Several recordings may show the same people.

  --out DIR          a new folder: frames.jsonl (frame events with final IDs), visits.csv, NAME.vtt and NAME.srt (subtitles
                     that say who is there), NAME.mot.txt (boxes in the format of MOT Challenge), people.json; and
                     live.jsonl, what rollcall run says of the same recordings
  --video            NAME.mp4 too: the recording with boxes and people drawn, without its sound
  --gallery DIR      names people as photos know them: a folder with photos for each (DIR/NAME/*.jpg), or DIR/NAME.jpg
  --site STATE       names people as a state directory knows them; no rollcall may run on it
  --threshold SCORE  two people become one from this mean score on (default ${defaultThreshold})
  --models DIR       detector and embedder (default: those that come with Rollcall)
  --detector NAME    the one to use when the directory has several; likewise --embedder NAME
  --json             the whole result as JSON`

const { far: _, ...modelValues } = photoOptions
const options = {
  ...modelValues,
  out: { type: 'string' },
  threshold: { type: 'string' },
  video: { type: 'boolean' },
  gallery: { type: 'string' },
  site: { type: 'string' },
} as const
type Values = ReturnType<typeof parseWords<typeof options>>['values']

/** Cameras named like their files, with what names may hold. */
const camerasOf = (files: readonly string[]): Record<CameraId, { readonly url: string }> => {
  const cameras: Record<CameraId, { readonly url: string }> = {}
  for (const file of files) {
    const plain =
      basename(file, extname(file))
        .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
        .slice(0, 60) || 'recording'
    let name = plain
    for (let i = 2; name in cameras; i++) name = `${plain}-${i}`
    cameras[name] = { url: file }
  }
  return cameras
}

const configOf = (files: readonly string[], values: Values, events: string) => {
  const parsed = configSchema.safeParse({
    cameras: camerasOf(files),
    models: modelsOf(values),
    http: { port: null },
    sinks: { events },
    log: { level: 'warn' },
  })
  if (parsed.success) return parsed.data
  throw new RollcallError(
    'USAGE',
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  )
}

const prepare = (out: string | undefined): string => {
  if (out === undefined) throw new RollcallError('USAGE', 'relabel: --out is missing', { remedy: 'add --out DIR' })
  const refused = (what: string, cause?: unknown): RollcallError =>
    new RollcallError('USAGE', `--out: ${what}`, { cause, remedy: 'name a folder that is new or empty' })
  if (existsSync(out) && !statSync(out).isDirectory()) throw refused(`${out} is a file, expected a folder`)
  try {
    makeDirectory(out)
  } catch (cause) {
    throw refused(`${out} cannot be made: ${describeDiskError(cause)}`, cause)
  }
  if (readdirSync(out).length > 0) throw refused(`${out} has files in it`)
  return out
}

const scoreIn = (text: string | undefined): number => {
  const score = text === undefined ? defaultThreshold : Number(text)
  if (text?.trim() !== '' && score > -1 && score < 2) return score
  throw new RollcallError('USAGE', `--threshold ${text}: expected a score between -1 and 2`, {
    remedy: `for example --threshold ${defaultThreshold}`,
  })
}

/** Whom recordings may show, and from which cosine on. Null when nobody is known. Throws USAGE for both options, and what `knownLooks` does. */
const knownIn = async (values: Values) => {
  if (values.gallery === undefined && values.site === undefined) return null
  if (values.gallery !== undefined && values.site !== undefined)
    throw new RollcallError('USAGE', 'relabel: --gallery and --site are given', { remedy: 'leave one of them out' })
  const { threshold } = await judgingOf(values)
  return { looks: await knownLooks(values), threshold: threshold.cosine }
}

/** A time line that began anew may have gone back. */
const inSeconds = ([camera, { fromUs, untilUs, frames }]: readonly [
  CameraId,
  { readonly fromUs: number; readonly untilUs: number; readonly frames: number },
]): [CameraId, Analysed] => {
  const frameS = (untilUs - fromUs) / 1e6 / (frames - 1)
  return [camera, { frames, frameS: frameS > 0 && frameS < 10 ? frameS : 0.04 }]
}

/** Analyses the recordings as `rollcall run --until-end` does, and remembers every track. Throws what `startRun` throws. */
const watch = async (config: ReturnType<typeof configOf>, log: LeveledLog) => {
  const tracks = createTracks(config.identity.minQuality)
  const live = createLiveIds()
  const tell = playing(Object.keys(config.cameras), onStderr())
  const spans = new Map<CameraId, { readonly fromUs: number; untilUs: number; frames: number }>()
  const run = await startRun(config, {
    untilEnd: true,
    stateDirectory: null,
    log,
    onIdentified: ({ seen, events }) => {
      live.saw(events)
      if (seen?.type !== 'faces') return
      const { camera, ptsUs } = seen.faces
      tracks.saw(seen.faces)
      tell(camera, ptsUs / 1e6)
      const span = spans.get(camera) ?? { fromUs: ptsUs, untilUs: ptsUs, frames: 0 }
      spans.set(camera, { ...span, untilUs: ptsUs, frames: span.frames + 1 })
    },
  })
  await run.done
  const { frames, cameras } = run.status()
  if (frames > 0) return { seen: tracks.seen(), live, frames, analysed: new Map([...spans].map(inSeconds)) }
  throw new RollcallError(
    'USAGE',
    `no recording gave a frame: ${cameras.map(({ camera, reason }) => `${camera}: ${reason}`).join('; ')}`,
    {
      remedy: 'Check the files with rollcall doctor FILE.',
    },
  )
}

/**
 * `rollcall relabel`. Resolves to 0; throws USAGE for options, or when no recording gave a picture, CAMERA_NOT_FOUND for one
 * that is not there, and what `startRun` throws.
 */
export const relabel = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseWords('relabel', args, options)
  if (values.help) {
    console.log(help)
    return 0
  }
  if (positionals.length === 0)
    throw new RollcallError('USAGE', 'relabel: no recording is named', { remedy: 'see rollcall relabel --help' })
  const threshold = scoreIn(values.threshold)
  const config = configOf(positionals, values, join(values.out ?? '', 'live.jsonl'))
  requireRecordings(config)
  const known = await knownIn(values)
  const out = prepare(values.out)
  const { directory, embedder } = config.models
  const scale = (await configuredScale({ directory, embedder })) ?? { scale: 1, offset: 0 }
  const encoder = values.video ? await chooseEncoder() : null
  const log = createLog(config.log, 'relabel')
  const { seen, live, frames, analysed } = await watch(config, log)
  const clusters = relabelTracks(seen, {
    compare: comparisonOn(scale),
    identity: config.identity,
    threshold,
    personOf: live.personOf,
  })
  const ids = finalIds(clusters, seen.tracks, live)
  const people = [...new Set(ids.values())]
  const names = known ? namePeople(ids, seen.tracks, known.looks, known.threshold) : new Map<PersonId, string>()
  const nameOf = (person: PersonId): string => printable(names.get(person) ?? person)
  const gapMs = config.identity.sightingGapMs
  const visits = await writeFinal(out, { ids, people, nameOf, analysed, threshold, gapMs })
  if (encoder) await drawVideos({ out, cameras: config.cameras, analysed, nameOf, encoder, log })
  const moved = seen.tracks.filter(({ track }) => (ids.get(track) ?? null) !== live.personOf(track))
  const result = {
    people: people.map((id) => ({
      id,
      name: names.get(id) ?? null,
      tracks: [...ids].flatMap(([track, person]) => (person === id ? [track] : [])),
    })),
    without: seen.tracks.filter(({ track }) => !ids.has(track)).map(({ track }) => track),
    moved: moved.map(({ track }) => ({ track, live: live.personOf(track), person: ids.get(track) ?? null })),
    livePeople: live.people(),
    frames,
    visits,
    threshold,
  }
  await writeFile(join(out, 'people.json'), `${JSON.stringify(result)}\n`)
  await report(
    { json: values.json },
    { result, text: textOf(result, { tracks: seen.tracks.length, out, nameOf }), page: () => '' },
  )
  return 0
}

const textOf = (
  {
    people,
    without,
    moved,
    livePeople,
    frames,
    visits,
  }: {
    readonly people: readonly unknown[]
    readonly without: readonly unknown[]
    readonly moved: readonly unknown[]
    readonly livePeople: number
    readonly frames: number
    readonly visits: readonly Visit[]
  },
  {
    tracks,
    out,
    nameOf,
  }: { readonly tracks: number; readonly out: string; readonly nameOf: (person: PersonId) => string },
) => [
  {
    head: ['person', 'recording', 'from s', 'until s', 'frames'],
    rows: visits.map((visit) => [
      nameOf(visit.person),
      visit.camera,
      visit.fromS.toFixed(2),
      visit.untilS.toFixed(2),
      visit.frames,
    ]),
  },
  `frames: ${frames}, tracks: ${tracks}, people: ${people.length} (live: ${livePeople})`,
  `tracks of another person than live: ${moved.length}; tracks that show too little for anybody: ${without.length}`,
  `written to ${out}`,
]
