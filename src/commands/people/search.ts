import { RollcallError } from '../../errors.ts'
import { readPhoto } from '../../photos/read-photo.ts'
import type { FoundTrack, PhotoSearch } from '../../server/people-answers.ts'
import { printable } from '../../text.ts'
import { localTime, withIsoTimes } from '../local-time.ts'
import { parseSince } from '../since.ts'
import { type Call, print, type Verb, withClient } from './call.ts'
import { lasting, table } from './print.ts'

interface Searched {
  readonly file: string
  readonly faces: PhotoSearch['faces']
}

/** Says who is in photos, and with `--since` where their faces were seen. */
export const search: Verb = async (call) => {
  const { since } = call.values
  const nowMs = Date.now()
  const fromMs = since === undefined ? null : parseSince(since, nowMs)
  const photos = await withClient(call, async (client) => {
    const done: Searched[] = []
    for (const file of call.words) {
      const { faces } = await withName(file, async () => client.search(file, await readPhoto(file), fromMs))
      done.push({ file, faces })
    }
    return done
  })
  return print(call, withIsoTimes({ photos }), () => photos.map((photo) => photoText(photo, call)).join('\n\n'))
}

/** An error of a photo says which one. */
const withName = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof RollcallError) || cause.code !== 'USAGE') throw cause
    throw new RollcallError('USAGE', `${file}: ${cause.message}`, { cause, remedy: cause.remedy })
  }
}

const called = (person: string | null, name: string | null): string =>
  person === null ? 'nobody (no ID)' : name === null ? person : `${person} (${name})`

const percent = (probability: number | undefined): string =>
  probability === undefined ? '–' : `${(100 * probability).toFixed(probability > 0.99 ? 2 : 0)} %`

const trackRow = ({ fromMs, untilMs, camera, person, name, probability, score, is }: FoundTrack): string[] => [
  localTime(fromMs),
  lasting(untilMs - fromMs),
  camera,
  called(person, name),
  percent(probability),
  score.toFixed(3),
  is ? 'the same' : 'perhaps',
]

const faceText = (face: PhotoSearch['faces'][number], { values }: Call): string[] => {
  const [best] = face.matches
  const who = best?.is
    ? `is ${called(best.person, best.name)}, score ${best.score.toFixed(3)} of ${best.threshold.toFixed(3)}`
    : `nobody known${best ? `; the nearest is ${called(best.person, best.name)}, score ${best.score.toFixed(3)} of ${best.threshold.toFixed(3)}` : ''}`
  const lines = [who, ...face.problems.map((problem) => `take care: ${problem}`)]
  if (values.since === undefined) return lines
  if (face.tracks.length === 0) return [...lines, `nothing like it was seen since then`]
  const rows = face.tracks.toSorted((a, b) => a.fromMs - b.fromMs).map(trackRow)
  return [...lines, ...table([['FROM', 'TIME', 'CAMERA', 'WHO', 'P', 'SCORE', ''], ...rows])]
}

const photoText = ({ file, faces }: Searched, call: Call): string => {
  if (faces.length === 0) return printable(`${file}: no face`)
  const lines = faces.flatMap((face, i) => [
    faces.length === 1 ? `${file}:` : `${file}, face ${i + 1} of ${faces.length}:`,
    ...faceText(face, call).map((line) => `  ${line}`),
  ])
  return lines.map(printable).join('\n')
}
