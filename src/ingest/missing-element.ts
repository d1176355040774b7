/** The Debian packages of the elements that a launch line may name. */
const packages: readonly [RegExp, string][] = [
  [/^avdec_/, 'gstreamer1.0-libav'],
  [
    /^(rtsp|rtp|soup|v4l2|videoflip|vp[89]dec|jpegdec|matroska|qtdemux|multipart|avidemux|flvdemux)/,
    'gstreamer1.0-plugins-good',
  ],
  [
    /^(h26[45]parse|jpegparse|mpeg4?videoparse|vp9parse|av1|ivfparse|switchbin|openh264|hls|tsdemux|mpegpsdemux|mxfdemux|nv|va)/,
    'gstreamer1.0-plugins-bad',
  ],
]

const packageOf = (element: string): string =>
  packages.find(([name]) => name.test(element))?.[1] ?? 'gstreamer1.0-plugins-base'

/** The command that installs Debian packages; `list` is separated by blanks. */
export const install = (list: string): string => `apt-get install --no-install-recommends ${list}`

/**
 * The element that a message of GStreamer's says is missing, and the command that installs it; null when the message is
 * about something else.
 */
export const missingElement = (text: string): { readonly element: string; readonly remedy: string } | null => {
  const element = /no element "([\w-]+)"/.exec(text)?.[1]
  return element === undefined ? null : { element, remedy: install(packageOf(element)) }
}
