import { inspect } from '../../../native/index.js'
import { describeError } from '../../errors.ts'
import type { Finding, Verdict } from './finding.ts'

const apt = (name: string): string => `apt-get install --no-install-recommends ${name}`

/** GStreamer elements, what each is for, and the Debian package that has it. */
const NEEDED: readonly (readonly [element: string, use: string, debianPackage: string])[] = [
  ['appsink', 'frames out of GStreamer', 'gstreamer1.0-plugins-base'],
  ['videoconvert', 'colour formats', 'gstreamer1.0-plugins-base'],
  ['videoscale', 'square pixels', 'gstreamer1.0-plugins-base'],
  ['switchbin', 'choosing the decoder', 'gstreamer1.0-plugins-bad'],
  ['parsebin', 'video over HTTP', 'gstreamer1.0-plugins-base'],
  ['rtspsrc', 'RTSP cameras', 'gstreamer1.0-plugins-good'],
  ['rtph264depay', 'H.264 over RTP', 'gstreamer1.0-plugins-good'],
  ['qtdemux', 'MP4 files', 'gstreamer1.0-plugins-good'],
  ['matroskademux', 'Matroska files', 'gstreamer1.0-plugins-good'],
  ['tsdemux', 'MPEG transport streams', 'gstreamer1.0-plugins-bad'],
  ['videoflip', 'rotated recordings', 'gstreamer1.0-plugins-good'],
  ['jpegenc', 'pictures for the viewer', 'gstreamer1.0-plugins-good'],
  ['h264parse', 'H.264', 'gstreamer1.0-plugins-bad'],
  ['h265parse', 'H.265', 'gstreamer1.0-plugins-bad'],
  ['avdec_h264', 'decoding H.264', 'gstreamer1.0-libav'],
  ['avdec_h265', 'decoding H.265', 'gstreamer1.0-libav'],
]
const OPTIONAL: readonly (readonly [element: string, use: string, debianPackage: string])[] = [
  ['hlsdemux', 'HLS over HTTP', 'gstreamer1.0-plugins-bad'],
  ['souphttpsrc', 'HTTP', 'gstreamer1.0-plugins-good'],
  ['v4l2src', 'USB cameras', 'gstreamer1.0-plugins-good'],
]
const HARDWARE: Readonly<Record<string, string>> = {
  nvh264dec: 'NVIDIA H.264',
  nvh265dec: 'NVIDIA H.265',
  vah264dec: 'VA-API H.264',
  vah265dec: 'VA-API H.265',
  vaapih264dec: 'VA-API (old) H.264',
  qsvh264dec: 'Intel Quick Sync H.264',
  v4l2h264dec: 'V4L2 H.264',
  v4l2slh264dec: 'V4L2 stateless H.264',
}

/** Whether GStreamer has the elements that pipelines are made of, and which package has those that are missing. */
export const checkGstreamer = (): Finding[] => {
  let found: ReturnType<typeof inspect>
  try {
    found = inspect([...NEEDED, ...OPTIONAL].map(([element]) => element).concat(Object.keys(HARDWARE)))
  } catch (error) {
    return [{ verdict: 'bad', what: 'GStreamer addon', detail: describeError(error), fix: 'bin/setup' }]
  }
  const missing = (list: typeof NEEDED, verdict: Verdict): Finding[] =>
    list
      .filter(([element]) => !found.elements[element])
      .map(([element, use, name]) => ({
        verdict,
        what: `GStreamer ${element}`,
        detail: `missing: ${use}`,
        fix: apt(name),
      }))
  const hardware = Object.keys(HARDWARE).filter((element) => found.elements[element])
  return [
    { verdict: 'good', what: 'GStreamer', detail: `${found.version}, ${NEEDED.length} elements looked for` },
    ...missing(NEEDED, 'bad'),
    ...missing(OPTIONAL, 'poor'),
    {
      verdict: 'good',
      what: 'hardware decoders',
      detail:
        hardware.map((element) => `${element} (${HARDWARE[element]})`).join(', ') || 'none; decoding runs on the CPU',
    },
  ]
}
