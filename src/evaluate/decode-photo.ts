import { type NativeFrame, open } from '../../native/index.js'
import { RollcallError } from '../errors.ts'

/** A GStreamer string in quotes. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

const longestMs = 20_000

/**
 * Decodes a photo with the addon. The caller closes the frame. `pictureSide` is the longest side of its `picture`,
 * pixels. Rejects with USAGE, which names the file.
 */
export const decodePhoto = (file: string, pictureSide: number): Promise<NativeFrame> =>
  new Promise((resolve, reject) => {
    const fail = (what: string): void =>
      reject(new RollcallError('USAGE', `${file}: ${what}`, { remedy: 'remove the file or convert it to JPEG or PNG' }))
    const launch =
      `filesrc location=${quoted(file)} ! decodebin ! videoflip video-direction=auto ! videoconvert ! videoscale ! ` +
      'video/x-raw,format=(string)I420,pixel-aspect-ratio=1/1 ! appsink name=frames'
    const late = setTimeout(() => finish(() => fail(`not decoded within ${longestMs / 1000} s`)), longestMs)
    let over = false
    const finish = (report: () => void): void => {
      if (over) return
      over = true
      clearTimeout(late)
      report()
      void pipeline.stop()
    }
    const pipeline = open({
      launch,
      mode: 'every',
      pictureSide,
      onEvent: (event) => {
        if (event.type === 'frame' && !over) {
          const frame = pipeline.take()
          if (frame) finish(() => resolve(frame))
        } else if (event.type === 'error') finish(() => fail(event.message))
        else if (event.type === 'eos') finish(() => fail('there is no picture in it'))
      },
    })
  })
