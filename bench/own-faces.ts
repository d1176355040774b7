/** What a detector finds of the faces in the project's own footage, whose truth is known. */
import { join, resolve } from 'node:path'
import { readTruth, type TrueFace } from '../src/demo/truth.ts'
import type { Picture } from '../src/types.ts'
import type { Detector } from '../src/vision/detector.ts'
import { decodeFrames } from '../test/vision/footage.ts'
import { overlap, sameFace } from './agreed-faces.ts'
import { type Kind, kinds } from './seen-as.ts'

const footage = resolve(import.meta.dirname, '../footage')
/** Each loop's key frames come after so many pictures. */
const keyEvery = { lobby: 50, gate: 50, cafe: 50, street: 25 } as const
/** As Rollcall looks at it: `models.side`. */
const size = { width: 640, height: 360 }
/** Degrees; who looks further away may be found or not. */
const turnedAway = 78

/** Found and wanted faces, and detections where nobody's face is. */
export interface OwnFaces {
  readonly found: number
  readonly wanted: number
  readonly wrong: number
}

/** The key frames of all loops, as a camera of this kind sends them, with who is in them. */
export const ownPictures = async (
  kind: Kind,
): Promise<{ readonly picture: Picture; readonly faces: readonly TrueFace[] }[]> => {
  const pictures = []
  for (const [loop, every] of Object.entries(keyEvery)) {
    const { facesOf } = await readTruth(join(footage, `${loop}.truth.jsonl`))
    const frames = decodeFrames(join(footage, `${loop}.mp4`), size, { keysOnly: true })
    for (const [i, frame] of frames.entries())
      pictures.push({ picture: kinds[kind](frame), faces: facesOf[i * every] ?? [] })
  }
  return pictures
}

/** Whoever looks away by less than 78° is wanted, of whatever size. */
export const ownFacesOf = async (
  detector: Detector,
  pictures: Awaited<ReturnType<typeof ownPictures>>,
): Promise<OwnFaces> => {
  const detections = await detector.detect(pictures.map(({ picture }) => picture))
  const sum = { found: 0, wanted: 0, wrong: 0 }
  for (const [i, { faces }] of pictures.entries()) {
    const here = detections[i] ?? []
    const boxes = faces.map(({ box: [x, y, width, height], yaw }) => ({ box: { x, y, width, height }, yaw }))
    const wanted = boxes.filter(({ yaw }) => Math.abs(yaw) < turnedAway)
    sum.wanted += wanted.length
    sum.found += wanted.filter((face) => here.some((each) => overlap(each, face) > sameFace)).length
    sum.wrong += here.filter((each) => !boxes.some((face) => overlap(each, face) > sameFace)).length
  }
  return sum
}
