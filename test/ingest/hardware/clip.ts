import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { gstLaunch } from '../../support/gst.ts'

/** An MP4 of moving lines, 25 pictures a second, H.264 with a key picture each ten. Goes with the test. */
export const movingLines = async (frames: number): Promise<string> => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-hardware-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'lines.mp4')
  const picture = `videotestsrc num-buffers=${frames} pattern=zone-plate kx2=20 ky2=20 kt=5 ! video/x-raw,format=I420,width=96,height=64,framerate=25/1`
  const made = await gstLaunch(`${picture} ! openh264enc gop-size=10 ! h264parse ! mp4mux ! filesink location=${file}`)
  expect(made.code, made.errors).toBe(0)
  return file
}
