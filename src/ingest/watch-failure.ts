import type { CameraFailure } from './camera-failure.ts'
import type { CameraUrl } from './camera-url.ts'
import type { CameraOptions } from './options.ts'
import { placeOf } from './relay/target.ts'
import type { RelayState } from './relay/thread-messages.ts'

/** What is known when pictures do not come. */
export interface Silence {
  readonly url: CameraUrl
  readonly options: Pick<CameraOptions, 'connectTimeoutMs' | 'stallAfterMs' | 'transport'>
  /** What the relay knows of a camera on the network. */
  readonly relay: RelayState
  /** Since an encoded picture arrived; null when none did, or when that is not known. */
  readonly sinceLastUnitMs: number | null
}

/** The failure of a source that gave no first picture in time (CAMERA_TIMEOUT). */
export const noPicture = ({ url, options, relay, sinceLastUnitMs }: Silence): CameraFailure => {
  const within = `within ${options.connectTimeoutMs / 1000} s`
  const fail = (says: string, remedy: string): CameraFailure => ({ code: 'CAMERA_TIMEOUT', says, remedy })
  if (url.kind === 'file') {
    return fail(
      `no picture ${within}: ${url.path} is damaged, or holds no video`,
      'Try whether another program plays it; convert it to MP4 with H.264.',
    )
  }
  if (url.kind === 'v4l2') return fail(`no picture from ${url.device} ${within}`, webcam)
  const hasUnits = sinceLastUnitMs !== null && sinceLastUnitMs < options.stallAfterMs
  if (mayBeUdp(url, options) && !hasUnits) return fail(`no picture ${within}`, udp)
  const place = placeOf(url.location).name
  if (hasUnits || (arrives(relay, options) && url.kind !== 'rtsp')) {
    return fail(
      `data arrives from ${place}, but no picture that can be decoded ${within}`,
      'Set a shorter key-frame interval (GOP) and H.264 or H.265 in the camera, or a longer connectTimeoutMs.',
    )
  }
  if (arrives(relay, options)) {
    return fail(
      `${place} sends packets, but no parameter sets (SPS, PPS) and key frame, and no JPEG of at most 2040 pixels’ width, with which a picture could begin ${within}`,
      'Set its codec (H.264 or H.265) and a key-frame interval (GOP) of 1–2 s anew, and restart it.',
    )
  }
  return fail(
    `${place} answers, but sends no picture ${within}`,
    'Check the stream in its settings; restart the camera.',
  )
}

/** The failure of a source that gave pictures, and gives no more: CAMERA_STALLED, or CAMERA_LOST when data still arrives. */
export const noMorePictures = ({ url, options, relay, sinceLastUnitMs }: Silence): CameraFailure => {
  if (sinceLastUnitMs !== null && sinceLastUnitMs < options.stallAfterMs) return undecoded(options)
  const since = `no new picture for ${options.stallAfterMs / 1000} s`
  const fail = (says: string, remedy: string): CameraFailure => ({ code: 'CAMERA_STALLED', says, remedy })
  if (url.kind === 'file') return fail(since, 'Check that the disk of the file answers.')
  if (url.kind === 'v4l2') return fail(since, webcam)
  if (mayBeUdp(url, options)) return fail(since, `${udp} Otherwise check the camera and the network.`)
  if (arrives(relay, options)) return fail(`${since}, though data arrives`, 'Check its encoder; restart the camera.')
  return fail(
    `${since}: the camera sends nothing`,
    'Check the camera and the network; set a longer stallAfterMs for rare pictures.',
  )
}

const undecoded = ({ stallAfterMs }: Silence['options']): CameraFailure => ({
  code: 'CAMERA_LOST',
  says: `the camera sends, but no picture of the last ${stallAfterMs / 1000} s can be decoded`,
  remedy: 'Restart the camera, and check its encoder.',
})

/** What is said of a camera that sends, while this machine decodes or analyses nothing (CAMERA_OVERLOADED). */
export const tooSlow = ({ stallAfterMs }: Pick<CameraOptions, 'stallAfterMs'>): CameraFailure => ({
  code: 'CAMERA_OVERLOADED',
  says: `the camera sends, but this machine has decoded or analysed no picture of it for ${stallAfterMs / 1000} s`,
  remedy: 'Take fewer cameras or smaller streams of them (substream, fewer frames), or give Rollcall more cores.',
})

/** What is said when a hardware decoder was given up (CAMERA_DECODER). `why` names it. */
export const softwareAgain = (why: string): CameraFailure => ({
  code: 'CAMERA_DECODER',
  says: `the hardware decoder was given up, software decodes (${why})`,
  remedy:
    'No picture is lost, and it is tried again later. If this goes on, update its driver, or set decoder: software.',
})

const shorterGop =
  'Set its key-frame interval (GOP, I-frame interval) to 1–2 s, and switch its smart codec off (H.264+, H.265+, Zipstream).'

/** What is said of a camera that sends, but no key frame, so that nothing can be decoded (CAMERA_KEY_FRAMES). */
export const noKeyFrame = (withoutMs: number): CameraFailure => ({
  code: 'CAMERA_KEY_FRAMES',
  says: `the camera sends, but no key frame for ${Math.round(withoutMs / 1000)} s, and pictures begin with one`,
  remedy: shorterGop,
})

/** The line about a camera whose key frames are far apart. `everyMs` is the time between them, as far as is known. */
export const rareKeyFrames = (everyMs: number, { maxBlindMs }: Pick<CameraOptions, 'maxBlindMs'>): string =>
  `key frames are ${Math.round(everyMs / 1000)} s apart, or more: after a loss or a new connection pictures are damaged from ${maxBlindMs / 1000} s on until the next one, and nobody is told by them — ${shorterGop}`

const webcam = 'Check that no other program uses it, and plug it in again.'
const udp = 'A firewall may be in the way of UDP: set transport: tcp.'

const mayBeUdp = ({ kind }: CameraUrl, { transport }: Silence['options']): boolean =>
  kind === 'rtsp' && transport !== 'tcp'

const arrives = ({ silentMs }: RelayState, { stallAfterMs }: Silence['options']): boolean =>
  silentMs !== null && silentMs < stallAfterMs / 2
