import { join } from 'node:path'
import type { Loop } from '../../simulator/loop.ts'
import { readLoop } from '../../simulator/read-loop.ts'
import { makeTestVideo } from '../support/gst.ts'

/** What the cameras of the zoo show: two seconds, 320×180, a key frame every half second. */
export const zooLoop = async (directory: string): Promise<Loop> => {
  const file = join(directory, 'zoo.mp4')
  await makeTestVideo({ file, codec: 'h264', width: 320, height: 180, frames: 60, keyEvery: 15 })
  return readLoop(file)
}
