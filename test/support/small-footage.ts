import { join } from 'node:path'
import { readTruth, type Truth } from '../../src/demo/truth.ts'
import { type LoopName, loopFile } from './footage.ts'
import { gstLaunch } from './gst.ts'
import { madeOnce } from './made-once.ts'

const FPS = 5
/** Of the loops. */
const LOOP_FPS = 25

/** A loop of the project at 640×360 and five frames a second, so that two cores watch a dozen of them; made once. */
export const smallFootage = async (loop: LoopName): Promise<{ readonly file: string; readonly truth: Truth }> => {
  const directory = await madeOnce(`small-${loop}`, [loopFile(loop), import.meta.filename], async (into) => {
    const codec = loop === 'gate' ? 'h265' : 'h264'
    const { code, errors } = await gstLaunch(
      `filesrc location=${loopFile(loop)} ! qtdemux ! ${codec}parse ! avdec_${codec} ! ` +
        `videorate drop-only=true ! video/x-raw,framerate=${FPS}/1 ! videoscale ! video/x-raw,width=640,height=360 ! ` +
        `openh264enc gop-size=${FPS} complexity=low bitrate=600000 ! h264parse ! mp4mux ! ` +
        `filesink location=${into}/small.mp4`,
      300_000,
    )
    if (code !== 0) throw new Error(`gst-launch-1.0 could not make a small ${loop}: ${errors}`)
  })
  const truth = await readTruth(loopFile(loop).replace('.mp4', '.truth.jsonl'))
  const facesOf = truth.facesOf.filter((_, i) => i % (LOOP_FPS / FPS) === 0)
  return { file: join(directory, 'small.mp4'), truth: { ...truth, fps: FPS, frames: facesOf.length, facesOf } }
}
