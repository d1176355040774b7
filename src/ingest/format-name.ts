import { type Caps, parseCaps } from './caps.ts'
import { codecs } from './codecs.ts'
import { foreignKind } from './containers.ts'

/** Encodings that recordings have and Rollcall does not read. */
const others: Readonly<Record<string, string>> = {
  'video/x-wmv': 'Windows Media Video',
  'video/x-msmpeg': 'Microsoft MPEG-4',
  'video/x-theora': 'Theora',
  'video/x-flash-video': 'Sorenson H.263',
  'video/x-h263': 'H.263',
  'video/x-h266': 'H.266',
  'video/x-prores': 'ProRes',
  'video/x-dnxhd': 'DNxHD',
  'video/x-ffv': 'FFV1',
  'video/x-dv': 'DV',
  'video/x-raw': 'uncompressed video',
  'video/x-bayer': 'uncompressed video',
  'video/x-pn-realvideo': 'RealVideo',
  'image/x-jpc': 'JPEG 2000',
  'image/png': 'PNG pictures',
}

/** The codec of encoded video, such as `H.264`, by its caps; null when it is none that Rollcall reads. */
export const codecNameOf = (text: string): string | null => codecOf(parseCaps(text))

const codecOf = ({ name, fields }: Caps): string | null => {
  if (name === 'video/mpeg') return fields.get('mpegversion') === '4' ? 'MPEG-4' : 'MPEG-2'
  return codecs.find(({ caps }) => caps.split(/[,;]/).includes(name))?.name ?? null
}

/** RTP caps name the encoding; H264 is also what the table of codecs calls it. */
const rtpName = ({ fields }: Caps): string => {
  const encoding = fields.get('encoding-name') ?? 'unknown'
  return codecs.find(({ rtp }) => rtp?.encoding === encoding)?.name ?? encoding
}

/**
 * What a stream is, for people: `10-bit 4:2:2 H.264`, `MPEG-2`, `sound`. Depth and chroma layout are there when they are
 * not 8-bit 4:2:0. `text` is caps of GStreamer's.
 */
export const formatName = (text: string): string => {
  const caps = parseCaps(text)
  if (caps.name === 'application/x-rtp') return caps.fields.get('media') === 'audio' ? 'sound' : rtpName(caps)
  if (caps.name.startsWith('audio/')) return 'sound'
  if (/^(text|subtitle|subpicture|closedcaption)\//.test(caps.name)) return 'subtitles'
  if (/^(meta|private)\/|metadata/.test(caps.name)) return 'metadata'
  const codec = codecOf(caps) ?? others[caps.name] ?? foreignKind(text)
  const name = codec ?? caps.name.replace(/^video\/(x-)?/, '')
  return [depthOf(caps), layoutOf(caps), name].filter((part) => part !== null).join(' ')
}

const depthOf = ({ fields }: Caps): string | null => {
  const depth = fields.get('bit-depth-luma')
  const chroma = fields.get('bit-depth-chroma') ?? depth
  const isUsual = depth === undefined || (depth === '8' && chroma === '8')
  // In grey pictures the depth of the chroma says nothing.
  if (isUsual || (depth === '8' && fields.get('chroma-format') === '4:0:0')) return null
  return chroma === depth || fields.get('chroma-format') === '4:0:0' ? `${depth}-bit` : `${depth}/${chroma}-bit`
}

const layoutOf = ({ fields }: Caps): string | null => {
  const layout = fields.get('chroma-format') ?? fields.get('sampling')?.replace(/^YCbCr-/, '')
  if (layout === undefined || layout === '4:2:0') return null
  return layout === '4:0:0' || layout === 'GRAYSCALE' ? 'grey' : layout
}
