/** What a detector finds of the faces in the project's own footage, whose truth is known. */
import { join, resolve } from 'node:path'
import { readTruth, type TrueFace } from '../src/demo/truth.ts'
import { iou } from '../src/math/boxes.ts'
import type { Detection, Picture } from '../src/types.ts'
import type { Detector } from '../src/vision/detector.ts'
import { decodeFrames } from '../test/vision/footage.ts'
import { sameFace } from './agreed-faces.ts'
import { type Kind, kinds } from './seen-as.ts'

const footage = resolve(import.meta.dirname, '../footage')
/** Each loop's key frames come after so many pictures. */
const keyEvery = { lobby: 50, gate: 50, cafe: 50, street: 25 } as const
/** As Rollcall looks at it where nothing is said: `models.side`. */
const usualSide = 640
/** Degrees; who looks further away may be found or not. */
const turnedAway = 78

/** How many faces are wanted, those of them that are not found, and how many detections are where nobody's face is. */
export interface OwnFaces {
  readonly wanted: number
  readonly missed: readonly (TrueFace & { readonly widthPx: number })[]
  readonly wrong: number
}

/** A loop of the footage. */
export type Loop = keyof typeof keyEvery

/** The key frames of loops, as a camera of this kind sends them, `side` pixels wide, with who is in them. */
export const ownPictures = async (
  kind: Kind,
  loops = Object.keys(keyEvery) as readonly Loop[],
  side = usualSide,
): Promise<{ readonly picture: Picture; readonly faces: readonly TrueFace[] }[]> => {
  const pictures = []
  for (const loop of loops) {
    const { facesOf } = await readTruth(join(footage, `${loop}.truth.jsonl`))
    const frames = decodeFrames(
      join(footage, `${loop}.mp4`),
      { width: side, height: (side * 9) / 16 },
      { keysOnly: true },
    )
    for (const [i, frame] of frames.entries())
      pictures.push({ picture: kinds[kind](frame), faces: facesOf[i * keyEvery[loop]] ?? [] })
  }
  return pictures
}

/** Whoever looks away by less than 78° is wanted, of whatever size. */
export const ownFacesOf = async (
  detector: Detector,
  pictures: Awaited<ReturnType<typeof ownPictures>>,
): Promise<OwnFaces> => {
  const detections = await detector.detect(pictures.map(({ picture }) => picture))
  let [wanted, wrong] = [0, 0]
  const missed: OwnFaces['missed'][number][] = []
  for (const [i, { faces }] of pictures.entries()) {
    const found = detections[i] ?? []
    const isAt = (face: TrueFace, detection: Detection): boolean => iou(detection.box, face.box) > sameFace
    for (const face of faces.filter(({ yaw }) => Math.abs(yaw) < turnedAway)) {
      wanted++
      if (!found.some((each) => isAt(face, each))) missed.push({ ...face, widthPx: face.box.width * usualSide })
    }
    wrong += found.filter((each) => !faces.some((face) => isAt(face, each))).length
  }
  return { wanted, missed, wrong }
}
