import { inPlainWords } from '../../config/expectation.ts'
import { RollcallError } from '../../errors.ts'
import { composeStream, viewsOfPhoto } from '../../evaluate/composed-stream.ts'
import type { PhotoSet } from '../../evaluate/embed-photos.ts'
import { evaluateIdentities } from '../../evaluate/identities.ts'
import { evaluateLearning } from '../../evaluate/learning.ts'
import { pairRecall } from '../../evaluate/pair-recall.ts'
import { printStream } from '../../evaluate/print-stream.ts'
import { readStream } from '../../evaluate/read-stream.ts'
import { learningPage, learningTable } from '../../evaluate/report/learning.ts'
import { identitiesPage, identitiesTable } from '../../evaluate/report/reports.ts'
import { roundedStream, roundings } from '../../evaluate/rounded-stream.ts'
import { type LevelName, levels, simulatePeople } from '../../evaluate/simulated-people.ts'
import { type KindOfPhoto, kindsInWords } from '../../evaluate/spoilt/draw.ts'
import type { StreamFrame } from '../../evaluate/stream.ts'
import { type IdentityOptions, identityOptions } from '../../identity/options.ts'
import { type CosineScale, configuredScale } from '../../vision/calibration.ts'
import { named } from '../arguments.ts'
import { modelOptions } from '../photos/options.ts'
import { outputOptions, parseWithFiles, report, wholeNumber } from './arguments.ts'
import { hardLevel, refuseHardOptions } from './hard-level.ts'
import { readPhotos } from './photos.ts'

const help = `rollcall eval identities [--level LEVEL | --stream FILE | --photos DIR] [OPTIONS]

Do people keep their IDs? Runs the engine and simpler methods on the same labelled stream of faces.

  --level LEVEL    simulated people: easier (default) or harder; hard, with --photos: one photo a track, over hours
  --stream FILE    a printed stream, one frame a line; - is standard input
  --photos DIR     photos (a folder for each person) composed into a stream: people come, go and return
  --people N       for --level hard: so many people, drawn by the seed (default: all with two photos or more)
  --half A | B     likewise: every second person by name, the first (A) or the others: what is chosen on A is judged on B
  --grey X         likewise: this share of the photos is as under infrared light, without colours, such as 0.5
  --poor X         likewise: this share is small, dim, noisy and compressed
  --seed N         of the simulation or the composition (default 1)
  --risk X         of the engine: identity.risk, wrong visits in a thousand (default 3)
  --embeddings X   float32 (default), float16 or int8: as embeddings are after so many bits a number
  --goes-on        as at a live site, to which people may still come: without the last look at everybody
  --learn X        what learning from the place makes of curves that are wrong by X on the scale of scores, such as 0.15
  --print          prints the stream instead of evaluating it
  --uncalibrated   for --photos: ignores the calibration of the embedder
  --models DIR     for --photos; likewise --detector NAME and --embedder NAME
  --json           the whole result as JSON
  --html FILE      a report with a timeline of IDs`

const options = {
  ...outputOptions,
  level: { type: 'string' },
  people: { type: 'string' },
  half: { type: 'string' },
  grey: { type: 'string' },
  poor: { type: 'string' },
  stream: { type: 'string' },
  photos: { type: 'string' },
  seed: { type: 'string' },
  risk: { type: 'string' },
  embeddings: { type: 'string' },
  learn: { type: 'string' },
  'goes-on': { type: 'boolean' },
  print: { type: 'boolean' },
  uncalibrated: { type: 'boolean' },
  ...modelOptions,
} as const

type Values = ReturnType<typeof parseWithFiles<typeof options>>['values']

interface Asked {
  readonly frames: StreamFrame[]
  /** The title of the result. */
  readonly what: string
  /** Of the embedder that made the embeddings; null when it is not to be applied. */
  readonly scale: CosineScale | null
  /** With `--grey` or `--poor`: what was found in the photos of each kind. */
  readonly kinds?: readonly KindOfPhoto[]
}

const photoStream = async (values: Values & { readonly photos: string }, seed: number): Promise<Asked> => {
  const { models = null, embedder = 'auto', uncalibrated, photos, level } = values
  const scale = uncalibrated ? null : await configuredScale({ directory: models, embedder })
  const how = (set: PhotoSet) => `seed ${seed}, ${set.embedder}${scale ? ', calibrated' : ''}`
  if (level === 'hard') {
    const { set, ...stream } = await hardLevel({ ...values, photos }, seed)
    return { ...stream, what: `Hard level, one photo a track, ${how(set)}`, scale }
  }
  const set = await readPhotos({ ...values, photos, views: viewsOfPhoto })
  return { frames: composeStream(set.photos, seed), what: `Photos composed into a stream, ${how(set)}`, scale }
}

const streamOf = async (values: Values, seed: number): Promise<Asked> => {
  const { stream, photos, level = 'easier' } = values
  refuseHardOptions(values)
  const otherLevel = level === 'hard' ? undefined : values.level
  if ([stream, photos, otherLevel].filter((value) => value !== undefined).length > 1)
    throw new RollcallError('USAGE', 'eval identities: one of --level, --stream and --photos', {
      remedy: 'see rollcall eval identities --help',
    })
  if (stream !== undefined) return { frames: await readStream(stream), what: `The stream ${stream}`, scale: null }
  if (photos !== undefined) return photoStream({ ...values, photos }, seed)
  if (!Object.hasOwn(levels, level))
    throw new RollcallError('USAGE', `--level: expected ${Object.keys(levels).join(', ')} or hard, found "${level}"`, {
      remedy: 'see rollcall eval identities --help',
    })
  const frames = simulatePeople(levels[level as LevelName], seed)
  return { frames, what: `Simulated people, ${level}, seed ${seed}`, scale: null }
}

/** The engine's options with `--risk`. Throws USAGE. */
const optionsOf = ({ risk }: Values): IdentityOptions => {
  const result = identityOptions.safeParse(risk === undefined ? {} : { risk: Number(risk) }, { error: inPlainWords })
  if (result.success) return result.data
  const why = result.error.issues.map(({ message }) => message).join('; ')
  throw new RollcallError('USAGE', `--risk ${JSON.stringify(risk)}: ${why}`, { remedy: 'for example --risk 12' })
}

/** The shift of `--learn`. Throws USAGE. */
const shiftOf = (given: string): number => {
  const shift = given.trim() === '' ? Number.NaN : Number(given)
  if (Math.abs(shift) <= 1) return shift
  throw new RollcallError('USAGE', `--learn: expected a number from -1 to 1, found ${JSON.stringify(given)}`, {
    remedy: 'for example --learn=-0.15',
  })
}

/** Says what learning makes of curves that are wrong by `shift`. Resolves to 0. */
const learn = async (
  values: Values,
  { frames, what, scale }: Asked,
  shift: number,
  engine: IdentityOptions,
): Promise<number> => {
  const learning = evaluateLearning(frames, scale ?? { scale: 1, offset: 0 }, shift, engine)
  await report(values, {
    result: learning,
    page: () => learningPage(what, learning),
    text: [what, learningTable(learning)],
  })
  return 0
}

/** `rollcall eval identities`. Resolves to 0; throws USAGE for options, photos or a stream. */
export const identities = async (args: readonly string[]): Promise<number> => {
  const { values } = parseWithFiles('identities', args, options, [])
  if (values.help) {
    console.log(help)
    return 0
  }
  const engine = optionsOf(values)
  const shift = values.learn === undefined ? null : shiftOf(values.learn)
  const rounding = named(
    'kind of embeddings',
    values.embeddings ?? 'float32',
    roundings,
    'see rollcall eval identities --help',
  )
  const { frames: exact, what, scale, kinds } = await streamOf(values, wholeNumber('--seed', values.seed, 1))
  const frames = roundedStream(exact, rounding)
  if (values.uncalibrated && values.photos === undefined)
    throw new RollcallError('USAGE', '--uncalibrated: only photos have an embedder', { remedy: 'add --photos DIR' })
  if (values.print) {
    await printStream(frames, process.stdout)
    return 0
  }
  if (shift !== null) return learn(values, { frames, what, scale }, shift, engine)
  const { isTTY } = process.stderr
  const startedMs = performance.now()
  const onStep = (what: string): void => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0)
    if (isTTY) process.stderr.write(`\r\x1b[2K${seconds} s: ${what}`)
  }
  const setup = { untilEnd: values['goes-on'] !== true, ...(scale && { scale }) }
  const { result, faces, usPerFace } = evaluateIdentities(frames, setup, onStep, engine)
  if (isTTY) process.stderr.write('\r\x1b[2K')
  const recall = pairRecall(frames)
  await report(values, {
    result: { ...result, pairRecall: Number.isNaN(recall) ? null : recall, ...(kinds && { kinds }) },
    page: () => identitiesPage(what, result, faces),
    text: [
      ...(kinds ? [`Faces found: ${kindsInWords(kinds)}`] : []),
      `${what}: ${result.faces} faces, ${result.people} people, ${result.tracks} tracks, ${result.cameras} cameras`,
      `${(100 * recall).toFixed(1)} % of the same-person pairs are above the cosine that lets through 1e-3 of the others; engine ${usPerFace.toFixed(0)} µs a face`,
      identitiesTable(result),
    ],
  })
  return 0
}
