import type { CameraUrl } from './camera-url.ts'
import type { Decoding } from './codecs.ts'
import type { CameraOptions } from './options.ts'
import { quote, quoteElements } from './quote.ts'
import type { RecordingFile } from './recording-file.ts'

/** What a launch line is made from. */
export interface LaunchOptions {
  readonly url: CameraUrl
  readonly camera: CameraOptions
  /** The decoder of each codec; see `chooseDecoders`. */
  readonly decoders: readonly Decoding[]
  /** What the file is; null when it is none. */
  readonly file: RecordingFile | null
  /**
   * Where GStreamer finds a camera of the network instead of at `url`, and by which User-Agent it is known there. It
   * defaults to none.
   */
  readonly relay?: { readonly location: string; readonly secret: string } | null
  /** Whether a recording plays in real time instead of at full speed. */
  readonly paced: boolean
  /** Whether nothing waits for a slow decoder. */
  readonly live: boolean
}

/** The gst-launch descriptions of a camera's two pipelines; see `OpenOptions` of the addon. */
export interface LaunchLines {
  /** What receives: the addon's `launch`. */
  readonly receive: string
  /** What decodes; null for a source of raw pictures. */
  readonly decode: string | null
}

/**
 * The largest picture that is decoded, in pixels: 8192 × 4608. A header can declare 65535 × 65535, and a decoder
 * allocates what it declares, several times.
 */
export const MAX_PIXELS = 37_748_736

/**
 * The pipelines of a camera, between which the addon keeps access units. It looks at the elements `demux`, `packets`,
 * `units` and `decoded`.
 *
 *   source ▶ demux ▶ packets ▶ [unpack, parse] ▶ appsink units
 *   appsrc units ▶ [decode] ▶ I420/NV12 decoded ▶ upright ▶ square pixels ▶ appsink frames
 *
 * The codec is not known before the camera has answered, so each [ ] is a `switchbin`: it takes the path that fits the
 * caps, also when they change. Sources with several streams are linked late, and only streams that fit the caps filter
 * are linked, so sound and metadata are left out. (With one branch for each codec into an input-selector there is never
 * an end of stream: GStreamer 1.22 waits for the end of all branches.)
 */
export const launchLines = (options: LaunchOptions): LaunchLines => {
  const { url, camera, decoders, paced, live } = options
  const pace = paced ? ['clocksync'] : []
  const frames = [
    // Comes before videoflip, which knows few formats. All three leave frames alone that are right already.
    'videoconvert name=decoded',
    pictureCaps,
    ...upright(camera.rotate),
    'videoscale',
    `${pictureCaps},pixel-aspect-ratio=1/1`,
    'appsink name=frames',
  ]
  if (url.kind === 'v4l2') return { receive: line([...rawSource(url), ...frames]), decode: null }
  const decode = switchOf([
    ...decoders.map(({ codec, decode }) => ({ caps: codec.formats.join(';'), elements: decode })),
    // Other pixel formats get here, where the addon tells of them, and no further.
    { caps: decoders.map(({ codec }) => codec.caps).join(';'), elements: null },
  ])
  return {
    receive: line([...encodedSource(url, options), ...pace, 'appsink name=units']),
    // Decoders of a pipeline that is not live hold back as many pictures as a stream might reorder: avdec_h264 up to 16.
    decode: line([`appsrc name=units is-live=${live}`, decode, ...frames]),
  }
}

const line = (elements: readonly string[]): string => elements.join(' ! ')

const pictureCaps = 'video/x-raw,format=(string){I420,NV12}'

interface Path {
  readonly caps: string
  /** Null: the data is dropped. */
  readonly elements: string | null
}

/** A `switchbin`: data flows through the elements of the first path whose caps fit. */
const switchOf = (paths: readonly Path[]): string =>
  [
    `switchbin num-paths=${paths.length}`,
    ...paths.map(({ caps, elements }, i) =>
      [
        `path${i}::caps=${quote(caps)}`,
        ...(elements === null ? [] : [`path${i}::element=${quoteElements(elements)}`]),
      ].join(' '),
    ),
  ].join(' ')

const encodedSource = (
  url: Exclude<CameraUrl, { kind: 'v4l2' }>,
  { camera, decoders, file, relay }: LaunchOptions,
): readonly string[] => {
  if (url.kind === 'rtsp') {
    const unpacked = decoders.flatMap(({ codec: { rtp, parse } }) =>
      rtp ? [{ caps: rtpCaps(rtp.encoding), elements: `${rtp.depay} ! ${parse}` }] : [],
    )
    const wanted = unpacked.map(({ caps }) => caps).join(';')
    return [
      rtspSource(relay?.location ?? url.location, relay?.secret, camera),
      `capsfilter name=packets caps=${quote(wanted)}`,
      switchOf(unpacked),
    ]
  }
  const wanted = decoders.map(({ codec }) => codec.caps).join(';')
  return [
    ...(url.kind === 'file'
      ? fileSource(url.path, file)
      : [httpSource(relay?.location ?? url.location, camera), 'parsebin name=demux']),
    `capsfilter caps=${quote(wanted)}`,
    switchOf(decoders.map(({ codec }) => ({ caps: codec.caps, elements: codec.parse }))),
  ]
}

/** An elementary stream has no demuxer, and is only what its caps say. It is pushed, because switchbin cannot pull. */
const fileSource = (path: string, file: RecordingFile | null): readonly string[] => [
  `filesrc location=${quote(path)}`,
  ...(file === null
    ? []
    : [file.demux === null ? `queue ! capsfilter caps=${quote(file.caps)}` : `${file.demux} name=demux`]),
]

const rtpCaps = (encoding: string): string => `application/x-rtp,media=(string)video,encoding-name=(string)${encoding}`

/** GStreamer gets no credentials and speaks no TLS: the relay does both. */
const rtspSource = (location: string, secret: string | undefined, camera: CameraOptions): string => {
  const protocols = { tcp: 'tcp', udp: 'udp', auto: 'tcp+udp' }[camera.transport]
  // Shorter than the watchdog's time, because GStreamer's message says more.
  const timeoutUs = camera.connectTimeoutMs * 750
  return [
    `rtspsrc name=demux location=${quote(location)}`,
    ...(secret === undefined ? [] : [`user-agent=${quote(secret)}`]),
    `protocols=${protocols} latency=${camera.latencyMs}`,
    // A host that does not answer is an error after this time. With `auto`, TCP is tried when no UDP packet arrives.
    `tcp-timeout=${timeoutUs} timeout=${Math.round(timeoutUs / 2)}`,
    // Otherwise the first packets are thrown away until two come in order, and with them the first group of pictures.
    'probation=0 add-reference-timestamp-meta=true',
  ].join(' ')
}

const httpSource = (location: string, camera: CameraOptions): string =>
  `souphttpsrc location=${quote(location)} timeout=${Math.ceil(camera.connectTimeoutMs / 1000)} retries=0`

/** A webcam may give raw pictures, Motion JPEG or H.264. */
const rawSource = ({ device }: CameraUrl & { kind: 'v4l2' }): readonly string[] => [
  `v4l2src device=${quote(device)}`,
  'decodebin',
]

const upright = (rotate: CameraOptions['rotate']): readonly string[] => {
  if (rotate === 0) return []
  return [
    `videoflip video-direction=${rotate === 'auto' ? 'auto' : `${{ 90: '90r', 180: '180', 270: '90l' }[rotate]}`}`,
  ]
}
