import type { CameraUrl } from './camera-url.ts'
import { codecs } from './codecs.ts'
import { foreignKind, isNoMedia } from './containers.ts'
import { codecNameOf, formatName } from './format-name.ts'
import { MAX_PIXELS } from './launch.ts'
import { install } from './missing-element.ts'
import { convert } from './recording-file.ts'
import { type SeenStreams, streamsInWords } from './seen-streams.ts'
import type { StreamMessage } from './stream-message.ts'

/** What is wrong with a stream's format, and what to do about it. */
export interface FormatFault {
  readonly says: string
  readonly remedy: string
}

/**
 * What a message of GStreamer's says about the format of a stream; null when it says nothing about it. What was seen of
 * the stream is named instead of GStreamer's words, and the remedy depends on it: a camera that sends H.264 is not told
 * to send H.264.
 */
export const formatFault = (url: CameraUrl, message: StreamMessage, seen: SeenStreams): FormatFault | null => {
  const what = url.kind === 'file' ? url.path : 'what it sends'
  const size = /picture too large/.test(message.message) ? /^\d+x\d+$/m.exec(message.debug)?.[0] : undefined
  if (size !== undefined) return tooLarge(url, size.replace('x', '×'))
  const refused = /for type '([^']+)'/.exec(message.debug)?.[1]
  if (refused !== undefined) return notExpected(url, `${what} is ${foreignKind(refused) ?? formatName(refused)}`)
  if (!faults.some((isFault) => isFault(message)) && !isRefusedByDecoder(url, message, seen)) return null
  if (/contains no data/i.test(message.message)) return { says: `${what} is empty`, remedy: againRemedy(url) }
  if (seen.hasFrames) return damaged(url)
  if (seen.format !== null) return undecodable(url, seen.format)
  if (seen.isForeign || (seen.streams.length > 0 && /not-linked/.test(message.debug))) return foreign(url, seen)
  if (isStream(message) && [12, 13].includes(message.code)) return notExpected(url, `${what} is encrypted`)
  if (seen.streams.length > 0) return unreadable(url, seen)
  if (isStream(message) && [4, 5].includes(message.code))
    return { says: `${what} is no video`, remedy: againOrPath(url) }
  if (isMissingPlugin(message)) return { says: 'GStreamer lacks a plugin for what it sends', remedy: allPlugins }
  if (url.kind === 'file') return { says: `${what} is damaged, or holds no video`, remedy: againRemedy(url) }
  return notExpected(url, 'what it sends holds no video that is read here')
}

const isStream = ({ domain }: StreamMessage): boolean => domain === 'gst-stream-error-quark'
const isMissingPlugin = ({ domain, code }: StreamMessage): boolean => domain === 'gst-core-error-quark' && code === 12

/** Which messages are about the format. The codes are those of gst/gsterror.h. */
const faults: readonly ((message: StreamMessage) => boolean)[] = [
  isMissingPlugin,
  (message) => isStream(message) && [4, 5, 6, 7, 9, 10, 11, 12, 13].includes(message.code),
  ({ domain, code }) => domain === 'gst-core-error-quark' && code === 7,
  ({ debug }) => /not-linked|not-negotiated/.test(debug),
]

/**
 * A decoder that gives up makes the flow end with an error. What a network breaks looks the same, but for the element
 * that says so.
 */
const isRefusedByDecoder = (url: CameraUrl, { debug, element }: StreamMessage, seen: SeenStreams): boolean =>
  seen.format !== null &&
  !seen.hasFrames &&
  /reason error \(-5\)/.test(debug) &&
  (url.kind === 'file' || !/^(demux|souphttpsrc)/.test(element))

const damaged = (url: CameraUrl): FormatFault =>
  url.kind === 'file'
    ? { says: `${url.path} is damaged from here on`, remedy: againRemedy(url) }
    : { says: 'what it sends is damaged', remedy: 'Check the network between here and the camera.' }

const readable = codecs.map(({ name }) => name)
const expected = `${readable.slice(0, -1).join(', ')} or ${readable[readable.length - 1]}`
const allPlugins = install('gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav')

const againRemedy = ({ kind }: CameraUrl): string =>
  kind === 'file' ? 'Record or copy it again.' : 'Check that the camera sends video.'

const againOrPath = ({ kind }: CameraUrl): string =>
  kind === 'file' ? 'Check the path.' : 'Check the path of its URL; its manual tells the one of its video.'

const notExpected = ({ kind }: CameraUrl, says: string): FormatFault => ({
  says,
  remedy: kind === 'file' ? `Expected ${expected}. ${convert}` : `Expected ${expected}: set the camera to H.264.`,
})

const tooLarge = (url: CameraUrl, size: string): FormatFault => ({
  says: `${url.kind === 'file' ? url.path : 'the camera'} has pictures of ${size} pixels, the limit is ${(MAX_PIXELS / 1e6).toFixed(1)} million`,
  remedy:
    url.kind === 'file'
      ? 'Convert it to a smaller size: ffmpeg -i FILE -vf scale=1920:-2 NEW.mp4'
      : 'Set a lower resolution in the camera.',
})

/** Streams were found, and nothing came out of them: a program stream, for one, may leave out what it holds. */
const unreadable = (url: CameraUrl, { streams }: SeenStreams): FormatFault => ({
  says: `no picture can be read from the ${streamsInWords(streams)} in ${url.kind === 'file' ? url.path : 'the stream'}: it is damaged, or in another encoding than it says`,
  remedy: url.kind === 'file' ? convert : 'Set the camera to H.264.',
})

/** Streams were found, and none of them is read here: for its encoding, or because its decoder is not installed. */
export const foreign = (url: CameraUrl, seen: SeenStreams): FormatFault => {
  const place = url.kind === 'file' ? url.path : 'the camera'
  const verb = url.kind === 'file' ? 'holds' : 'sends'
  const other = seen.streams.find(isNoMedia)
  if (other !== undefined) {
    const what = foreignKind(other) ?? `something that is no video (${other.split(',', 1)[0]})`
    return { says: `${place} ${verb} ${what}, expected video`, remedy: againOrPath(url) }
  }
  const words = streamsInWords(seen.streams)
  const installable = seen.streams.map(formatName).find((name) => readable.includes(name))
  if (installable !== undefined) {
    return { says: `${place} ${verb} ${words}, and the decoder of ${installable} is not installed`, remedy: allPlugins }
  }
  const says = `${place} ${verb} ${words}, no video that is read here`
  if (words === 'sound' || words === '')
    return { says: `${place} ${verb} sound without pictures`, remedy: againOrPath(url) }
  return notExpected(url, says)
}

/** A stream that has ended without a picture. */
export const pictureless = (url: CameraUrl, seen: SeenStreams): FormatFault => {
  if (seen.format !== null) return undecodable(url, seen.format)
  if (seen.isForeign) return foreign(url, seen)
  return { says: `${url.kind === 'file' ? url.path : 'what it sends'} holds no picture`, remedy: againRemedy(url) }
}

/** The access units have a pixel format that no decoder here takes, or that it has failed on. */
export const undecodable = (url: CameraUrl, format: string): FormatFault => {
  const place = url.kind === 'file' ? url.path : 'what the camera sends'
  const says = `${place} is ${formatName(format)}, which cannot be decoded here`
  if (url.kind === 'file') return { says, remedy: convert }
  const isH264 = codecNameOf(format) === 'H.264'
  return {
    says,
    remedy: isH264
      ? 'Set its encoder to 8 bits and 4:2:0 (profile Main or High).'
      : 'Set the camera to H.264 with 8 bits and 4:2:0.',
  }
}
