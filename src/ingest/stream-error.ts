import { type ErrorCode, RollcallError } from '../errors.ts'
import { type CameraUrl, redactText } from './camera-url.ts'
import { install, missingElement } from './missing-element.ts'

/** A message of GStreamer's bus; see `PipelineEvent`. */
export interface StreamMessage {
  readonly domain: string
  readonly code: number
  readonly message: string
  readonly debug: string
  readonly element: string
}

interface Meaning {
  readonly code: ErrorCode
  readonly says: string
  readonly remedy: string
}

/**
 * The failure of a camera that a GStreamer error means; whoever reports it names the camera. GStreamer's own words are
 * the cause, without credentials. The codes are those of gst/gsterror.h. Which of them servers, files and networks
 * cause was tried out with GStreamer 1.22.
 */
export const streamError = (url: CameraUrl, message: StreamMessage): RollcallError => {
  const { code, says, remedy } = meaningOf(url, message)
  const details = redactText(`${message.message} ${message.debug}`.replace(/\s+/g, ' ').trim(), url)
  return new RollcallError(code, says, { remedy, cause: new Error(`${message.element}: ${details}`) })
}

/**
 * The failure that an error of `open` means: NATIVE_MISSING for an element that is not installed, otherwise PIPELINE.
 */
export const launchError = (url: CameraUrl, error: unknown): RollcallError => {
  if (error instanceof RollcallError) return error
  const text = redactText(error instanceof Error ? error.message : String(error), url)
  const missing = missingElement(text)
  if (missing === null) return new RollcallError('PIPELINE', `GStreamer does not accept the pipeline: ${text}`)
  return new RollcallError('NATIVE_MISSING', `GStreamer's element ${missing.element} is missing`, missing)
}

const meaningOf = (url: CameraUrl, message: StreamMessage): Meaning => {
  switch (message.domain) {
    case 'gst-resource-error-quark':
      return ofResource(url, message)
    case 'gst-stream-error-quark':
      return ofStream(url, message)
    case 'gst-core-error-quark':
      return message.code === 12 ? missingPlugin : ofStream(url, message)
    default:
      return brokeOff(message)
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

const ofResource = (url: CameraUrl, message: StreamMessage): Meaning => {
  const text = `${message.message} ${message.debug}`
  switch (message.code) {
    case 15:
      return {
        code: 'CAMERA_UNAUTHORIZED',
        says: url.credentials ? 'wrong user or password (401)' : 'user and password are needed (401)',
        remedy: 'Check user and password in its URL, percent-encoded.',
      }
    case 3:
      return notFound(url)
    case 4:
      return {
        code: 'CAMERA_UNREACHABLE',
        says: `${placeOf(url)} is in use by another program`,
        remedy: 'Close the other program.',
      }
    case 5:
    case 6:
    case 7:
      return url.kind === 'file' ? unreadable(url.path, text) : unreachable(url, text)
    case 9:
      return url.kind === 'rtsp' && /time(d )?out|any UDP packets/i.test(text) ? silent(url, text) : brokeOff(message)
    default:
      return brokeOff(message)
  }
}

const ofStream = (url: CameraUrl, message: StreamMessage): Meaning => {
  // This is all that souphttpsrc says when it cannot connect.
  if (message.element.startsWith('souphttpsrc') && /reason error/.test(message.debug)) return unreachable(url, '')
  const what = url.kind === 'file' ? url.path : 'what it sends'
  const wrong = formatFaults.find(({ when }) => when(message))
  return wrong ? { code: 'CAMERA_FORMAT', says: `${what} ${wrong.says}`, remedy: formatRemedy } : brokeOff(message)
}

const formatRemedy =
  'Expected H.264, H.265, Motion JPEG, MPEG-4, VP8 or VP9: set the camera to H.264, or convert the file; ' +
  'the decoders are in gstreamer1.0-libav.'

/** The first that fits is taken. */
const formatFaults: readonly { readonly when: (message: StreamMessage) => boolean; readonly says: string }[] = [
  { when: ({ message }) => /contains no data/i.test(message), says: 'is empty' },
  { when: ({ domain, code }) => isStream(domain) && (code === 4 || code === 5), says: 'is no video' },
  { when: ({ domain, code }) => isStream(domain) && code === 6, says: 'has an encoding that cannot be decoded here' },
  { when: ({ domain, code }) => isStream(domain) && (code === 7 || code === 11), says: 'cannot be decoded' },
  { when: ({ domain, code }) => isStream(domain) && code === 9, says: 'is damaged, or holds no video' },
  { when: ({ domain, code }) => isStream(domain) && (code === 12 || code === 13), says: 'is encrypted' },
  { when: ({ debug }) => /not-linked/.test(debug), says: 'holds no video that can be decoded here' },
  { when: ({ debug, code }) => /not-negotiated/.test(debug) || code === 7, says: 'cannot be decoded here' },
]

const isStream = (domain: string): boolean => domain === 'gst-stream-error-quark'

const missingPlugin: Meaning = {
  code: 'CAMERA_FORMAT',
  says: 'GStreamer lacks a plugin for what it sends',
  remedy: install('gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav'),
}

const notFound = (url: CameraUrl): Meaning => {
  const place = placeOf(url)
  const found = {
    rtsp: [`${place} answers, but has no stream at this path (404)`, 'Check the path of its URL; its manual tells it.'],
    http: [`${place} answers, but has nothing at this path (404)`, 'Check the path of its URL.'],
    file: [`there is no file ${place}`, 'Check the path; it is relative to where the program was started.'],
    v4l2: [`there is no device ${place}`, 'Check that it is plugged in.'],
  }[url.kind]
  return { code: 'CAMERA_NOT_FOUND', says: found[0], remedy: found[1] }
}

const unreadable = (path: string, text: string): Meaning => ({
  code: 'CAMERA_NOT_FOUND',
  says: /is a directory/i.test(text) ? `${path} is a directory, expected a video file` : `${path} cannot be read`,
  remedy: 'Check the path and its permissions.',
})

/** GStreamer gives the same code when the name is unknown, nobody listens, or TLS fails ("Generic error"). */
const unreachable = (url: CameraUrl, text: string): Meaning => {
  const secure = (url.kind === 'rtsp' || url.kind === 'http') && url.tls
  return {
    code: 'CAMERA_UNREACHABLE',
    says: /certificate/i.test(text)
      ? `the certificate of ${placeOf(url)} is not trusted`
      : `no connection to ${placeOf(url)}: it refuses, cannot be reached, or its name is unknown`,
    remedy: secure
      ? 'Check address, port and firewall; for a certificate of its own, set tlsVerify: false.'
      : 'Check that the camera is on, its address and port, and the firewall.',
  }
}

const silent = (url: CameraUrl, text: string): Meaning => ({
  code: 'CAMERA_TIMEOUT',
  says: /udp/i.test(text) ? `no UDP packets arrive from ${placeOf(url)}` : `${placeOf(url)} does not answer`,
  remedy: /udp/i.test(text)
    ? 'A firewall may be in the way: set transport: tcp.'
    : 'Check the network between here and the camera.',
})

const brokeOff = ({ message }: StreamMessage): Meaning => ({
  code: 'CAMERA_LOST',
  says: `the stream broke off (${message.split(/\.\s|\.$|\n/, 1)[0]})`,
  remedy: 'Check the camera and the network; log level debug shows what GStreamer says.',
})
