import { openEncoder } from '../../../../native/index.js'
import { RollcallError } from '../../../errors.ts'

/** An H.264 encoder of GStreamer. */
export interface VideoEncoder {
  /** The element's name. */
  readonly element: string
  /** Its part of a launch line, for so many bits a second where it needs to be told. */
  readonly launch: (bitsPerSecond: number) => string
}

const kbits = (bits: number): number => Math.round(bits / 1000)

/** Best first. Those of hardware exist in GStreamer only where the hardware does. */
const encoders: readonly VideoEncoder[] = [
  { element: 'nvh264enc', launch: (bits) => `nvh264enc bitrate=${kbits(bits)}` },
  { element: 'vah264enc', launch: (bits) => `vah264enc bitrate=${kbits(bits)}` },
  { element: 'x264enc', launch: () => 'x264enc pass=qual quantizer=21 speed-preset=veryfast bframes=0' },
  { element: 'openh264enc', launch: (bits) => `openh264enc bitrate=${bits} complexity=low gop-size=50` },
]

/** The launch line that encodes pictures of any size as an MP4 of this one. */
export const encodingLine = (
  { launch }: VideoEncoder,
  { width, height, fps }: { readonly width: number; readonly height: number; readonly fps: number },
  sink: string,
): string => {
  // Encoders take even sides only.
  const [even, high] = [width & ~1, height & ~1]
  const raw = `video/x-raw,format=(string){I420,NV12},width=${even},height=${high},pixel-aspect-ratio=1/1,colorimetry=bt709`
  const bits = Math.round(Math.min(20e6, Math.max(1e6, 0.12 * width * height * fps)))
  return `appsrc name=pictures ! videoscale add-borders=true ! videoconvert ! ${raw} ! ${launch(bits)} ! h264parse ! mp4mux ! ${sink}`
}

/** Whether the encoder encodes a picture here: one that is installed may lack its hardware. */
const works = async (encoder: VideoEncoder): Promise<boolean> => {
  const [width, height] = [320, 240]
  const trial = openEncoder(encodingLine(encoder, { width, height, fps: 25 }, 'fakesink'))
  try {
    const caps = `video/x-raw,format=I420,width=${width},height=${height},framerate=25/1`
    await trial.push(new Uint8Array((width * height * 3) / 2).fill(128), caps, 0n, 40_000_000n)
    await trial.end()
    return true
  } finally {
    await trial.close()
  }
}

/** The first encoder that encodes a picture. Throws NATIVE_MISSING when there is none. */
export const chooseEncoder = async (candidates = encoders): Promise<VideoEncoder> => {
  for (const encoder of candidates) if (await works(encoder).catch(() => false)) return encoder
  throw new RollcallError('NATIVE_MISSING', '--video: GStreamer has no H.264 encoder that works', {
    remedy:
      'apt-get install --no-install-recommends gstreamer1.0-plugins-ugly (x264enc) or gstreamer1.0-plugins-bad (openh264enc)',
  })
}
