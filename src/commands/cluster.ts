import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { RollcallError } from '../errors.ts'
import { clusteringTable } from '../evaluate/report/reports.ts'
import { identityOptions } from '../identity/options.ts'
import { makeDirectory } from '../make-directory.ts'
import { photosIn } from '../photos/photos-in.ts'
import type { MeasuredPhoto } from '../photos/review-photos.ts'
import { countOf, printable } from '../text.ts'
import { scaleOf } from '../vision/calibration.ts'
import { parseWords } from './arguments.ts'
import { report, wholeNumber } from './eval/arguments.ts'
import type { Clustered, PlacedFace } from './photos/clustered.ts'
import { cropJpeg } from './photos/crop-url.ts'
import { type KnownPhoto, openEmbeddings, photoKey } from './photos/embeddings-file.ts'
import { measureFiles } from './photos/measure-files.ts'
import { clusterPhotosBy, methodHelp, methodIn, methodsTable, ruleText } from './photos/methods.ts'
import { clusterThresholdOf, judgingOf, modelsKey, photoOptions, photoOptionsHelp } from './photos/options.ts'
import { writePeople } from './photos/write-people.ts'

const help = `rollcall cluster DIR|PHOTO... [--out DIR] [OPTIONS]

Who is in these photos? Divides all faces into people.

  --out DIR        writes a folder for each person (people/001/…, links to the photos), faces.csv, and index.html, a contact
                   sheet. It keeps the embeddings there: what was cut off goes on, and a second call is quick
  --copy           copies photos into the folders instead of linking to them
${methodHelp}
  --people N       there are N people; without it the threshold says how many
  --threshold COS  two clusters are one person from this mean cosine on, two faces are alike (default: that of --far)
  --truth          the folder of each photo says who it is about: prints how well the people agree with that
${photoOptionsHelp}`

const options = {
  ...photoOptions,
  out: { type: 'string' },
  copy: { type: 'boolean' },
  method: { type: 'string' },
  people: { type: 'string' },
  threshold: { type: 'string' },
  truth: { type: 'boolean' },
} as const
type Values = ReturnType<typeof parseWords<typeof options>>['values']

const keptIn = (out: string): string => join(out, 'embeddings.jsonl')

/** Throws USAGE when the folder has something in it that is not ours, because what it holds is replaced. */
const prepare = (out: string): void => {
  if (existsSync(out) && !existsSync(keptIn(out)) && readdirSync(out).length > 0)
    throw new RollcallError('USAGE', `--out: ${out} has other files in it`, {
      remedy: 'name a folder that is new or empty',
    })
  makeDirectory(join(out, 'faces'))
}

const cosineIn = (text: string): number => {
  const cosine = Number(text)
  if (text.trim() !== '' && cosine > -1 && cosine < 1) return cosine
  throw new RollcallError('USAGE', `--threshold ${text}: expected a cosine between -1 and 1`, {
    remedy: 'for example --threshold 0.4',
  })
}

const peopleIn = (text: string | undefined): number | undefined => {
  const people = text === undefined ? undefined : wholeNumber('--people', text, 0)
  if (people !== 0) return people
  throw new RollcallError('USAGE', '--people 0: expected 1 or more', { remedy: 'for example --people 5' })
}

/** Measures the photos, or takes from an earlier call what it measured. Crops become files in `out`. */
const measured = async (files: readonly string[], values: Values): Promise<KnownPhoto[]> => {
  const { out } = values
  const kept = out === undefined ? null : openEmbeddings(keptIn(out), await modelsKey(values))
  if (kept && kept.found > 0) console.error(`${kept.found} photos are known from an earlier call`)
  const keep = async (seen: MeasuredPhoto, bytes: Uint8Array | null): Promise<KnownPhoto> => {
    const key = bytes && photoKey(bytes)
    const known: KnownPhoto['faces'][number][] = []
    for (const [i, { crop, ...face }] of seen.faces.entries()) {
      const jpeg = out === undefined || key === null ? null : await cropJpeg({ ...(crop && { crop }) })
      const name = jpeg && `faces/${key?.slice(0, 20)}-${i + 1}.jpg`
      if (jpeg && name) await writeFile(join(out ?? '', name), jpeg, { mode: 0o600 })
      known.push({ ...face, crop: name })
    }
    const { unreadable, turn, size } = seen
    const photo = { unreadable: unreadable ?? null, turn: turn ?? 0, size: size ?? null, faces: known }
    // What could not be decoded is tried again the next time.
    if (key !== null && unreadable === undefined) kept?.add(key, photo)
    return photo
  }
  return measureFiles(files, values, {
    crops: out !== undefined,
    recall: (_, bytes) => kept?.get(photoKey(bytes)) ?? null,
    keep,
  })
}

const faceJson = ({ file, turn, box, quality, crop }: PlacedFace): object => ({ file, turn, box, quality, crop })

const textOf = (clustered: Clustered, rule: string, out: string | undefined) => {
  const { people, poor, withoutFace, unreadable, scores } = clustered
  const often = people.filter((faces) => faces.length > 1)
  const shown = often.slice(0, 20).map((faces, i) => [`${i + 1}`, faces.length, printable(faces[0]?.file ?? '')])
  return [
    ...unreadable.map(({ file, why }) => printable(`${file}: ${why}`)),
    ...(shown.length > 0 ? [{ head: ['person', 'photos', 'for example'], rows: shown }] : []),
    ...(often.length > shown.length ? [`… and ${often.length - shown.length} more`] : []),
    `${countOf(often.length, 'person', 'people')} in two photos or more, ${countOf(people.length - often.length, 'face')} seen once; ${countOf(poor.length, 'face')} too poor to say, ${countOf(withoutFace.length, 'photo')} without a face, ${unreadable.length} that cannot be read`,
    rule,
    ...(scores ? [clusteringTable(scores)] : []),
    ...(out === undefined ? [] : [`written to ${join(out, 'index.html')}`]),
  ]
}

const filesOf = async (words: readonly string[], out: string | undefined): Promise<string[]> => {
  if (words.length === 0)
    throw new RollcallError('USAGE', 'cluster: no photo is named', { remedy: 'name photos, or a folder with photos' })
  const inOut = out === undefined ? null : `${resolve(out)}${sep}`
  const files: string[] = []
  for (const word of words) for (const file of await photosIn(word)) files.push(file)
  return [...new Set(files)].filter((file) => inOut === null || !resolve(file).startsWith(inOut))
}

/** `rollcall cluster`. Resolves to 0; throws USAGE for options or photos, MODEL_MISSING and MODEL_INVALID. */
export const cluster = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseWords('cluster', args, options)
  if (values.help) {
    console.log(help)
    return 0
  }
  const { out } = values
  const people = peopleIn(values.people)
  const method = methodIn(values)
  const judging = await judgingOf(values)
  const given = values.threshold === undefined ? null : cosineIn(values.threshold)
  const threshold = given ?? clusterThresholdOf(judging)
  const files = await filesOf(positionals, out)
  if (out !== undefined) prepare(out)
  const photos = await measured(files, values)
  const { clustered, byMethod } = clusterPhotosBy(
    method,
    files.map((file, i) => ({ file, photo: photos[i] as KnownPhoto })),
    {
      setup: { threshold, people, scale: judging.calibration && scaleOf(judging.calibration) },
      minQuality: identityOptions.parse({}).minQuality,
      hasTruth: values.truth ?? false,
    },
  )
  const { embedder } = judging
  const about = ruleText(clustered.method, { threshold, people })
  const result = {
    people: clustered.people.map((faces) => faces.map(faceJson)),
    poor: clustered.poor.map(faceJson),
    withoutFace: clustered.withoutFace,
    unreadable: clustered.unreadable,
    method: clustered.method,
    threshold,
    embedder: embedder.name,
    scores: clustered.scores,
    byMethod,
  }
  if (out !== undefined) {
    await writePeople(clustered, { to: out, copy: values.copy ?? false, about: `${embedder.name}; ${about}` })
    await writeFile(join(out, 'people.json'), `${JSON.stringify(result)}\n`)
  }
  const text = [...textOf(clustered, about, out), ...(byMethod ? [methodsTable(byMethod)] : [])]
  await report({ json: values.json }, { result, text, page: () => '' })
  return 0
}
