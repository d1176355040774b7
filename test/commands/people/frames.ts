import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gstLaunch, hasElements } from '../../support/gst.ts'
import { madeOnce } from '../../support/made-once.ts'

const footage = resolve(import.meta.dirname, '../../../footage/street.mp4')

export const canCut = hasElements('videorate', 'videoscale', 'videoconvert', 'jpegenc', 'jpegdec', 'multifilesink')

const launch = async (pipeline: string): Promise<void> => {
  const { code, errors } = await gstLaunch(pipeline, 120_000)
  if (code !== 0) throw new Error(`gst-launch-1.0 ended with ${code}: ${errors}`)
}

/** Photos of people who do not exist, cut once for all test files: two frames a second of the street; the truth beside the footage says who is in them. */
export const cutFrames = async () => {
  const cut = await madeOnce('street-frames', [footage, import.meta.filename], (fresh) =>
    launch(
      `filesrc location=${footage} ! decodebin ! identity eos-after=440 ! videorate ! video/x-raw,framerate=2/1 ! videoconvert ! jpegenc quality=95 ! ` +
        `multifilesink location=${fresh}/%d.jpg`,
    ),
  )
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-frames-'))
  const at = (seconds: number): string => join(cut, `${seconds * 2}.jpg`)
  return {
    /** For what a test makes of them. */
    directory,
    fay: [at(16), at(16.5), at(17)],
    gus: [at(9), at(9.5)],
    nobody: at(0.5),
    adaAndChen: at(5),
    /** The photo at another width; enlarged again it is blurred. */
    resized: async (file: string, width: number, enlarged = false): Promise<string> => {
      const to = join(directory, `${width}${enlarged ? '-enlarged' : ''}.jpg`)
      const size = (w: number): string => `videoscale ! video/x-raw,width=${w},height=${(w * 9) / 16}`
      await launch(
        `filesrc location=${file} ! jpegdec ! ${size(width)} ! ${enlarged ? `${size(1280)} ! ` : ''}jpegenc ! filesink location=${to}`,
      )
      return to
    },
    remove: (): void => rmSync(directory, { recursive: true, force: true }),
  }
}
export type Frames = Awaited<ReturnType<typeof cutFrames>>
