/**
 * Does the shipped detector find what two public ones agree on, does it see faces where neither does, and what does it
 * cost? On each clip: recall of the faces that YuNet and RetinaFace both find, by size, pose and blur; detections that
 * neither has; the faces of the project's own footage, by its truth; and milliseconds a picture over YuNet's, run in turn.
 * With `--as` the detector sees the pictures as another camera would send them, the two others in colour as ever.
 *
 *   npm run bench -- detector [--as colour|grey|infrared|poor] [--models DIR] [--detector NAME] [--min-score X]
 *     [--public DIR] [--clips DIR] [--fps N/M] [--side N]
 *
 * `--side` is the width of the footage's pictures, up to 1280; clips stay as small as they are.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Picture } from '../src/types.ts'
import type { Detector } from '../src/vision/detector.ts'
import { decodeFrames } from '../test/vision/footage.ts'
import { type Agreement, agreementOf, sizeOf, together } from './agreed-faces.ts'
import { openOn } from './open-detector.ts'
import { ownFacesOf, ownPictures } from './own-faces.ts'
import { type Kind, kinds } from './seen-as.ts'

const shared = resolve(import.meta.dirname, '../../shared')

/** Clips with their size in pixels. The shipped detector was not trained on them. */
export const measured = [
  ['three-people.mp4', 640, 480],
  ['indoors.mp4', 640, 480],
  ['hikers.mp4', 640, 480],
  ['film-cuts.mp4', 640, 360],
] as const
/** Two pictures a second. It was trained on marathon and on the first half of backs-only; the second half is measured. */
const others = [
  ['marathon.mkv', 960, 540],
  ['backs-only.mp4', 768, 432],
] as const

/** Milliseconds that a fifth of the runs undercut: what the machine does when nobody disturbs it. */
const quick = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 5)] as number

/** Runs on the same picture in turn, so that a busy machine slows both alike. */
const costOf = async (picture: Picture, one: Detector, other: Detector): Promise<number> => {
  const timed = async (detector: Detector): Promise<number> => {
    const from = performance.now()
    await detector.detect([picture])
    return performance.now() - from
  }
  const ms: { one: number; other: number }[] = []
  for (let i = 0; i < 110; i++) ms.push({ one: await timed(one), other: await timed(other) })
  const warm = ms.slice(10)
  return quick(warm.map((each) => each.one)) / quick(warm.map((each) => each.other))
}

const printCosts = async (mine: Detector, yunet: Detector): Promise<void> => {
  for (const [width, height] of [
    [320, 320],
    [640, 384],
    [640, 640],
  ] as const) {
    const picture = { width, height, data: new Uint8Array(width * height * 3).map((_, i) => (i * 2654435761) >>> 24) }
    console.log(`cost_ratio_${width}x${height} ${(await costOf(picture, mine, yunet)).toFixed(3)}`)
  }
}

const share = (part: number, whole: number): string => (whole === 0 ? 'none' : (part / whole).toFixed(4))

const print = (name: string, { agreed, detections, extras }: Agreement, pictures: readonly Picture[]): void => {
  for (const [group, { found, wanted }] of [...agreed].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`${name}_recall_${group} ${share(found, wanted)} (${found} of ${wanted})`)
  const large = extras.filter(({ picture, face }) => sizeOf(face, pictures[picture] as Picture) >= 40).length
  console.log(
    `${name}_extras ${share(extras.length, detections)} (${extras.length} of ${detections}, ${large} from 40 px)`,
  )
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      models: { type: 'string', default: resolve(import.meta.dirname, '../models') },
      detector: { type: 'string', default: 'detector' },
      public: { type: 'string', default: join(shared, 'models') },
      clips: { type: 'string', default: join(shared, 'clips') },
      fps: { type: 'string', default: '10/1' },
      as: { type: 'string', default: 'colour' },
      side: { type: 'string', default: '640' },
      'min-score': { type: 'string' },
    },
  })
  if (!existsSync(values.public) || !existsSync(values.clips))
    throw new Error('bench detector: needs the public models (--public DIR) and the clips (--clips DIR)')
  if (!Object.hasOwn(kinds, values.as))
    throw new Error(`bench detector: --as is one of ${Object.keys(kinds).join(', ')}`)
  const kind = values.as as Kind
  const side = Number(values.side)
  const minScore = values['min-score'] === undefined ? null : Number(values['min-score'])
  const mine = await openOn(values.models, values.detector, { minScore, side: Math.max(960, side) })
  const yunet = await openOn(values.public, 'yunet_n_dynamic')
  const retinaface = await openOn(values.public, 'retinaface_mnet025')
  if (kind === 'colour') await printCosts(mine, yunet)
  const all: { agreement: Agreement; pictures: Picture[] }[] = []
  for (const [clip, width, height] of [...measured, ...others]) {
    const fps = measured.some(([name]) => name === clip) ? values.fps : '2/1'
    const frames = decodeFrames(join(values.clips, clip), { width, height }, { fps })
    const from = clip === 'backs-only.mp4' ? Math.floor(frames.length / 2) : 0
    const pictures = frames.slice(from).map(({ picture }) => picture)
    const found = await mine.detect(frames.slice(from).map(kinds[kind]))
    const references = [await yunet.detect(pictures), await retinaface.detect(pictures)] as const
    const agreement = agreementOf(pictures, found, references)
    print(clip.replace(/\..*/, ''), agreement, pictures)
    console.log(`${clip.replace(/\..*/, '')}_detections ${agreement.detections} (YuNet ${references[0].flat().length})`)
    if (measured.some(([name]) => name === clip)) all.push({ agreement, pictures })
  }
  const agreed = together(all.map(({ agreement }) => agreement.agreed))
  const detections = all.reduce((sum, { agreement }) => sum + agreement.detections, 0)
  const extras = all.reduce((sum, { agreement }) => sum + agreement.extras.length, 0)
  for (const [group, { found, wanted }] of [...agreed].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`all_recall_${group} ${share(found, wanted)} (${found} of ${wanted})`)
  const distances = all.flatMap(({ agreement }) => agreement.landmarks).sort((a, b) => a - b)
  for (const rank of [0.5, 0.95])
    console.log(`all_landmark_distance_p${100 * rank} ${distances[Math.floor(rank * distances.length)]?.toFixed(4)}`)
  console.log(`all_extras ${share(extras, detections)} (${extras} of ${detections})`)
  const pictures = await ownPictures(kind, undefined, side)
  const before = process.cpuUsage()
  const own = await ownFacesOf(mine, pictures)
  const { user, system } = process.cpuUsage(before)
  const ownFound = own.wanted - own.missed.length
  console.log(`footage_recall ${share(ownFound, own.wanted)} (${ownFound} of ${own.wanted}), ${own.wrong} false`)
  console.log(`footage_cpu_ms ${((user + system) / 1000 / pictures.length).toFixed(1)}`)
  await Promise.all([mine.close(), yunet.close(), retinaface.close()])
}
