import { type ErrorCode, RollcallError } from '../errors.ts'
import { type CameraUrl, redactText } from './camera-url.ts'

/** What GStreamer's bus said; see `PipelineEvent`. */
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
 * What a GStreamer error means for the camera; whoever reports it names the camera. Codes: gst/gsterror.h of GStreamer 1.22; which of them RTSP servers,
 * files and networks really cause was tried out with 1.22 on Debian 12.
 */
export const streamError = (url: CameraUrl, message: StreamMessage): RollcallError => {
  const { code, says, remedy } = meaningOf(url, message)
  const details = redactText(`${message.message} ${message.debug}`.replace(/\s+/g, ' ').trim(), url)
  return new RollcallError(code, says, { remedy, cause: new Error(`${message.element}: ${details}`) })
}

const meaningOf = (url: CameraUrl, message: StreamMessage): Meaning => {
  const missing = missingElement(message)
  if (missing !== null) return missing
  switch (message.domain) {
    case 'gst-resource-error-quark':
      return resource(url, message)
    case 'gst-stream-error-quark':
    case 'gst-core-error-quark':
      return stream(url, message)
    default:
      return lost(message)
  }
}

const where = (url: CameraUrl): string =>
  url.kind === 'rtsp' || url.kind === 'http' ? new URL(url.location).host : url.redacted

const resource = (url: CameraUrl, message: StreamMessage): Meaning => {
  const file = url.kind === 'file'
  switch (message.code) {
    case 15:
      return {
        code: 'CAMERA_UNAUTHORIZED',
        says: url.credentials ? 'wrong user or password (401)' : 'user and password are needed (401)',
        remedy: 'Check user and password in its URL, percent-encoded.',
      }
    case 3:
      if (url.kind === 'rtsp' || url.kind === 'http') {
        return {
          code: 'CAMERA_NOT_FOUND',
          says: `${where(url)} answers, but has no stream at this path (404)`,
          remedy: 'Check the path of its URL; ONVIF tools and the manual tell it.',
        }
      }
      return {
        code: 'CAMERA_NOT_FOUND',
        says: `there is no ${file ? 'file' : 'device'} ${file ? url.path : where(url)}`,
        remedy: file
          ? 'Check the path; a relative one is relative to where the program was started.'
          : 'Check that it is plugged in.',
      }
    case 4:
      return {
        code: 'CAMERA_UNREACHABLE',
        says: `${where(url)} is in use by another program`,
        remedy: 'Close the other program.',
      }
    case 5:
    case 6:
    case 7:
      if (file) {
        return {
          code: 'CAMERA_NOT_FOUND',
          says: /is a directory/i.test(message.message)
            ? `${url.path} is a directory, expected a video file`
            : `${url.path} cannot be read`,
          remedy: 'Check the path and its permissions.',
        }
      }
      return unreachable(url, message)
    case 9:
      return url.kind === 'rtsp' && /timed? ?out|any UDP packets/i.test(message.message + message.debug)
        ? silent(url, message)
        : lost(message)
    default:
      return lost(message)
  }
}

const unreachable = (url: CameraUrl, { message, debug }: StreamMessage): Meaning => {
  const text = `${message} ${debug}`
  if (/resolv|name or service not known/i.test(text)) {
    return {
      code: 'CAMERA_UNREACHABLE',
      says: `the name in ${where(url)} cannot be resolved`,
      remedy: 'Check the host name and the DNS.',
    }
  }
  if (/certificate|tls/i.test(text)) {
    return {
      code: 'CAMERA_UNREACHABLE',
      says: `${where(url)} has a certificate that is not trusted`,
      remedy: 'Install its certificate authority, or set tlsVerify: false for this camera.',
    }
  }
  return {
    code: 'CAMERA_UNREACHABLE',
    says: `${where(url)} refuses the connection, or cannot be reached`,
    remedy: 'Check that the camera is on, its address and port, and the firewall.',
  }
}

const silent = (url: CameraUrl, { message, debug }: StreamMessage): Meaning => ({
  code: 'CAMERA_TIMEOUT',
  says: /udp/i.test(message + debug) ? `no UDP packets from ${where(url)}` : `${where(url)} does not answer`,
  remedy: 'Check the network between here and the camera; with UDP a firewall may be in the way: transport: tcp.',
})

const lost = ({ message }: StreamMessage): Meaning => ({
  code: 'CAMERA_LOST',
  says: `the stream broke off (${firstSentence(message)})`,
  remedy: 'See the log of the camera.',
})

const stream = (url: CameraUrl, { domain, code, message, debug }: StreamMessage): Meaning => {
  const what = url.kind === 'file' ? url.path : 'what it sends'
  const format = (says: string): Meaning => ({
    code: 'CAMERA_FORMAT',
    says,
    remedy:
      'Expected H.264, H.265, Motion JPEG, MPEG-4, VP8 or VP9; set the camera to H.264, or convert the file; decoders are in gstreamer1.0-libav.',
  })
  if (/contains no data/i.test(message)) return format(`${what} is empty`)
  if (domain === 'gst-stream-error-quark') {
    if (code === 4 || code === 5) return format(`${what} is no video`)
    if (code === 9) return format(`${what} is damaged, or holds no video`)
    if (code === 6) return format(`${what} has an encoding that cannot be decoded here`)
    if (code === 7 || code === 11) return format(`${what} cannot be decoded`)
    if (code === 12 || code === 13) return format(`${what} is encrypted`)
  }
  if (/not-linked/.test(debug)) return format(`there is no video in ${what} that can be decoded here`)
  if (/not-negotiated/.test(debug) || code === 7) return format(`${what} cannot be decoded here`)
  return lost({ domain, code, message, debug, element: '' })
}

const firstSentence = (text: string): string => text.split(/\.\s|\.$|\n/, 1)[0]

const packages: readonly [RegExp, string][] = [
  [/^avdec_/, 'gstreamer1.0-libav'],
  [/^(rtsp|rtp|soup|v4l2|videoflip|vp[89]|jpegdec|matroska|qtdemux|multipart)/, 'gstreamer1.0-plugins-good'],
  [/^(h26[45]parse|jpegparse|mpeg4videoparse|switchbin|openh264|hls|tsdemux|nv|va)/, 'gstreamer1.0-plugins-bad'],
]

const packageOf = (element: string): string =>
  packages.find(([name]) => name.test(element))?.[1] ?? 'gstreamer1.0-plugins-base'

const missingElement = ({ domain, code, message, debug }: StreamMessage): Meaning | null => {
  const element = /no element "([\w-]+)"/.exec(`${message} ${debug}`)?.[1]
  if (element === undefined && !(domain === 'gst-core-error-quark' && code === 12)) return null
  const needed = element === undefined ? 'gstreamer1.0-plugins-bad gstreamer1.0-libav' : packageOf(element)
  return {
    code: 'CAMERA_FORMAT',
    says:
      element === undefined
        ? 'GStreamer lacks a plugin for what it sends'
        : `GStreamer's element ${element} is missing`,
    remedy: `apt-get install --no-install-recommends ${needed}`,
  }
}

/** What `open` threw about a launch line. */
export const launchError = (url: CameraUrl, error: unknown): RollcallError => {
  if (error instanceof RollcallError) return error
  const message = error instanceof Error ? error.message : String(error)
  const meaning = missingElement({ domain: '', code: 0, message, debug: '', element: '' })
  if (meaning) return new RollcallError(meaning.code, meaning.says, { remedy: meaning.remedy })
  return new RollcallError('PIPELINE', `GStreamer does not accept its pipeline: ${redactText(message, url)}`)
}
