import { filter, firstValueFrom } from 'rxjs'
import type { Scene } from '../../src/demo/footage.ts'
import type { TrueFace } from '../../src/demo/truth.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { iou } from '../../src/math/boxes.ts'
import { silent } from '../../src/silent-log.ts'
import type { Detection, Frame, Picture, Quality } from '../../src/types.ts'
import type { Models } from '../../src/vision/models.ts'
import { type Condition, createDegrade, type Degrade } from './degrade.ts'

/** A face that the shipped models found in one picture of a loop. */
export interface LookFace extends Detection {
  readonly embedding: Float32Array
  readonly quality: Quality
  /** Who it truly is; null for a false alarm, and where nobody wrote it down. */
  readonly person: string | null
}

/** One picture of a loop under one condition, as vision sees it: decoded, searched and embedded for real. */
export interface Look {
  readonly frame: number
  /** The few pixels of the detector's picture that the cut detector reads. */
  readonly samples: Picture
  readonly faces: readonly LookFace[]
}

export interface LoopLooks {
  readonly name: string
  readonly durationMs: number
  readonly width: number
  readonly height: number
  /** Everybody who is in it; nobody where that is not written down. */
  readonly people: readonly string[]
  /** Of each condition every n-th picture, in the order of showing. */
  readonly looks: Readonly<Partial<Record<Condition, readonly Look[]>>>
}

/** Those that cut.ts samples: 3 × 3 in each of 16 × 12 cells; a picture of this size gives it the same ones. */
const [columns, rows] = [48, 36]

const samplesOf = ({ width, height, data }: Picture): Picture => {
  const area = width * height
  const small = new Uint8Array(3 * columns * rows)
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const at = Math.floor(((j + 0.5) * height) / rows) * width + Math.floor(((i + 0.5) * width) / columns)
      for (let channel = 0; channel < 3; channel++)
        small[(channel * rows + j) * columns + i] = data[channel * area + at] as number
    }
  return { width: columns, height: rows, data: small }
}

/** Faces overlap the truth by at least this much (intersection over union). */
const leastOverlap = 0.3

/** Who each detection is, nobody twice. */
const peopleOf = (detections: readonly Detection[], truth: readonly TrueFace[]): (string | null)[] => {
  const people = detections.map((): string | null => null)
  const pairs = detections
    .flatMap((detection, i) => truth.map((real) => ({ i, real, overlap: iou(detection.box, real.box) })))
    .filter(({ overlap }) => overlap >= leastOverlap)
    .sort((a, b) => b.overlap - a.overlap)
  for (const { i, real } of pairs) if (people[i] === null && !people.includes(real.person)) people[i] = real.person
  return people
}

const lookAt = async (frame: Frame, number: number, degrade: Degrade, scene: Scene, models: Models): Promise<Look> => {
  const { full, picture } = degrade(frame)
  const [detections = []] = await models.detector.detect([picture])
  const embedded = await models.embedder.embed(detections.map((detection) => ({ full, ...detection })))
  const people = peopleOf(detections, scene.truth?.facesOf[number] ?? [])
  const faces = detections.map((detection, i): LookFace => {
    const { embedding, quality } = embedded[i] as (typeof embedded)[number]
    return { ...detection, embedding, quality, person: people[i] ?? null }
  })
  return { frame: number, samples: samplesOf(picture), faces }
}

export interface LooksWanted {
  readonly conditions: readonly Condition[]
  /** One of so many pictures is looked at. */
  readonly everyNth: number
  readonly onProgress?: (share: number) => void
}

/** Runs the real vision chain over a loop: Rollcall's own decoding, detection, alignment and embedding. */
export const recordLooks = async (
  scene: Scene,
  models: Models,
  { conditions, everyNth, onProgress = () => undefined }: LooksWanted,
): Promise<LoopLooks> => {
  const options = cameraOptions.parse({ url: scene.file })
  const cameras = openCameras([{ name: scene.name, options }], { pictureSide: 640, untilEnd: true, log: silent })
  const over = firstValueFrom(cameras.changes$.pipe(filter(({ state }) => state === 'ended')))
  const looks: Partial<Record<Condition, Look[]>> = Object.fromEntries(conditions.map((each) => [each, []]))
  let [number, lastUs, width, height] = [0, 0, 0, 0]
  let work = Promise.resolve()
  let failure: unknown = null
  const degraders = conditions.map((condition) => ({ condition, degrade: createDegrade(condition, 1) }))
  const analyse = async (frame: Frame, at: number): Promise<void> => {
    for (const { condition, degrade } of degraders)
      looks[condition]?.push(await lookAt(frame, at, degrade, scene, models))
    onProgress(at / (scene.truth?.frames ?? at + 1))
  }
  const running = cameras.ready$.subscribe((camera) => {
    // One frame after the other; the decoder waits meanwhile.
    work = work.then(async () => {
      const frame = camera.take()
      if (!frame) return
      ;[lastUs, width, height] = [frame.ptsUs, frame.full.width, frame.full.height]
      const at = number++
      if (at % everyNth === 0 && failure === null)
        await analyse(frame, at).catch((error: unknown) => {
          failure = error
        })
      frame.close()
    })
  })
  await over
  await work
  running.unsubscribe()
  await cameras.close()
  if (failure !== null) throw failure
  const durationMs = (lastUs / 1000) * (number / Math.max(1, number - 1))
  return { name: scene.name, durationMs, width, height, people: scene.truth?.people ?? [], looks }
}
