import { join } from 'node:path'
import { readLoop } from '../simulator/read-loop.ts'
import { loopFile } from '../test/support/footage.ts'
import { gstLaunch } from '../test/support/gst.ts'
import { madeOnce } from '../test/support/made-once.ts'
import { type LiveScene, sceneOf } from './live-scenes.ts'

const FPS = 25

/** How a quiet camera is made; sizes in pixels. */
export interface QuietOptions {
  readonly width?: number
  readonly height?: number
  /** How long the picture stands still. */
  readonly stillS?: number
  /** How much of the street's film follows: 3.4 seconds without anybody, then people. */
  readonly filmS?: number
  /** Pictures from one key frame to the next. */
  readonly group?: number
}

/**
 * What a camera sends in front of which somebody is in a tenth of the time, 66 seconds at 25 frames a second: the street stands still,
 * then people come. It is encoded in one piece, as a camera does with a variable bit rate (1.8 Mbit/s at most in 1280×720): a key frame
 * every second, no B frames. Each picture has noise of its own, of two of 255 levels, as a sensor's has by day. People go by a
 * cut, as the loop begins anew.
 */
export const quietCamera = async (name: string, options: QuietOptions = {}): Promise<LiveScene> => {
  const { width = 1280, height = 720, stillS = 56, filmS = 10, group = 25 } = options
  const size = `video/x-raw,width=${width},height=${height},framerate=${FPS}/1`
  const film = (frames: number) =>
    `filesrc location=${loopFile('street')} ! qtdemux ! h264parse ! avdec_h264 ! identity eos-after=${frames + 1} ! videoscale`
  const still = `${film(1)} ! imagefreeze num-buffers=${FPS * stillS} ! ${size} ! c.`
  const moving = `${film(FPS * filmS)} ! ${size} ! c. concat name=c ! mix.sink_0`
  const noise = `videotestsrc pattern=snow ! ${size} ! mix.sink_1`
  const mixed = 'compositor name=mix sink_0::zorder=0 sink_1::zorder=1 sink_1::alpha=0.03 ! videoconvert'
  const rate = `bitrate=${2 * width * height} qp-min=20 qp-max=40`
  const encoder = `openh264enc complexity=low ${rate} gop-size=${group} scene-change-detection=false`
  const frames = FPS * (stillS + filmS)
  const launch = `${still} ${moving} ${noise} ${mixed} ! video/x-raw,format=I420 ! identity eos-after=${frames + 1} ! ${encoder}`
  const made = await madeOnce(
    `quiet-${width}-${stillS}-${filmS}-${group}`,
    [loopFile('street'), import.meta.filename],
    async (directory) => {
      console.error('a quiet camera is encoded (once)')
      const file = join(directory, 'quiet.mp4')
      const { code, errors } = await gstLaunch(`${launch} ! h264parse ! mp4mux ! filesink location=${file}`, 300_000)
      if (code !== 0) throw new Error(`gst-launch-1.0 ended with ${code}: ${errors}`)
    },
  )
  const { facesOf } = await sceneOf('street')
  const nobody = Array.from({ length: FPS * stillS }, () => [])
  return {
    name,
    loop: await readLoop(join(made, 'quiet.mp4')),
    facesOf: [...nobody, ...facesOf.slice(0, FPS * filmS)],
  }
}
