import { mkdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { makeFootage } from '../simulator/footage/footage.ts'
import type { Loop } from '../simulator/loop.ts'
import { partOf } from '../test/support/footage.ts'

const folder = resolve(import.meta.dirname, '../.rollcall/footage')

/**
 * Two people who hardly move, ten seconds of 1280×720 at 25 frames a second: one second of the café, ten times slower. Each picture
 * has noise of its own, as a sensor's has, so that none is like the one before.
 */
export const stillPeople = async (): Promise<Loop> => {
  mkdirSync(folder, { recursive: true })
  const part = await partOf('cafe', 14, 16, join(folder, 'cafe-14-16.mp4'))
  const size = 'width=1280,height=720,framerate=25/1'
  const noise = `videotestsrc pattern=snow ! video/x-raw,${size} ! mix.sink_1`
  const slow = `filesrc location=${relative(process.cwd(), part)} ! qtdemux ! h264parse ! avdec_h264 ! videorate rate=0.1 ! video/x-raw,${size} ! mix.sink_0`
  const launch = `${noise} ${slow} compositor name=mix sink_0::zorder=0 sink_1::zorder=1 sink_1::alpha=0.04 ! videoconvert ! video/x-raw,format=I420 ! identity eos-after=251 ! openh264enc complexity=low bitrate=4000000 gop-size=50`
  return makeFootage({ codec: 'h264', width: 1280, height: 720, launch }, folder)
}
