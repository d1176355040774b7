/**
 * An encoding that Rollcall reads, and the GStreamer elements for it. The launch line, the choice of decoder and
 * `doctor` use this table.
 */
export interface Codec {
  readonly name: string
  /** GStreamer caps of the encoded video. */
  readonly caps: string
  /**
   * `encoding-name` of the RTP caps, and the element that unpacks them; null when cameras do not send this encoding.
   */
  readonly rtp: { readonly encoding: string; readonly depay: string } | null
  /** The parser, and its output caps: whole access units that a browser can decode. */
  readonly parse: string
  /**
   * Caps of the pixel formats that are decoded. No other reaches a decoder: avdec_h265 of GStreamer 1.22 ends the process
   * (SIGSEGV) on grey with more than 8 bits, and vp9dec plays nothing in 4:4:0. Fields that a parser leaves out fit.
   */
  readonly formats: readonly string[]
  /** Decoders, best first. `max-threads=1`, because each frame thread adds a frame of delay. */
  readonly software: readonly string[]
}

/** Caps fields of a chroma layout and bit depths, as GStreamer's parsers write them. */
const pixels = (layouts: string, depths: string): string =>
  `chroma-format=(string){${layouts}},bit-depth-luma=(uint){${depths}},bit-depth-chroma=(uint){${depths}}`

/** The same for pictures without colour, whose chroma has depth 0. */
const grey = (depths: string): string => `chroma-format=(string)4:0:0,bit-depth-luma=(uint){${depths}}`

const wholeUnits = (caps: string) => `capsfilter caps="${caps},stream-format=(string)byte-stream,alignment=(string)au"`

/** Every encoding that Rollcall reads, the most common first. */
export const codecs: readonly Codec[] = [
  {
    name: 'H.264',
    caps: 'video/x-h264',
    rtp: { encoding: 'H264', depay: 'rtph264depay' },
    // Parameter sets before every key frame, so that a viewer can join at any of them.
    parse: `h264parse config-interval=-1 ! ${wholeUnits('video/x-h264')}`,
    formats: [`video/x-h264,${pixels('4:2:0,4:2:2,4:4:4', '8,10')}`, `video/x-h264,${grey('8,10')}`],
    software: ['avdec_h264 max-threads=1', 'openh264dec'],
  },
  {
    name: 'H.265',
    caps: 'video/x-h265',
    rtp: { encoding: 'H265', depay: 'rtph265depay' },
    parse: `h265parse config-interval=-1 ! ${wholeUnits('video/x-h265')}`,
    formats: [`video/x-h265,${pixels('4:2:0,4:2:2,4:4:4', '8,10,12')}`, `video/x-h265,${grey('8')}`],
    software: ['avdec_h265 max-threads=1', 'libde265dec max-threads=1'],
  },
  {
    name: 'Motion JPEG',
    caps: 'image/jpeg',
    rtp: { encoding: 'JPEG', depay: 'rtpjpegdepay' },
    parse: 'jpegparse',
    formats: ['image/jpeg'],
    software: ['jpegdec', 'avdec_mjpeg'],
  },
  {
    name: 'MPEG-4',
    caps: 'video/mpeg,mpegversion=(int)4,systemstream=(boolean)false;video/x-divx,divxversion=(int){4,5}',
    rtp: { encoding: 'MP4V-ES', depay: 'rtpmp4vdepay' },
    parse: 'mpeg4videoparse',
    formats: ['video/mpeg,mpegversion=(int)4', 'video/x-divx'],
    software: ['avdec_mpeg4 max-threads=1'],
  },
  {
    name: 'VP8',
    caps: 'video/x-vp8',
    rtp: { encoding: 'VP8', depay: 'rtpvp8depay' },
    parse: 'identity',
    formats: ['video/x-vp8'],
    software: ['vp8dec', 'avdec_vp8 max-threads=1'],
  },
  {
    name: 'VP9',
    caps: 'video/x-vp9',
    rtp: { encoding: 'VP9', depay: 'rtpvp9depay' },
    parse: 'vp9parse',
    formats: [`video/x-vp9,${pixels('4:2:0,4:2:2,4:4:4', '8,10,12')}`],
    software: ['vp9dec', 'avdec_vp9 max-threads=1'],
  },
  {
    name: 'AV1',
    caps: 'video/x-av1',
    rtp: null,
    parse: 'av1parse ! capsfilter caps="video/x-av1,stream-format=(string)obu-stream,alignment=(string)tu"',
    formats: [`video/x-av1,${pixels('4:2:0,4:2:2,4:4:4', '8,10,12')}`, `video/x-av1,${grey('8,10,12')}`],
    software: ['dav1ddec', 'av1dec'],
  },
  {
    name: 'MPEG-2',
    caps: 'video/mpeg,mpegversion=(int){1,2},systemstream=(boolean)false',
    rtp: null,
    parse: 'mpegvideoparse',
    formats: ['video/mpeg,mpegversion=(int){1,2}'],
    software: ['avdec_mpeg2video max-threads=1'],
  },
]

/** The name of the first element in a piece of a launch line. */
export const elementOf = (description: string): string => description.split(' ', 1)[0]

/** A codec that can be read on this machine, and the decoder that reads it. */
export interface Decoding {
  readonly codec: Codec
  readonly decode: string
}

/**
 * Chooses a decoder in software for every codec. `has` tells whether an element can be created. A codec without parser or decoder
 * is left out.
 */
export const chooseDecoders = (has: (element: string) => boolean): readonly Decoding[] =>
  codecs.flatMap((codec) => {
    const decode = codec.software.find((candidate) => has(elementOf(candidate)))
    const complete = has(elementOf(codec.parse)) && (codec.rtp === null || has(codec.rtp.depay))
    return decode === undefined || !complete ? [] : [{ codec, decode }]
  })

/** Every element that `chooseDecoders` may ask for. */
export const codecElements: readonly string[] = codecs.flatMap(({ parse, rtp, software }) =>
  [parse, ...(rtp ? [rtp.depay] : []), ...software].map(elementOf),
)
