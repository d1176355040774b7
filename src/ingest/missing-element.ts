/** Debian's package for each element that a launch line may name. */
const packages: readonly [RegExp, string][] = [
  [/^avdec_/, 'gstreamer1.0-libav'],
  [/^(rtsp|rtp|soup|v4l2|videoflip|vp[89]|jpegdec|matroska|qtdemux|multipart)/, 'gstreamer1.0-plugins-good'],
  [/^(h26[45]parse|jpegparse|mpeg4videoparse|switchbin|openh264|hls|tsdemux|nv|va)/, 'gstreamer1.0-plugins-bad'],
]

const packageOf = (element: string): string =>
  packages.find(([name]) => name.test(element))?.[1] ?? 'gstreamer1.0-plugins-base'

export const install = (list: string): string => `apt-get install --no-install-recommends ${list}`

/** The element whose absence a text of GStreamer's complains about, and what installs it; null when it is about something else. */
export const missingElement = (text: string): { readonly element: string; readonly remedy: string } | null => {
  const element = /no element "([\w-]+)"/.exec(text)?.[1]
  return element === undefined ? null : { element, remedy: install(packageOf(element)) }
}
