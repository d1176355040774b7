import type { CameraUrl } from './camera-url.ts'
import { codecs, elementOf } from './codecs.ts'
import { containers } from './containers.ts'

/** Sound is exposed and not linked; without its parsers GStreamer takes the whole stream for unknown. */
const soundParsers = [
  'aacparse',
  'ac3parse',
  'dcaparse',
  'flacparse',
  'mpegaudioparse',
  'opusparse',
  'amrparse',
  'sbcparse',
]

/**
 * What parsebin may plug for an HTTP camera: the demuxers of `containers` and the parsers of `codecs`. Others follow what a
 * server sends to other addresses (DASH), or end the process on it (Smooth Streaming: SIGSEGV in GStreamer 1.22).
 */
const forHttp: readonly string[] = [
  'icydemux',
  'id3demux',
  ...containers.flatMap(({ demux }) => demux ?? []),
  ...codecs.map(({ parse }) => elementOf(parse)),
  ...soundParsers,
]

/** What decodebin may plug for a webcam: raw pictures need nothing, others their parser and a decoder. */
const forWebcam: readonly string[] = codecs.flatMap(({ parse, software }) => [parse, ...software].map(elementOf))

/**
 * The elements that GStreamer may choose by itself for a source; undefined where the launch line names all of them. HLS is
 * only for what the relay knows to be a playlist, which it has rewritten: anything else could hide one, whose addresses
 * GStreamer would follow. The addon plugs `hlsdemux` once, so that no segment is a playlist either.
 */
export const autoplugged = (kind: CameraUrl['kind'], isPlaylist: boolean): readonly string[] | undefined => {
  if (kind === 'v4l2') return forWebcam
  if (kind !== 'http') return undefined
  return isPlaylist ? ['hlsdemux', ...forHttp] : forHttp
}
