import { type ErrorCode, RollcallError } from '../errors.ts'
import { type CameraUrl, redactText } from './camera-url.ts'
import { foreign, formatFault, undecodable } from './format-error.ts'
import { missingElement } from './missing-element.ts'
import type { SeenStreams } from './seen-streams.ts'

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
export const streamError = (url: CameraUrl, message: StreamMessage, seen: SeenStreams): RollcallError => {
  const { code, says, remedy } = meaningOf(url, message, seen)
  const details = redactText(`${message.message} ${message.debug}`.replace(/\s+/g, ' ').trim(), url)
  return new RollcallError(code, says, { remedy, cause: new Error(`${message.element}: ${details}`) })
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
  return fault === null ? null : new RollcallError('CAMERA_FORMAT', fault.says, { remedy: fault.remedy })
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

const meaningOf = (url: CameraUrl, message: StreamMessage, seen: SeenStreams): Meaning => {
  switch (message.domain) {
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
      return url.kind === 'rtsp' && /time(d )?out|any UDP packets/i.test(text)
        ? silent(url, text)
        : brokeOff(url, message)
    default:
      return brokeOff(url, message)
  }
}

const ofStream = (url: CameraUrl, message: StreamMessage, seen: SeenStreams): Meaning => {
  // This is all that souphttpsrc says when it cannot connect.
  if (message.element.startsWith('souphttpsrc') && /reason error/.test(message.debug)) return unreachable(url, '')
  const fault = formatFault(url, message, seen)
  return fault ? { code: 'CAMERA_FORMAT', ...fault } : brokeOff(url, message)
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

/** GStreamer's own words are in brackets, for those who look them up. A file has no network. */
const brokeOff = (url: CameraUrl, { message }: StreamMessage): Meaning => {
  const words = message.split(/\.\s|\.$|\n/, 1)[0]
  return url.kind === 'file'
    ? {
        code: 'CAMERA_LOST',
        says: `${url.path} cannot be read further (${words})`,
        remedy: 'Record or copy it again; log level debug shows what GStreamer says.',
      }
    : {
        code: 'CAMERA_LOST',
        says: `the stream broke off (${words})`,
        remedy: 'Check the camera and the network; log level debug shows what GStreamer says.',
      }
}
