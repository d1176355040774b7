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
 * What parsebin may plug for an HTTP camera: the demuxers of `containers`, the parsers of `codecs`, HLS. Others follow
 * what a server sends to other addresses (DASH), or end the process on it (Smooth Streaming: SIGSEGV in GStreamer 1.22).
 */
export const autoplugged: readonly string[] = [
  'hlsdemux',
  'icydemux',
  'id3demux',
  ...containers.flatMap(({ demux }) => demux ?? []),
  ...codecs.map(({ parse }) => elementOf(parse)),
  ...soundParsers,
]
