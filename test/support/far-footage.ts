import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readTruth, type Truth } from '../../src/demo/truth.ts'
import { type LoopName, loopFile } from './footage.ts'
import { gstLaunch } from './gst.ts'

/** The two streams of a camera that sees a loop's people from far away. */
export interface FarFootage {
  /** 1920×1080: the loop as it is, in the middle of a dark place. */
  readonly big: string
  /** The same, scaled to 640×360: a face has a third of its width. */
  readonly small: string
  /** Of the small one's frames. */
  readonly truth: Truth
}

const folder = resolve(import.meta.dirname, '../../.rollcall/far')

/** The big one has 25 frames a second, a key frame every two seconds and the loop's 700 frames; the small one every second frame of them. */
export const FAR = { width: 1920, height: 1080, bigFps: 25, keyEvery: 50, smallFps: 12.5 } as const

const encode = (kbits: number, file: string): string =>
  `openh264enc gop-size=${FAR.keyEvery} complexity=low bitrate=${kbits}000 ! h264parse ! mp4mux ! filesink location=${file}`

/** Makes both streams of a loop, once: they stay in .rollcall. The loop's pixels are in the big one as they are. */
export const farFootage = async (loop: Exclude<LoopName, 'gate'>): Promise<FarFootage> => {
  const [big, small] = [join(folder, `${loop}-big.mp4`), join(folder, `${loop}-small.mp4`)]
  if (!existsSync(big) || !existsSync(small)) {
    mkdirSync(folder, { recursive: true })
    const part = `.${process.pid}.part`
    const { code, errors } = await gstLaunch(
      `filesrc location=${loopFile(loop)} ! qtdemux ! h264parse ! avdec_h264 ! ` +
        'videobox left=-320 right=-320 top=-180 bottom=-180 ! tee name=t ! queue ! ' +
        `${encode(5000, big + part)} t. ! queue ! videorate drop-only=true ! video/x-raw,framerate=25/2 ! ` +
        `videoscale add-borders=false ! video/x-raw,width=640,height=360 ! ${encode(600, small + part)}`,
      300_000,
    )
    if (code !== 0) throw new Error(`gst-launch-1.0 could not make ${big}: ${errors}`)
    renameSync(big + part, big)
    renameSync(small + part, small)
  }
  return { big, small, truth: farTruth(await readTruth(loopFile(loop).replace('.mp4', '.truth.jsonl'))) }
}

/** Every second frame, with the loop in the middle two thirds of the picture. */
const farTruth = (truth: Truth): Truth => {
  const far = ([x, y]: readonly [number, number]): [number, number] => [(1 + 4 * x) / 6, (1 + 4 * y) / 6]
  const facesOf = truth.facesOf
    .filter((_, i) => i % 2 === 0)
    .map((faces) =>
      faces.map((face) => {
        const [x, y, width, height] = face.box
        return {
          ...face,
          box: [...far([x, y]), (width * 2) / 3, (height * 2) / 3] as typeof face.box,
          landmarks: face.landmarks.map(far),
        }
      }),
    )
  return { ...truth, width: FAR.width, height: FAR.height, fps: FAR.smallFps, frames: facesOf.length, facesOf }
}
