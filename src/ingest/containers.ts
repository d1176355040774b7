import { parseCaps } from './caps.ts'

/** A kind of file that holds video, and the GStreamer element that takes it apart. */
export interface Container {
  readonly name: string
  /** Caps that GStreamer's type detection gives for it; without fields when these do not matter. */
  readonly caps: readonly string[]
  /** The demuxer; null for an elementary stream, which needs none. */
  readonly demux: string | null
}

/**
 * Every kind of file that recordings may be. Nothing else is opened: GStreamer's own choice (parsebin) follows playlists
 * and manifests to the addresses in them, whatever the file is called.
 */
export const containers: readonly Container[] = [
  {
    name: 'MP4',
    caps: ['video/quicktime', 'application/x-3gp', 'audio/x-m4a', 'video/mj2', 'video/mpeg4'],
    demux: 'qtdemux',
  },
  {
    name: 'Matroska',
    caps: ['video/x-matroska', 'video/webm', 'audio/x-matroska', 'audio/webm', 'video/x-matroska-3d'],
    demux: 'matroskademux',
  },
  { name: 'AVI', caps: ['video/x-msvideo'], demux: 'avidemux' },
  { name: 'MPEG transport stream', caps: ['video/mpegts'], demux: 'tsdemux' },
  { name: 'MPEG program stream', caps: ['video/mpeg,systemstream=true'], demux: 'mpegpsdemux' },
  { name: 'Flash video', caps: ['video/x-flv'], demux: 'flvdemux' },
  { name: 'Ogg', caps: ['video/ogg', 'application/ogg', 'audio/ogg'], demux: 'oggdemux' },
  { name: 'IVF', caps: ['video/x-ivf'], demux: 'ivfparse' },
  { name: 'MXF', caps: ['application/mxf'], demux: 'mxfdemux' },
  { name: 'multipart', caps: ['multipart/x-mixed-replace'], demux: 'multipartdemux' },
  { name: 'H.264', caps: ['video/x-h264'], demux: null },
  { name: 'H.265', caps: ['video/x-h265'], demux: null },
  { name: 'MPEG-4', caps: ['video/mpeg,systemstream=false,mpegversion=4'], demux: null },
  { name: 'MPEG-2', caps: ['video/mpeg,systemstream=false'], demux: null },
  { name: 'AV1', caps: ['video/x-av1'], demux: null },
  { name: 'Motion JPEG', caps: ['image/jpeg'], demux: null },
]

/** The container of a file whose first bytes have these caps; null when it is none that is read here. */
export const containerOf = (caps: string): Container | null => {
  const { name, fields } = parseCaps(caps)
  const fits = (pattern: string): boolean => {
    const [wanted, ...conditions] = pattern.split(',')
    return wanted === name && conditions.every((condition) => matches(condition.split('='), fields))
  }
  return containers.find((container) => container.caps.some(fits)) ?? null
}

const matches = ([field, value]: readonly string[], fields: ReadonlyMap<string, string>): boolean =>
  fields.get(field) === value

/** What a file is that holds no video: for messages. */
const foreign: readonly (readonly [caps: RegExp, what: string])[] = [
  [/^image\/gif/, 'an animation (GIF)'],
  [/^image\//, 'a picture'],
  [/^audio\/|^application\/x-(id3|ape)/, 'sound without pictures'],
  [/^video\/x-ms-asf/, 'a Windows Media file (ASF, WMV)'],
  [/^application\/vnd\.rn-realmedia/, 'a RealMedia file'],
  [/^application\/x-yuv4mpeg/, 'uncompressed video (YUV4MPEG)'],
  [/^application\/x-gst-av-nut/, 'a NUT file'],
  [/^video\/x-dv/, 'DV video'],
  [/^application\/x-(hls)/, 'a playlist (HLS)'],
  [/^application\/dash|ms-sstr/, 'a manifest (DASH or Smooth Streaming)'],
  [/^application\/sdp/, 'a session description (SDP)'],
  [/^text\/html/, 'a web page'],
  [/^text\/uri-list/, 'a list of addresses'],
  [/^text\/|^application\/(xml|smil)/, 'text'],
  [/^application\/(zip|x-gzip|x-bzip|x-rar|x-tar|x-xz|x-7z)/, 'an archive'],
  [/^application\/pdf|postscript|msword/, 'a document'],
  [/^application\/x-(ms-dos-)?executable/, 'a program'],
]

/** Whether caps are of something that no video can follow in, such as a web page or a manifest. */
export const isNoMedia = (caps: string): boolean => /^(application\/(?!x-rtp)|text\/(html|plain|uri-list))/.test(caps)

/** In words, what caps without a container mean; null when there are no words for it. */
export const foreignKind = (caps: string): string | null => foreign.find(([pattern]) => pattern.test(caps))?.[1] ?? null
