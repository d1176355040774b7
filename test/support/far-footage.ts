import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readTruth, type Truth } from '../../src/demo/truth.ts'
import { type LoopName, loopFile } from './footage.ts'
import { gstLaunch } from './gst.ts'

/** The two streams of a camera, of which the small one sees people as if from far away. */
export interface FarFootage {
  /** `farFootage`: the loop itself, 1280×720, 25 frames a second. */
  readonly big: string
  /** `farFootage`: the loop scaled to a third, every second frame: faces of 5 to 30 pixels. */
  readonly small: string
  /** Of the small one's frames. */
  readonly truth: Truth
}

const folder = resolve(import.meta.dirname, '../../.rollcall/far')

/** Frames a second of the small stream. */
const SMALL_FPS = 12.5

/** Makes the small stream of a loop, once: it stays in .rollcall, 0.5 MB each. */
export const farFootage = async (loop: LoopName): Promise<FarFootage> => {
  const small = join(folder, `${loop}-small.mp4`)
  if (!existsSync(small)) {
    mkdirSync(folder, { recursive: true })
    const part = `${small}.${process.pid}.part`
    const codec = loop === 'gate' ? 'h265' : 'h264'
    const { code, errors } = await gstLaunch(
      `filesrc location=${loopFile(loop)} ! qtdemux ! ${codec}parse ! avdec_${codec} ! ` +
        'videorate drop-only=true ! video/x-raw,framerate=25/2 ! videoscale ! video/x-raw,width=426,height=240 ! ' +
        `openh264enc gop-size=25 complexity=low bitrate=500000 ! h264parse ! mp4mux ! filesink location=${part}`,
      300_000,
    )
    if (code !== 0) throw new Error(`gst-launch-1.0 could not make ${small}: ${errors}`)
    renameSync(part, small)
  }
  const truth = await readTruth(loopFile(loop).replace('.mp4', '.truth.jsonl'))
  const facesOf = truth.facesOf.filter((_, i) => i % 2 === 0)
  return { big: loopFile(loop), small, truth: { ...truth, fps: SMALL_FPS, frames: facesOf.length, facesOf } }
}
