import { RollcallError } from '../errors.ts'
import { type CameraFailure, failureError } from './camera-failure.ts'
import { type CameraUrl, redactText } from './camera-url.ts'
import { foreign, formatFault, pictureless, undecodable } from './format-error.ts'
import { missingElement } from './missing-element.ts'
import { isWrongKey } from './relay/http-failures.ts'
import type { SeenStreams } from './seen-streams.ts'
import type { StreamMessage } from './stream-message.ts'

type Meaning = CameraFailure

/**
 * The failure of a camera that a GStreamer error means; whoever reports it names the camera. GStreamer's own words are
 * the cause, without credentials. The codes are those of gst/gsterror.h. Which of them servers, files and networks
 * cause was tried out with GStreamer 1.22.
 * `isEncrypted`: the camera sends HLS with AES-128, where no video means a wrong key.
 */
export const streamError = (
  url: CameraUrl,
  message: StreamMessage,
  seen: SeenStreams,
  isEncrypted = false,
): RollcallError => {
  const details = redactText(`${message.message} ${message.debug}`.replace(/\s+/g, ' ').trim(), url)
  const isKeyless = isEncrypted && !seen.hasFrames && message.domain === 'gst-stream-error-quark'
  const meaning = isKeyless ? isWrongKey : meaningOf(url, message, seen)
  return failureError(meaning, new Error(`${message.element}: ${details}`))
}

/**
 * The failure that the streams themselves mean, before GStreamer says anything: none of them is read here, or their
 * pixel format is not decoded. Null when they are all right, as far as is known.
 */
export const seenError = (url: CameraUrl, seen: SeenStreams): RollcallError | null => {
  const fault = seen.isForeign
    ? foreign(url, seen)
    : seen.format !== null && seen.isUndecodable
      ? undecodable(url, seen.format)
      : null
  return fault === null ? null : failureError({ code: 'CAMERA_FORMAT', ...fault, retry: 'rarely' })
}

/** The failure of a recording that has ended without a picture. */
export const emptyError = (url: CameraUrl, seen: SeenStreams): RollcallError => {
  const { says, remedy } = pictureless(url, seen)
  return new RollcallError('CAMERA_FORMAT', says, { remedy })
}

/**
 * The failure that an error of `open` means: NATIVE_MISSING for an element that is not installed, otherwise PIPELINE.
 */
export const launchError = (url: CameraUrl, error: unknown): RollcallError => {
  if (error instanceof RollcallError) return error
  const text = redactText(error instanceof Error ? error.message : String(error), url)
  const missing = missingElement(text)
  if (missing === null) {
    return failureError({
      code: 'PIPELINE',
      says: `GStreamer does not accept the pipeline (${text})`,
      remedy: 'Check that its plugins are of one version: rollcall doctor; then please report this.',
      retry: 'rarely',
    })
  }
  return new RollcallError('NATIVE_MISSING', `GStreamer's element ${missing.element} is missing`, missing)
}

const meaningOf = (url: CameraUrl, message: StreamMessage, seen: SeenStreams): Meaning => {
  switch (message.domain) {
    case 'rollcall-codec-error-quark':
      return otherCodec(message.code, seen)
    case 'gst-resource-error-quark':
      return ofResource(url, message)
    case 'gst-stream-error-quark':
    case 'gst-core-error-quark':
      return ofStream(url, message, seen)
    default:
      return brokeOff(url, message)
  }
}

/** What a person looks for: host and port, path, or device. */
const placeOf = (url: CameraUrl): string => {
  switch (url.kind) {
    case 'file':
      return url.path
    case 'v4l2':
      return url.device
    default:
      return url.location.replace(/^\w+:\/\/([^/?]*).*$/s, '$1')
  }
}

/** The addon's own error: the description is not true any more, or never was. `sent` is 264 or 265. */
const otherCodec = (sent: number, { hasFrames }: SeenStreams): Meaning => {
  const [now, described] = sent === 265 ? ['H.265', 'H.264'] : ['H.264', 'H.265']
  return hasFrames
    ? {
        code: 'CAMERA_LOST',
        says: `the camera has changed from ${described} to ${now} in the middle of its stream`,
        remedy: 'It is opened again, and asked what it sends.',
      }
    : {
        code: 'CAMERA_FORMAT',
        says: `the camera describes ${described}, and sends ${now}`,
        remedy: 'Set its codec (H.264 or H.265) anew, and restart it.',
        retry: 'rarely',
      }
}

const ofResource = (url: CameraUrl, message: StreamMessage): Meaning => {
  const text = `${message.message} ${message.debug}`
  switch (message.code) {
    case 3:
      return url.kind === 'file' || url.kind === 'v4l2' ? notFound(url) : brokeOff(url, message)
    case 4:
      return {
        code: 'CAMERA_UNREACHABLE',
        says: `${placeOf(url)} is in use by another program`,
        remedy: 'Close the other program.',
      }
    case 5:
    case 6:
    case 7:
      return url.kind === 'file' || url.kind === 'v4l2' ? unreadable(url, text) : brokeOff(url, message)
    case 9:
      return url.kind === 'rtsp' && /any UDP packets/i.test(text) ? noPackets(url) : brokeOff(url, message)
    default:
      return brokeOff(url, message)
  }
}

const ofStream = (url: CameraUrl, message: StreamMessage, seen: SeenStreams): Meaning => {
  const fault = formatFault(url, message, seen)
  return fault ? { code: 'CAMERA_FORMAT', ...fault, retry: 'rarely' } : brokeOff(url, message)
}

const notFound = (url: CameraUrl & { readonly kind: 'file' | 'v4l2' }): Meaning => {
  const [says, remedy] = {
    file: [`there is no file ${placeOf(url)}`, 'Check the path; it is relative to where the program was started.'],
    v4l2: [`there is no device ${placeOf(url)}`, 'Check that it is plugged in.'],
  }[url.kind]
  return { code: 'CAMERA_NOT_FOUND', says, remedy }
}

const unreadable = (url: CameraUrl & { readonly kind: 'file' | 'v4l2' }, text: string): Meaning => {
  const place = placeOf(url)
  const isDirectory = url.kind === 'file' && /is a directory/i.test(text)
  return {
    code: 'CAMERA_NOT_FOUND',
    says: isDirectory ? `${place} is a directory, expected a video file` : `${place} cannot be read`,
    remedy:
      url.kind === 'file' ? 'Check the path and its permissions.' : 'Check that the user may read it (group video).',
  }
}

const noPackets = (url: CameraUrl): Meaning => ({
  code: 'CAMERA_TIMEOUT',
  says: `no UDP packets arrive from ${placeOf(url)}`,
  remedy: 'A firewall may be in the way: set transport: tcp.',
})

/**
 * GStreamer's own words are in brackets, for those who look them up. A file has no network. What fails on the network
 * itself, the relay says in more detail.
 */
const brokeOff = (url: CameraUrl, { message }: StreamMessage): Meaning => {
  const words = redactText(message.split(/\.\s|\.$|\n/, 1)[0] ?? '', url)
  const stream = [
    'the stream broke off',
    'Check the camera and the network; log level debug shows what GStreamer says.',
  ]
  const [what, remedy] = {
    file: [
      `${placeOf(url)} cannot be read further`,
      'Record or copy it again; log level debug shows what GStreamer says.',
    ],
    v4l2: [`${placeOf(url)} gives no more pictures`, 'Plug it in again.'],
    rtsp: stream,
    http: stream,
  }[url.kind]
  return { code: 'CAMERA_LOST', says: `${what} (${words})`, remedy }
}
