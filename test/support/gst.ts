import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { createGrantedClock } from '../chaos/granted-time.ts'

/** Whether all these GStreamer elements are installed, and gst-launch-1.0 with them. */
export const hasElements = (...names: readonly string[]): boolean =>
  spawnSync('gst-launch-1.0', ['--version']).status === 0 &&
  names.every((name) => spawnSync('gst-inspect-1.0', ['--exists', name]).status === 0)

export interface Launched {
  readonly code: number | null
  /** What `-v` prints: caps, and the buffers that reach a `fakesink silent=false`. */
  readonly out: string
  readonly errors: string
}

/**
 * Runs gst-launch-1.0 until it ends by itself, or kills it at the deadline (`code` is null then). The deadline is in time that the
 * machine had for it: on a busy one twenty seconds may go by before it has started.
 */
export const gstLaunch = async (launch: string, deadlineMs = 20_000): Promise<Launched> => {
  const child = spawn('gst-launch-1.0', ['-v', ...launch.split(/\s+/)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Otherwise the error texts follow the language of the machine.
    env: { ...process.env, LC_ALL: 'C' },
  })
  const grantedMs = createGrantedClock()
  const deadline = setInterval(() => grantedMs() < deadlineMs || child.kill('SIGKILL'), 100)
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  clearInterval(deadline)
  return { code: child.exitCode, out, errors }
}

/** Presentation times in seconds of the buffers that a `fakesink silent=false` got. */
export const ptsOf = ({ out }: Launched): readonly number[] =>
  [...out.matchAll(/chain .*?pts: (\d+):(\d+):([\d.]+)/g)].map(
    ([, hours, minutes, seconds]) => Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
  )

export interface TestVideo {
  /** Where it goes; an .mp4. */
  readonly file: string
  readonly codec: 'h264' | 'h265'
  readonly width: number
  readonly height: number
  readonly frames: number
  /** Frames from one key frame to the next. */
  readonly keyEvery: number
}

const encoders = {
  h264: { element: 'openh264enc', options: (keyEvery: number) => `gop-size=${keyEvery} complexity=low` },
  h265: {
    element: 'x265enc',
    options: (keyEvery: number) => `key-int-max=${keyEvery} speed-preset=ultrafast option-string=log-level=0`,
  },
} as const

export const canEncode = (codec: TestVideo['codec']): boolean => hasElements(encoders[codec].element, 'mp4mux')

/** Encodes a moving test picture at 30 frames a second, so that the suite needs no footage. */
export const makeTestVideo = async (video: TestVideo): Promise<string> => {
  const { element, options } = encoders[video.codec]
  const { width, height, frames, keyEvery, codec, file } = video
  const picture = `video/x-raw,format=I420,width=${width},height=${height},framerate=30/1`
  const result = await gstLaunch(
    `videotestsrc pattern=ball num-buffers=${frames} ! ${picture} ! ${element} ${options(keyEvery)} ! ` +
      `${codec}parse ! mp4mux ! filesink location=${file}`,
  )
  if (result.code !== 0) throw new Error(`gst-launch-1.0 could not encode: ${result.errors}`)
  return file
}
