import { join } from 'node:path'
import { type LoopName, loopFile } from '../test/support/footage.ts'
import { gstLaunch } from '../test/support/gst.ts'
import { madeOnce } from '../test/support/made-once.ts'
import { type LiveScene, sceneOf } from './live-scenes.ts'

/** One of the footage's H.264 loops in 1920×1080, scaled up and encoded as cameras do, without B frames; made once. */
export const enlarged = async (name: Exclude<LoopName, 'gate'>): Promise<LiveScene> => {
  const size = 'video/x-raw,width=1920,height=1080'
  const folder = await madeOnce(`enlarged-${name}`, [loopFile(name), import.meta.filename], async (directory) => {
    console.error(`${name} is scaled up to 1920×1080 (once)`)
    const { code, errors } = await gstLaunch(
      `filesrc location=${loopFile(name)} ! qtdemux ! h264parse ! avdec_h264 ! videoscale ! ${size} ! ` +
        'openh264enc complexity=low bitrate=6000000 gop-size=50 scene-change-detection=false ! ' +
        `h264parse ! mp4mux ! filesink location=${join(directory, `${name}.mp4`)}`,
      300_000,
    )
    if (code !== 0) throw new Error(`gst-launch-1.0 ended with ${code}: ${errors}`)
  })
  return sceneOf(name, join(folder, `${name}.mp4`))
}
