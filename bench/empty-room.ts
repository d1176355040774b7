import { relative, resolve } from 'node:path'
import { makeFootage } from '../simulator/footage/footage.ts'
import type { Loop } from '../simulator/loop.ts'
import { loopFile } from '../test/support/footage.ts'

/**
 * The lobby before anybody comes, ten seconds of 640×360 at 25 frames a second. Each picture has a little noise of its own, as a
 * sensor's has; the encoder keeps its quality.
 */
export const emptyRoom = (): Promise<Loop> => {
  const size = 'width=640,height=360,framerate=25/1'
  const noise = `videotestsrc pattern=snow ! video/x-raw,${size} ! mix.sink_1`
  const first = `filesrc location=${relative(process.cwd(), loopFile('lobby'))} ! qtdemux ! h264parse ! avdec_h264 ! identity eos-after=2`
  const room = `${first} ! imagefreeze num-buffers=250 ! videoscale ! video/x-raw,${size} ! mix.sink_0`
  const mix = 'compositor name=mix sink_0::zorder=0 sink_1::zorder=1 sink_1::alpha=0.02'
  const launch = `${noise} ${room} ${mix} ! videoconvert ! video/x-raw,format=I420 ! identity eos-after=251 ! openh264enc complexity=low rate-control=off qp-min=26 qp-max=26 gop-size=50`
  return makeFootage(
    { codec: 'h264', width: 640, height: 360, launch },
    resolve(import.meta.dirname, '../.rollcall/footage'),
  )
}
