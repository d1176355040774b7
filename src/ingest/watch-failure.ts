import type { CameraFailure } from './camera-failure.ts'
import type { CameraUrl } from './camera-url.ts'
import type { CameraOptions } from './options.ts'
import type { RelayState } from './relay/thread-messages.ts'

/** What is known when pictures do not come. */
export interface Silence {
  readonly url: CameraUrl
  readonly options: Pick<CameraOptions, 'connectTimeoutMs' | 'stallAfterMs' | 'transport'>
  /** What the relay knows of a camera on the network. */
  readonly relay: RelayState
}

/** The failure of a source that gave no first picture in time (CAMERA_TIMEOUT). */
export const noPicture = ({ url, options, relay }: Silence): CameraFailure => {
  const within = `within ${options.connectTimeoutMs / 1000} s`
  const fail = (says: string, remedy: string): CameraFailure => ({ code: 'CAMERA_TIMEOUT', says, remedy })
  if (url.kind === 'file') {
    return fail(
      `no picture ${within}: ${url.path} is damaged, or holds no video`,
      'Try whether another program plays it; convert it to MP4 with H.264.',
    )
  }
  if (url.kind === 'v4l2') return fail(`no picture from ${url.device} ${within}`, webcam)
  if (mayBeUdp(url, options)) return fail(`no picture ${within}`, udp)
  if (arrives(relay, options)) {
    return fail(
      `data arrives, but no picture that can be decoded ${within}`,
      'Set a shorter key-frame interval (GOP) and H.264 or H.265 in the camera, or a longer connectTimeoutMs.',
    )
  }
  return fail(
    `the camera answers, but sends no picture ${within}`,
    'Check the stream in its settings; restart the camera.',
  )
}

/** The failure of a source that gave pictures, and gives no more (CAMERA_STALLED). */
export const noMorePictures = ({ url, options, relay }: Silence): CameraFailure => {
  const since = `no new picture for ${options.stallAfterMs / 1000} s`
  const fail = (says: string, remedy: string): CameraFailure => ({ code: 'CAMERA_STALLED', says, remedy })
  if (url.kind === 'file') return fail(since, 'Check that the disk of the file answers.')
  if (url.kind === 'v4l2') return fail(since, webcam)
  if (mayBeUdp(url, options)) return fail(since, `${udp} Otherwise check the camera and the network.`)
  if (arrives(relay, options)) {
    return fail(
      `${since}, though data arrives`,
      'Check its key-frame interval, and whether this machine has too little time to decode.',
    )
  }
  return fail(
    `${since}: the camera sends nothing`,
    'Check the camera and the network; set a longer stallAfterMs for rare pictures.',
  )
}

const webcam = 'Check that no other program uses it, and plug it in again.'
const udp = 'A firewall may be in the way of UDP: set transport: tcp.'

const mayBeUdp = ({ kind }: CameraUrl, { transport }: Silence['options']): boolean =>
  kind === 'rtsp' && transport !== 'tcp'

const arrives = ({ silentMs }: RelayState, { stallAfterMs }: Silence['options']): boolean =>
  silentMs !== null && silentMs < stallAfterMs / 2
