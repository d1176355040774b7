import { gstLaunch } from './gst.ts'

/** Encoders with few and with many dependencies between pictures: x265 makes B pictures and open groups. A group has 25. */
const encoders = {
  h264: 'openh264enc gop-size=25 bitrate=1500000 complexity=low',
  h265: 'x265enc key-int-max=25 bitrate=1500 speed-preset=ultrafast option-string=log-level=0',
} as const

export type ZonePlateCodec = keyof typeof encoders

const defaultShape = { width: 320, height: 240, fps: 50 }

/** An MP4 of no two pictures that are alike, each of them several packets long. */
export const makeZonePlate = async (
  codec: ZonePlateCodec,
  frames: number,
  file: string,
  { width, height, fps } = defaultShape,
): Promise<string> => {
  const picture = `video/x-raw,format=I420,width=${width},height=${height},framerate=${fps}/1`
  const source = `videotestsrc num-buffers=${frames} pattern=zone-plate kx2=20 ky2=20 kt=5 kt2=1`
  const { code, errors } = await gstLaunch(
    `${source} ! ${picture} ! ${encoders[codec]} ! ${codec}parse ! mp4mux ! filesink location=${file}`,
    60_000,
  )
  if (code !== 0) throw new Error(errors)
  return file
}
